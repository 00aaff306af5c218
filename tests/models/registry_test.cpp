// SPDX-License-Identifier: Apache-2.0
// What every row of the registry promises, whichever family it belongs to. New presets and families are covered without
// a line here.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include <unistd.h>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/zeros.h>

#include "engine/api/families.h"
#include "engine/core/error.h"
#include "engine/io/pth_file.h"
#include "engine/io/pth_writer.h"
#include "engine/nn/recorded_fill.h"
#include "engine/nn/state_dict.h"
#include "engine/nn/weights_file.h"
#include "tests/models/shrunk.h"

namespace vl {

/// Parametrised tests are listed by name.
static void PrintTo(const ModelSpec& spec, std::ostream* out) { *out << spec.name; }

namespace {

namespace fs = std::filesystem;
using test::NamedOutput;

std::string testName(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
    return text;
}

class FamilyPresets : public ::testing::TestWithParam<std::string> {
protected:
    static std::vector<ModelSpec> presets() {
        std::vector<ModelSpec> specs;
        for (const ModelSpec& spec : modelPresets())
            if (spec.family == GetParam()) specs.push_back(spec);
        return specs;
    }
};

/// The cost row a tensor belongs to: the longest name that is the tensor's or a prefix of it up to a dot or a number
/// ("blocks.0.gamma" holds gamma_1 and gamma_2).
const LayerCost* rowOf(const std::string& tensor, const std::vector<LayerCost>& costs) {
    const LayerCost* best = nullptr;
    for (const LayerCost& row : costs) {
        const bool fits =
            tensor == row.name || tensor.starts_with(row.name + ".") || tensor.starts_with(row.name + "_");
        if (fits && (!best || row.name.size() > best->name.size())) best = &row;
    }
    return best;
}

TEST_P(FamilyPresets, CountTheTensorsTheyHave) {
    for (const ModelSpec& spec : presets()) {
        SCOPED_TRACE(spec.name);
        const std::vector<LayerCost> costs = layerCosts(spec);
        std::map<std::string, std::int64_t> counted;
        std::set<std::string> names;
        std::int64_t total = 0;
        for (const Parameter& parameter : describeParameters(spec)) {
            EXPECT_TRUE(names.insert(parameter.name).second) << parameter.name << " is there twice";
            EXPECT_TRUE(parameter.tensor.is_meta()) << parameter.name;
            if (parameter.kind == ParameterKind::Buffer) continue;
            total += parameter.tensor.numel();
            const LayerCost* row = rowOf(parameter.name, costs);
            ASSERT_NE(row, nullptr) << parameter.name << " belongs to no layer";
            counted[row->name] += parameter.tensor.numel();
        }
        EXPECT_EQ(total, spec.parameterCount());
        std::map<std::string, std::int64_t> stated;
        for (const LayerCost& row : costs)
            if (row.parameters) stated[row.name] += row.parameters;
        EXPECT_EQ(counted, stated);
        EXPECT_GT(spec.macs(), 0);
        EXPECT_FALSE(spec.citation.empty());
        EXPECT_FALSE(spec.note.empty());
    }
}

TEST_P(FamilyPresets, ShrinkToModelsThatStillCountRight) {
    for (const ModelSpec& preset : presets()) {
        const ModelSpec spec = test::shrunk(preset);
        SCOPED_TRACE(spec.name);
        std::int64_t total = 0;
        for (const Parameter& parameter : describeParameters(spec))
            total += parameter.kind == ParameterKind::Buffer ? 0 : parameter.tensor.numel();
        EXPECT_EQ(total, spec.parameterCount());
        EXPECT_LT(total, 2'000'000);
    }
}

std::vector<std::string> familiesWithPresets() {
    std::vector<std::string> names;
    for (const Family& family : modelFamilies())
        if (!family.presets().empty()) names.emplace_back(family.name);
    return names;
}
INSTANTIATE_TEST_SUITE_P(Registry, FamilyPresets, ::testing::ValuesIn(familiesWithPresets()),
                         [](const auto& chosen) { return testName(chosen.param); });

TEST(Registry, NamesEveryPresetOnce) {
    std::set<std::string> names;
    for (const ModelSpec& spec : modelPresets())
        EXPECT_TRUE(names.insert(spec.name).second) << spec.name;
}

class ShrunkModel : public ::testing::TestWithParam<ModelSpec> {
protected:
    static std::unique_ptr<Model> make(const ModelSpec& spec) {
        auto model = makeModel(spec);
        fillRecorded(model->parameters());
        return model;
    }
    static std::unique_ptr<Model> make() { return make(GetParam()); }
};

double largest(const at::Tensor& tensor) { return tensor.numel() ? tensor.abs().max().item<double>() : 0; }

/// Relative to the largest value, as recorded cases are.
void expectClose(const std::vector<NamedOutput>& got, const std::vector<NamedOutput>& expected, double tolerance) {
    ASSERT_EQ(got.size(), expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
        ASSERT_EQ(got[i].value.sizes(), expected[i].value.sizes()) << got[i].name;
        EXPECT_LE(largest(got[i].value - expected[i].value), tolerance * largest(expected[i].value)) << got[i].name;
    }
}

TEST_P(ShrunkModel, IsFiniteAndBackwardReachesEveryTrainedTensor) {
    const auto model = make();
    at::Tensor loss = at::zeros({});
    std::uint64_t index = 0;
    for (const NamedOutput& output : test::run(*model, test::recordedInputFor(GetParam(), 2))) {
        EXPECT_TRUE(at::isfinite(output.value).all().item<bool>()) << output.name;
        // Weighted by a stream of its own: a plain sum is constant behind a norm.
        const at::Tensor weights = recordedStream("weights." + std::to_string(index++), output.value.sizes());
        loss = loss + (output.value * weights).sum();
    }
    loss.backward();
    for (const Parameter& parameter : model->parameters()) {
        if (parameter.kind != ParameterKind::Trained) {
            EXPECT_FALSE(parameter.tensor.requires_grad()) << parameter.name;
            continue;
        }
        const at::Tensor gradient = parameter.tensor.grad();
        ASSERT_TRUE(gradient.defined()) << parameter.name;
        EXPECT_TRUE(at::isfinite(gradient).all().item<bool>()) << parameter.name;
        EXPECT_GT(largest(gradient), 0) << parameter.name;
    }
}

TEST_P(ShrunkModel, TreatsPicturesOfABatchAlone) {
    const at::NoGradGuard noGrad;
    const auto model = make();
    const test::ModelInput both = test::recordedInputFor(GetParam(), 2);
    auto second = test::run(*model, both);
    for (NamedOutput& output : second)
        output.value = output.value.narrow(0, 1, 1);
    expectClose(test::run(*model, test::entry(both, 1)), second, 1e-5);
}

/// Notes what a pass tells and holds it against the declared geometry.
class CheckingProbe final : public Probe {
public:
    CheckingProbe(const Model& model, std::int64_t batch)
        : model_(model),
          batch_(batch),
          outputs(static_cast<std::size_t>(model.layers())),
          maps(static_cast<std::size_t>(model.layers())) {}

    void blockOutput(int layer, const at::Tensor& tokens) override {
        ASSERT_LT(static_cast<std::size_t>(layer), outputs.size());
        ++outputs[static_cast<std::size_t>(layer)];
        EXPECT_EQ(tokens.dim(), 3);
        EXPECT_EQ(tokens.size(0), batch_);
        EXPECT_TRUE(at::isfinite(tokens).all().item<bool>());
    }

    void attention(int layer, const at::Tensor& softmax) override {
        ASSERT_LT(static_cast<std::size_t>(layer), maps.size());
        ++maps[static_cast<std::size_t>(layer)];
        const AttentionGeometry geometry = model_.attentionGeometry(layer);
        SCOPED_TRACE("layer " + std::to_string(layer));
        ASSERT_EQ(softmax.dim(), 4);
        // Tokens that a masked pass leaves out have rows of zeros.
        const at::Tensor sums = softmax.sum(-1);
        EXPECT_LE(largest(sums * (sums - 1)), 1e-5);
        if (geometry.window > 0) {
            EXPECT_EQ(softmax.size(0), batch_ * geometry.windowRows * geometry.windowCols);
            EXPECT_EQ(softmax.size(2), geometry.window * geometry.window);
            EXPECT_EQ(softmax.size(3), geometry.window * geometry.window);
            EXPECT_GE(geometry.windowRows * geometry.window, geometry.queryRows);
            EXPECT_GE(geometry.windowCols * geometry.window, geometry.queryCols);
            return;
        }
        const int extra = geometry.classTokenIndex < 0 ? 0 : 1;
        EXPECT_EQ(softmax.size(0), batch_);
        EXPECT_EQ(softmax.size(2), geometry.tokens);
        EXPECT_EQ(softmax.size(3), geometry.keyRows * geometry.keyCols + extra);
        EXPECT_EQ(geometry.tokens, geometry.queryRows * geometry.queryCols + extra);
        EXPECT_EQ(geometry.queryRows, geometry.keyRows * geometry.keyStep);
        EXPECT_EQ(geometry.queryCols, geometry.keyCols * geometry.keyStep);
    }

private:
    const Model& model_;
    std::int64_t batch_;

public:
    std::vector<int> outputs, maps;
};

TEST_P(ShrunkModel, TellsAProbeWhatItsGeometrySaysAndComputesTheSame) {
    const at::NoGradGuard noGrad;
    const auto model = make();
    const test::ModelInput input = test::recordedInputFor(GetParam(), 2);
    const auto plain = test::run(*model, input);
    CheckingProbe probe(*model, 2);
    ForwardOptions options;
    options.probe = &probe;
    expectClose(test::run(*model, input, options), plain, 1e-5);
    for (std::size_t layer = 0; layer < probe.outputs.size(); ++layer)
        EXPECT_EQ(probe.outputs[layer], 1) << "output of layer " << layer;
    for (std::size_t layer = 0; layer < probe.maps.size(); ++layer)
        EXPECT_EQ(probe.maps[layer], 1) << "attention of layer " << layer;
    model->setAttention(AttentionKind::Explicit);
    expectClose(test::run(*model, input), plain, 1e-5);
}

at::ScalarType typeOf(const std::string& dtype) { return dtype == "I64" ? at::kLong : at::kFloat; }

void expectSameTensors(const TensorMap& got, Model& model) {
    ASSERT_EQ(got.size(), model.parameters().size());
    for (const Parameter& parameter : model.parameters())
        EXPECT_TRUE(at::equal(got.at(parameter.name), parameter.tensor)) << parameter.name;
}

TEST_P(ShrunkModel, KeepsItsNamesAndNumbersThroughBothFileFormats) {
    const at::NoGradGuard noGrad;
    const fs::path folder =
        fs::temp_directory_path() / ("vl_registry_" + std::to_string(::getpid()) + testName(GetParam().name));
    fs::create_directories(folder);
    const auto model = make();
    saveWeights(*model, folder / "w.safetensors");
    const auto again = makeModel(GetParam());
    loadWeights(*again, folder / "w.safetensors");
    expectSameTensors(stateDict(*again), *model);

    const TensorMap tensors = stateDict(*model);
    std::vector<TensorView> views;
    for (const Parameter& parameter : model->parameters()) {
        const at::Tensor& tensor = tensors.at(parameter.name);
        ASSERT_TRUE(tensor.is_contiguous()) << parameter.name;
        views.push_back({parameter.name, tensor.scalar_type() == at::kLong ? "I64" : "F32", tensor.sizes().vec(),
                         static_cast<const std::byte*>(tensor.const_data_ptr()), tensor.nbytes()});
    }
    writePth(folder / "w.pth", views);
    const PthFile file = PthFile::open(folder / "w.pth");
    ASSERT_EQ(file.tensors().size(), views.size());
    TensorMap read;
    for (std::size_t i = 0; i < views.size(); ++i) {
        const PthTensor& stored = file.tensors()[i];
        EXPECT_EQ(stored.name, views[i].name) << "the order is the state dict's";
        at::Tensor tensor = at::zeros(stored.shape, typeOf(stored.dtype));
        const std::vector<std::byte> bytes = file.read(stored);
        ASSERT_EQ(bytes.size(), tensor.nbytes());
        std::copy(bytes.begin(), bytes.end(), static_cast<std::byte*>(tensor.mutable_data_ptr()));
        read[stored.name] = tensor;
    }
    fs::remove_all(folder);
    expectSameTensors(read, *model);
}

TEST_P(ShrunkModel, RunsAtOddSizesAndRefusesPicturesThatAreNotItsOwn) {
    const at::NoGradGuard noGrad;
    const ModelSpec odd = test::oddSized(GetParam());
    const auto model = make(odd);
    for (const NamedOutput& output : test::run(*model, test::recordedInputFor(odd, 1)))
        EXPECT_TRUE(at::isfinite(output.value).all().item<bool>()) << output.name;

    const auto expectMismatch = [&](const ModelSpec& pictures, const char* what) {
        try {
            test::run(*model, test::recordedInputFor(pictures, 1));
            ADD_FAILURE() << "took " << what;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::Mismatch) << what << ": " << error.message();
        }
    };
    ModelSpec other = odd;
    other.inChannels += 1;
    expectMismatch(other, "another number of channels");
    other = odd;
    other.imageSize = odd.imageSize / 2 + 1;  // divisible by nothing a family pools by
    expectMismatch(other, "another size");
}

INSTANTIATE_TEST_SUITE_P(Registry, ShrunkModel, ::testing::ValuesIn(test::shrunkPresets()),
                         [](const auto& chosen) { return testName(chosen.param.name); });

}  // namespace
}  // namespace vl
