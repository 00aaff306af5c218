// SPDX-License-Identifier: Apache-2.0
// Against the network written a second time in PyTorch (inception_reference.py), where a Python with torch and numpy is
// around: VISIONLLAMA_PYTHON, else python3. The published weights are not part of any test.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>

#include <ATen/TensorOperators.h>
#include <ATen/ops/allclose.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include "engine/io/npz_file.h"
#include "engine/io/pth_writer.h"
#include "engine/metrics/feature_extractor.h"
#include "engine/metrics/inception_v3.h"
#include "engine/nn/recorded_fill.h"
#include "engine/nn/weights_file.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"

namespace vl {
namespace {

using test::expectError;
using test::ScratchFolder;

int runPython(const std::string& arguments) {
    const char* chosen = std::getenv("VISIONLLAMA_PYTHON");
    return std::system(("'" + std::string(chosen && *chosen ? chosen : "python3") + "' " + arguments).c_str());
}

/// Weights of every name, scaled so that no activation fades or grows.
TensorMap makeWeights() {
    TensorMap tensors;
    for (const InceptionUnit& unit : inceptionUnits()) {
        const double fan = unit.in * unit.height * unit.width;
        tensors[unit.name + ".conv.weight"] =
            recordedStream(unit.name, {unit.out, unit.in, unit.height, unit.width}) * std::sqrt(6 / fan);
        tensors[unit.name + ".bn.weight"] = recordedStream(unit.name + "g", {unit.out}) * 0.2 + 1;
        tensors[unit.name + ".bn.bias"] = recordedStream(unit.name + "b", {unit.out}) * 0.2;
        tensors[unit.name + ".bn.running_mean"] = recordedStream(unit.name + "m", {unit.out}) * 0.2;
        tensors[unit.name + ".bn.running_var"] = recordedStream(unit.name + "v", {unit.out}) * 0.2 + 1;
    }
    tensors["fc.weight"] = recordedStream("fc", {kInceptionClasses, kInceptionFeatures}) * 0.1;
    tensors["fc.bias"] = recordedStream("fcb", {kInceptionClasses});
    return tensors;
}

TensorMap randomWeights() {
    static const TensorMap tensors = makeWeights();
    return tensors;
}

std::filesystem::path writePthWeights(const std::filesystem::path& file, const TensorMap& tensors) {
    std::vector<TensorView> views;
    std::vector<at::Tensor> kept;
    for (const auto& [name, tensor] : tensors) {
        kept.push_back(tensor.contiguous());
        views.push_back(viewOf(name, kept.back()));
    }
    writePth(file, views);
    return file;
}

at::Tensor arrayOf(const NpzFile& file, const char* name) {
    const NpyArray* array = file.find(name);
    const auto bytes = file.read(*array);
    at::Tensor tensor = at::empty(array->shape, at::kFloat);
    std::memcpy(tensor.mutable_data_ptr(), bytes.data(), bytes.size());
    return tensor;
}

TEST(InceptionV3, HasThePublishedUnits) {
    const auto units = inceptionUnits();
    EXPECT_EQ(units.size(), 94u);
    std::int64_t weights = kInceptionClasses * kInceptionFeatures + kInceptionClasses;
    for (const InceptionUnit& unit : units)
        weights += std::int64_t{unit.in} * unit.out * unit.height * unit.width + 2 * unit.out;
    // The published network's 27,161,264 without its auxiliary head (3,326,696) and with 1008 classes instead of 1000.
    EXPECT_EQ(weights, 27161264 - 3326696 - 2049 * 1000 + 2049 * 1008);
}

TEST(InceptionFeatures, AgreeWithPyTorch) {
    const ScratchFolder folder;
    const TensorMap tensors = randomWeights();
    const auto weights = writePthWeights(folder / "weights.pth", tensors);
    const at::Tensor pictures = at::randint(256, {2, 40, 56, 3}, at::kByte);
    const auto network = inceptionFeatures(weights);
    EXPECT_EQ(network->name(), "Inception v3 of weights.pth");
    const auto features = network->extract(pictures.permute({0, 3, 1, 2}).contiguous());
    EXPECT_EQ(features.pooled.sizes(), (std::vector<std::int64_t>{2, 2048}));
    EXPECT_EQ(features.spatial.sizes(), (std::vector<std::int64_t>{2, 17 * 17 * 7}));
    EXPECT_EQ(features.probabilities.sizes(), (std::vector<std::int64_t>{2, 1008}));
    ASSERT_TRUE(at::allclose(features.probabilities.sum(1), at::full({2}, 1.0)));

    if (runPython("-c 'import torch, numpy' 2>/dev/null") != 0)
        GTEST_SKIP() << "no Python with torch and numpy: set VISIONLLAMA_PYTHON to one to run the rest";
    NpzWriter writer(folder / "pictures.npz");
    writer.add("arr_0", "U8", pictures.sizes().vec(),
               {static_cast<const std::byte*>(pictures.const_data_ptr()), pictures.nbytes()});
    writer.commit();
    ASSERT_EQ(runPython("'" VL_SOURCE_DIR "/tests/metrics/inception_reference.py' '" + weights.string() + "' '" +
                        (folder / "out.npz").string() + "'"),
              0);
    const auto expected = NpzFile::open(folder / "out.npz");
    const auto close = [&](const at::Tensor& found, const char* name) {
        const at::Tensor wanted = arrayOf(expected, name);
        const double scale = wanted.abs().max().item<double>();
        EXPECT_GT(scale, 1e-3) << name;
        EXPECT_LT((found - wanted).abs().max().item<double>(), 1e-4 * scale) << name;
    };
    close(features.pooled, "pooled");
    close(features.spatial, "spatial");
    close(features.probabilities, "probabilities");
}

TEST(InceptionFeatures, GreyPicturesCountAsColourWithEqualChannels) {
    const ScratchFolder folder;
    const auto network = inceptionFeatures(writePthWeights(folder / "weights.pth", randomWeights()));
    const at::Tensor grey = at::randint(256, {1, 1, 28, 28}, at::kByte);
    EXPECT_TRUE(network->extract(grey).pooled.equal(network->extract(grey.expand({1, 3, 28, 28}).contiguous()).pooled));
}

TEST(InceptionFeatures, RefuseOtherWeights) {
    const ScratchFolder folder;
    TensorMap tensors = randomWeights();
    tensors.erase("Mixed_7c.branch_pool.bn.running_var");
    const auto missing =
        expectError(ErrorCode::Mismatch, [&] { inceptionFeatures(writePthWeights(folder / "a.pth", tensors)); });
    EXPECT_TRUE(
        test::has(missing.message(), "Mixed_7c.branch_pool.bn.running_var' of the Inception network is missing"));
    tensors["Mixed_7c.branch_pool.bn.running_var"] = at::zeros({191});
    const auto shape =
        expectError(ErrorCode::Mismatch, [&] { inceptionFeatures(writePthWeights(folder / "b.pth", tensors)); });
    EXPECT_TRUE(test::has(shape.message(), "another shape"));
    expectError(ErrorCode::NotFound, [&] { inceptionFeatures(folder / "none.pth"); });
    expectError(ErrorCode::Mismatch,
                [&] { inceptionFeatures(VL_SOURCE_DIR "/resources/demo/illama_micro.safetensors"); });
}

TEST(TensorFlow1Resize, TakesHandWorkedPlaces) {
    // 2 to 4: places 0, 0.5, 1, 1.5; behind the last pixel nothing changes.
    const at::Tensor two = at::tensor({0.0f, 10.0f, 20.0f, 40.0f}).view({1, 1, 2, 2});
    const at::Tensor expected = at::tensor({0.0f, 5.0f, 10.0f, 10.0f, 10.0f, 17.5f, 25.0f, 25.0f, 20.0f, 30.0f, 40.0f,
                                            40.0f, 20.0f, 30.0f, 40.0f, 40.0f})
                                    .view({1, 1, 4, 4});
    EXPECT_TRUE(resizeLikeTensorFlow1(two, 4).equal(expected));
    // 4 to 2: every second pixel, nothing is averaged.
    const at::Tensor four = at::arange(16, at::kFloat).view({1, 1, 4, 4});
    EXPECT_TRUE(resizeLikeTensorFlow1(four, 2).equal(at::tensor({0.0f, 2.0f, 8.0f, 10.0f}).view({1, 1, 2, 2})));
    EXPECT_TRUE(resizeLikeTensorFlow1(four, 4).equal(four));
}

}  // namespace
}  // namespace vl
