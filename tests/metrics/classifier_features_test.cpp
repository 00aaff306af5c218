// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>

#include <ATen/TensorOperators.h>
#include <ATen/ops/allclose.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

#include "engine/api/data_source.h"
#include "engine/checkpoint/checkpoint.h"
#include "engine/data/augment.h"
#include "engine/io/checkpoint_metadata.h"
#include "engine/metrics/feature_extractor.h"
#include "engine/nn/recorded_fill.h"
#include "engine/nn/weights_file.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"

namespace vl {
namespace {

using test::expectError;
using test::ScratchFolder;

/// A stored classifier of preset `name`, cut down by `change`, as the trainer stores them.
template <typename Change>
std::filesystem::path storedModel(const ScratchFolder& folder, const char* name, Change&& change) {
    CheckpointInfo info;
    info.spec = findPreset(name);
    change(info);
    const auto model = makeModel(info.spec);
    fillRecorded(model->parameters());
    saveWeights(*model, folder / "model.safetensors", toMetadata(info));
    return folder / "model.safetensors";
}

at::Tensor pictures(std::int64_t count, std::int64_t channels, std::int64_t side) {
    return at::randint(256, {count, channels, side, side}, at::kByte);
}

/// What evaluation feeds: every picture fitted and normalised on its own.
at::Tensor evaluationInput(const at::Tensor& batch, const CheckpointInfo& info) {
    const int side = info.spec.imageSize, channels = info.spec.inChannels;
    const Transform transform({0, false, info.mean, info.std, info.imagenetColours}, side, channels);
    at::Tensor input = at::zeros({batch.size(0), channels, side, side});
    for (std::int64_t i = 0; i < batch.size(0); ++i) {
        const at::Tensor rows = batch[i].permute({1, 2, 0}).contiguous();
        const auto* bytes = rows.const_data_ptr<std::uint8_t>();
        const Image image{static_cast<int>(rows.size(1)),
                          static_cast<int>(rows.size(0)),
                          static_cast<int>(rows.size(2)),
                          {bytes, bytes + rows.numel()}};
        transform.plain(fitImage(image, side, channels).pixels.data(), input[i].data_ptr<float>());
    }
    return input;
}

void expectSameAnswers(const std::filesystem::path& file, const at::Tensor& batch, const char* head) {
    const c10::NoGradGuard noGrad;
    const auto opened = openCheckpoint(file);
    const at::Tensor logits = opened.model->forward(evaluationInput(batch, opened.info));
    const PictureFeatures features = classifierFeatures(file)->extract(batch);
    EXPECT_TRUE(at::allclose(features.probabilities, at::softmax(logits, 1), 1e-5, 1e-6)) << head;
    EXPECT_FALSE(features.spatial.defined());
    const TensorMap tensors = stateDict(*opened.model);
    const at::Tensor weight = tensors.at(std::string(head) + ".weight"), bias = tensors.at(std::string(head) + ".bias");
    ASSERT_EQ(features.pooled.size(1), weight.size(1));
    EXPECT_TRUE(at::allclose(at::linear(features.pooled, weight, bias), logits, 1e-4, 1e-4)) << head;
}

TEST(ClassifierFeatures, AreWhatTheHeadReads) {
    const ScratchFolder folder;
    const auto file = storedModel(folder, "illama_micro", [](CheckpointInfo& info) {
        info.alpha = 0.5;
        info.mean = 0.2;
        info.std = 0.4;
        info.step = 8433;
    });
    const int channels = findPreset("illama_micro").inChannels;
    expectSameAnswers(file, pictures(3, channels, findPreset("illama_micro").imageSize), "head");
    EXPECT_EQ(classifierFeatures(file)->name(), "illama_micro at step 8,433");
}

TEST(ClassifierFeatures, FitPicturesOfOtherSizesAndColours) {
    const ScratchFolder folder;
    const auto file = storedModel(folder, "illama_micro", [](CheckpointInfo& info) { info.std = 0.3; });
    for (const std::int64_t side : {28, 40, 64})
        for (const std::int64_t channels : {1, 3})
            expectSameAnswers(file, pictures(2, channels, side), "head");
}

/// Two layers of each stage: the same parts in less time.
void shrink(CheckpointInfo& info) {
    info.spec.name += " cut short";
    info.spec.depth = info.spec.pyramid.stages.empty() ? 2 : 0;
    for (PyramidStage& stage : info.spec.pyramid.stages) {
        stage.depth = 2;
        info.spec.depth += 2;
    }
    info.spec.numClasses = 7;
    info.imagenetColours = true;
}

TEST(ClassifierFeatures, KnowEveryFamilyOfClassifiers) {
    std::set<std::string> seen;
    for (const ModelSpec& spec : presetsFor(ModelTask::Classify)) {
        if (!seen.insert(spec.family).second) continue;
        SCOPED_TRACE(spec.name);
        const ScratchFolder folder;
        const auto file = storedModel(folder, spec.name.c_str(), shrink);
        const TensorMap tensors = readTensors(file);
        expectSameAnswers(file, pictures(2, spec.inChannels, spec.imageSize),
                          tensors.contains("head.weight") ? "head" : "head.fc");
    }
    EXPECT_GE(seen.size(), 4u);
}

TEST(ClassifierFeatures, RefuseOtherModelsAndOtherTensors) {
    const ScratchFolder folder;
    const auto file = storedModel(folder, "illama_micro", [](CheckpointInfo&) {});
    const auto features = classifierFeatures(file);
    expectError(ErrorCode::Mismatch, [&] { features->extract(at::zeros({1, 3, 32, 32})); });
    expectError(ErrorCode::Mismatch, [&] { features->extract(pictures(1, 2, 32)); });
    expectError(ErrorCode::Mismatch, [&] { features->extract(pictures(1, 3, 32)[0]); });
    const ScratchFolder other;
    const auto denoiser = storedModel(other, "ditllama_micro", [](CheckpointInfo&) {});
    expectError(ErrorCode::Usage, [&] { classifierFeatures(denoiser); });
    expectError(ErrorCode::NotFound, [&] { classifierFeatures(folder / "missing.safetensors"); });
    expectError(ErrorCode::BadFile,
                [&] { classifierFeatures(test::put(folder / "bad.safetensors", "no checkpoint")); });
}

}  // namespace
}  // namespace vl
