// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <vector>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/tensor.h>

#include "engine/nn/denoiser.h"
#include "tests/models/crc_fill.h"

namespace vl {
namespace {

constexpr double kTolerance = 2e-5;  // models.md B

struct Built {
    std::unique_ptr<Model> model;
    Denoiser& operator*() const { return dynamic_cast<Denoiser&>(*model); }
};

Built filled(const ModelSpec& spec) {
    Built built{makeModel(spec)};
    test::fillByCrc(built.model->parameters());
    return built;
}

struct Place {
    std::int64_t sample, channel, row;
    double value;
};

struct Row {
    std::vector<double> first;
    double l2;
    std::vector<Place> places;
};

void expectRow(const at::Tensor& out, const Row& row, const char* what) {
    const double scale = out.abs().max().item<double>();
    const at::Tensor flat = out.flatten();
    for (std::size_t i = 0; i < row.first.size(); ++i)
        EXPECT_NEAR(flat[static_cast<std::int64_t>(i)].item<double>(), row.first[i], kTolerance * scale) << what << i;
    for (const Place& p : row.places) {
        EXPECT_NEAR(out[p.sample][p.channel][p.row][0].item<double>(), p.value, kTolerance * scale)
            << what << " [" << p.sample << ", " << p.channel << ", " << p.row << ", 0]";
    }
    EXPECT_NEAR(out.norm().item<double>(), row.l2, 1e-5 * row.l2) << what;
}

TEST(CrcFill, GivesTheStatedNumbers) {
    EXPECT_EQ(test::crcKey("input"), 0xD82832D7u);
    const double expected[] = {-0.91203342, -0.34896041, -0.50114547, 0.62320515};
    for (std::uint32_t i = 0; i < 4; ++i)
        EXPECT_NEAR(test::crcUniform(test::crcKey("input"), i), expected[i], 1e-8);
}

// models.md B.4
TEST(DenoiserReference, DitLlamaB4ForwardAndGuidance) {
    const at::NoGradGuard noGrad;
    const Built built = filled(findPreset("DiTLLaMA_B_4"));
    const at::Tensor x = test::crcStream("input", {4, 4, 32, 32}), t = at::tensor({0.0f, 10.0f, 500.0f, 999.0f}),
                     y = at::tensor({0, 7, 1000, 1000}, at::kLong);
    expectRow((*built).denoise(x, t, y),
              {{0.893791, 1.566082, -0.471614, -0.777549, 0.812349, 0.013447},
               244.93220,
               {{1, 0, 0, 1.236412}, {2, 0, 0, -0.144258}, {3, 0, 0, -0.197423}, {0, 3, 0, -0.245128},
                {0, 0, 4, -0.332754}}},
              "forward ");
    // Q27: channel 3 stays as it was.
    expectRow((*built).denoiseGuided(x, t, y, 4),
              {{-0.748898, 3.068135, 3.151319, -7.609248, 1.394756, -7.262964},
               755.00248,
               {{0, 3, 0, -0.245128}, {2, 0, 0, -0.748898}, {2, 3, 0, -0.812175}}},
              "guided ");
}

// models.md B.5
TEST(DenoiserReference, SitLlamaS2ForwardAndGuidance) {
    const at::NoGradGuard noGrad;
    const Built built = filled(findPreset("SiTLLaMA_S_2"));
    const at::Tensor x = test::crcStream("input", {4, 4, 32, 32}), t = at::tensor({0.0f, 0.25f, 0.5f, 1.0f}),
                     y = at::tensor({0, 7, 1000, 1000}, at::kLong);
    const at::Tensor out = (*built).denoise(x, t, y);
    expectRow(out,
              {{2.290316, -1.085190, 0.510499, -0.678752, 0.070525, 0.604750},
               125.26261,
               {{1, 0, 0, -0.124420}, {2, 0, 0, -0.737472}, {3, 0, 0, -0.376906}}},
              "forward ");
    EXPECT_NEAR(out.flatten()[-1].item<double>(), -1.557071, 1e-4);
    expectRow((*built).denoiseGuided(x, t, y, 4),
              {{6.734903, 0.126716, 2.567976, -0.436275, 1.118234, 1.456912},
               256.65828,
               {{0, 3, 0, 2.280056}, {2, 3, 0, 1.929788}}},
              "guided ");
}

TEST(DenoiserReference, SmallSitLlamaForwardAndGuidance) {
    const at::NoGradGuard noGrad;
    ModelSpec spec = findPreset("SiTLLaMA_S_2");
    spec.imageSize = 8;
    spec.dim = 64;
    spec.depth = spec.heads = 2;
    spec.numClasses = 10;
    spec.ffnHidden = swigluHidden(spec.dim);
    const Built built = filled(spec);
    const at::Tensor x = test::crcStream("input", {4, 4, 8, 8}), t = at::tensor({0.0f, 0.25f, 0.5f, 1.0f}),
                     y = at::tensor({0, 7, 10, 10}, at::kLong);
    expectRow((*built).denoise(x, t, y),
              {{0.253645, 0.028312, 0.136077, -0.436257, -0.260648, -0.021611}, 12.37675, {}}, "forward ");
    expectRow((*built).denoiseGuided(x, t, y, 4),
              {{0.256647, 0.035672, 0.175448, -0.453155, -0.252281, -0.012910}, 12.54151, {}}, "guided ");
}

}  // namespace
}  // namespace vl
