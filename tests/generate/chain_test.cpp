// SPDX-License-Identifier: Apache-2.0
#include "engine/generate/chain.h"

#include <gtest/gtest.h>

#include <cmath>

#include <ATen/ops/equal.h>

#include "engine/core/error.h"
#include "engine/generate/mixed_noise.h"
#include "tests/generate/toy_denoiser.h"

namespace vl {
namespace {

using test::filled;
using test::smallDenoiserSpec;

/// Cells that cost one, two and three rows of a model call.
std::vector<CellSettings> variedCells(const char* sampler, int count) {
    std::vector<CellSettings> cells(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < cells.size(); ++i) {
        CellSettings& cell = cells[i];
        cell.label = static_cast<int>(i % 11);
        cell.seed = 70 + i;
        cell.sampler = sampler;
        cell.steps = 3;
        cell.guidance = i % 3 == 0 ? 1 : 1.5 + static_cast<double>(i);
        if (i % 4 == 1) cell.labelTo = 7, cell.labelMix = 0.3;
        if (i % 4 == 2) cell.seedTo = 5, cell.seedMix = 0.4;
    }
    return cells;
}

class EverySampler : public testing::TestWithParam<const char*> {};

TEST_P(EverySampler, MakesTheSamePictureInEveryBatch) {
    const auto model = filled<Denoiser>(smallDenoiserSpec(GetParam()));
    for (const SamplerInfo& sampler : samplersFor(model->spec())) {
        // An adaptive method needs many steps where weights mean nothing.
        const auto cells = variedCells(sampler.name.data(), sampler.adaptive ? 2 : 5);
        const at::Tensor together = pixelsOf(drawSamples(*model, cells, 5));
        for (const int batch : {1, 3})
            EXPECT_TRUE(at::equal(together, pixelsOf(drawSamples(*model, cells, batch)))) << sampler.name << batch;
    }
}

TEST_P(EverySampler, GoesOnFromASavedState) {
    const auto model = filled<Denoiser>(smallDenoiserSpec(GetParam()));
    for (const SamplerInfo& sampler : samplersFor(model->spec())) {
        const auto cells = variedCells(sampler.name.data(), 2);
        const auto whole = makeChain(*model, cells), begun = makeChain(*model, cells), resumed = makeChain(*model, cells);
        begun->step(), begun->step();
        resumed->restore(begun->state());
        EXPECT_TRUE(at::equal(whole->finish(), resumed->finish())) << sampler.name;
    }
}

INSTANTIATE_TEST_SUITE_P(Chain, EverySampler, testing::Values("sitllama_micro", "ditllama_micro"),
                         [](const auto& place) { return std::string(place.param).substr(0, 3); });

TEST(Chain, GuidanceIsThePublishedOnesPerSample) {
    const auto model = filled<Denoiser>(smallDenoiserSpec("ditllama_micro"));
    const at::Tensor x = test::pictures(model->spec(), 3), t = at::zeros({3}, at::kFloat) + 500;
    const at::Tensor mixed = denoiseEachWith(*model, {{3, {}, 0, 4}, {5, {}, 0, 1}, {2, {}, 0, 2.5}})(x, t);
    const auto published = [&](std::int64_t i, std::int64_t label, double scale) {
        return denoiseGuidedWith(*model, at::zeros({1}, at::kLong) + label, scale)(x.narrow(0, i, 1), t.narrow(0, i, 1));
    };
    EXPECT_LT(test::largestDifference(mixed.narrow(0, 0, 1), published(0, 3, 4)), 1e-5);
    EXPECT_LT(test::largestDifference(mixed.narrow(0, 1, 1), published(1, 5, 1)), 1e-5);
    EXPECT_LT(test::largestDifference(mixed.narrow(0, 2, 1), published(2, 2, 2.5)), 1e-5);
}

TEST(Chain, MixedClassesLieBetweenBoth) {
    const auto model = filled<Denoiser>(smallDenoiserSpec("sitllama_micro"));
    const at::Tensor x = test::pictures(model->spec(), 1), t = at::zeros({1}, at::kFloat) + 0.5;
    const auto out = [&](SampleCondition condition) { return denoiseEachWith(*model, {condition})(x, t); };
    const at::Tensor one = out({1, {}, 0, 1}), two = out({2, {}, 0, 1});
    EXPECT_LT(test::largestDifference(out({1, 2, 0.25, 1}), 0.75 * one + 0.25 * two), 1e-5);
    EXPECT_TRUE(at::equal(out({1, 2, 0, 1}), one));
    EXPECT_TRUE(at::equal(out({1, 2, 1, 1}), two));
}

TEST(Chain, StripsBetweenSeedsEndAtTheSeeds) {
    const std::vector<std::int64_t> shape{1, 1, 16, 16};
    const auto startOf = [&](double mix) { return MixedNoise({{3, 9, mix}}).start(shape); };
    EXPECT_TRUE(at::equal(startOf(0), SeededNoise({3}).start(shape)));
    EXPECT_TRUE(at::equal(startOf(1), SeededNoise({9}).start(shape)));
    const double a = startOf(0).norm().item<double>(), b = startOf(1).norm().item<double>();
    const double middle = startOf(0.5).norm().item<double>();
    EXPECT_GT(middle, 0.97 * std::min(a, b));  // a straight line would come to 0.71
    EXPECT_LT(middle, 1.03 * std::max(a, b));
}

TEST(Chain, FillsInTheSamplerAndRefusesWhatDoesNotFit) {
    const ModelSpec flow = smallDenoiserSpec("sitllama_micro"), gaussian = smallDenoiserSpec("ditllama_micro");
    EXPECT_EQ(completed({}, flow).sampler, "euler");
    EXPECT_EQ(completed({}, gaussian).steps, 50);
    const auto refused = [](const ModelSpec& spec, auto change) {
        CellSettings cell;
        change(cell);
        try {
            completed(cell, spec);
        } catch (const Error& error) {
            return error.code() == ErrorCode::Usage && !error.hint().empty();
        }
        return false;
    };
    EXPECT_TRUE(refused(flow, [](CellSettings& c) { c.sampler = "ddim"; }));
    EXPECT_TRUE(refused(gaussian, [](CellSettings& c) { c.steps = 1001; }));
    EXPECT_TRUE(refused(gaussian, [](CellSettings& c) { c.steps = -3; }));
    EXPECT_TRUE(refused(gaussian, [](CellSettings& c) { c.label = 11; }));
    EXPECT_TRUE(refused(gaussian, [](CellSettings& c) { c.eta = 2; }));
    EXPECT_TRUE(refused(flow, [](CellSettings& c) { c.guidance = std::nan(""); }));
    EXPECT_TRUE(refused(flow, [](CellSettings& c) { c.sampler = "sde-euler", c.form = "blue"; }));
    EXPECT_TRUE(refused(flow, [](CellSettings& c) { c.sampler = "sde-euler", c.form = "SBDM"; }));
    EXPECT_TRUE(refused(findPreset("illama_tiny"), [](CellSettings&) {}));
}

TEST(Chain, OnlyGaussianPixelsAreAlwaysCut) {
    EXPECT_TRUE(completed({}, findPreset("ditllama_micro")).clip);
    EXPECT_FALSE(completed({}, findPreset("sitllama_micro")).clip);
    EXPECT_FALSE(completed({}, findPreset("DiTLLaMA_B_4")).clip);
}

TEST(Chain, StopsWhenAskedTo) {
    const auto model = filled<Denoiser>(smallDenoiserSpec("sitllama_micro"));
    int asked = 0;
    EXPECT_FALSE(drawSamples(*model, variedCells("euler", 2), 2, [&] { return ++asked < 3; }).defined());
}

// models.md 7.4: multiplied, shifted and truncated.
TEST(Chain, PixelsAreTruncatedAsPublished) {
    const at::Tensor values = at::zeros({5}, at::kFloat);
    const float given[] = {-1.5f, -1.0f, 0.0f, 0.999f, 1.0f};
    for (int i = 0; i < 5; ++i)
        values[i] = given[i];
    const at::Tensor pixels = pixelsOf(values);
    const int expected[] = {0, 0, 128, 255, 255};
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(pixels[i].item<int>(), expected[i]);
}

}  // namespace
}  // namespace vl
