// SPDX-License-Identifier: Apache-2.0
// Each kernel against a plain loop in double that spells out the formula.
#include "tests/cuda/cuda_fixture.h"

namespace vl::test {
namespace {

Numbers rmsNormLoop(const Numbers& x, const Numbers& weight, double eps) {
    const std::size_t dim = weight.size();
    Numbers y(x.size());
    for (std::size_t row = 0; row < x.size(); row += dim) {
        double squares = 0;
        for (std::size_t c = 0; c < dim; ++c) {
            squares += static_cast<double>(x[row + c]) * x[row + c];
        }
        const double scale = 1.0 / std::sqrt(squares / static_cast<double>(dim) + eps);
        for (std::size_t c = 0; c < dim; ++c) {
            y[row + c] = static_cast<float>(x[row + c] * scale * weight[c]);
        }
    }
    return y;
}

Numbers softMaskAttentionLoop(const Numbers& q, const Numbers& k, const Numbers& v, int groups, int tokens, int dim,
                              double alpha) {
    Numbers out(q.size(), 0.0F);
    const auto at = [&](int group, int token, int c) {
        return (static_cast<std::size_t>(group) * tokens + token) * dim + c;
    };
    for (int g = 0; g < groups; ++g) {
        for (int i = 0; i < tokens; ++i) {
            std::vector<double> weight(tokens);
            double sum = 0;
            for (int j = 0; j < tokens; ++j) {
                double dot = 0;
                for (int c = 0; c < dim; ++c) {
                    dot += static_cast<double>(q[at(g, i, c)]) * k[at(g, j, c)];
                }
                weight[j] = std::exp(dot / std::sqrt(static_cast<double>(dim)));
                sum += weight[j];
            }
            for (int c = 0; c < dim; ++c) {
                double total = 0;
                for (int j = 0; j < tokens; ++j) {
                    total += weight[j] / sum * (j <= i ? 1.0 : alpha) * v[at(g, j, c)];
                }
                out[at(g, i, c)] = static_cast<float>(total);
            }
        }
    }
    return out;
}

TEST_F(CudaKernel, RmsNormScalesEveryRowByItsOwnRoot) {
    for (const int dim : {1, 8, 192, 1000}) {
        const Numbers x = wave(std::size_t{7} * dim, 1);
        const Numbers weight = wave(dim, 2);
        const DeviceNumbers dx(*cuda, x);
        const DeviceNumbers dw(*cuda, weight);
        const DeviceNumbers dy(*cuda, Numbers(x.size()));
        ASSERT_EQ(cuda->rmsNorm(dx.get(), dw.get(), dy.get(), 7, dim, 1e-6F, nullptr), 0);
        expectClose(dy.read(), rmsNormLoop(x, weight, 1e-6), 1e-5F);
    }
}

// The worked example of the model reference: head [1..8], position 5, theta 10000.
TEST_F(CudaKernel, RopeTurnsThePublishedExample) {
    Numbers x(std::size_t{6} * 8, 0.0F);
    for (int c = 0; c < 8; ++c) {
        x[5 * 8 + c] = static_cast<float>(c + 1);
    }
    const DeviceNumbers dx(*cuda, x);
    ASSERT_EQ(cuda->rope1d(dx.get(), 1, 6, 1, 8, 10000.0F, nullptr), 0);
    const Numbers turned = dx.read();
    const Numbers expected = {2.201511F, -0.391600F, 0.715045F, 4.948607F, 4.693876F, 6.242398F, 6.959913F, 8.034900F};
    expectClose(Numbers(turned.begin() + 40, turned.end()), expected, 2e-6F);
}

TEST_F(CudaKernel, RopeUsesOneTableForAllHeadsAndImages) {
    const int batch = 2;
    const int tokens = 5;
    const int heads = 3;
    const int dim = 16;
    const Numbers x = wave(std::size_t{2} * 5 * 3 * 16, 3);
    Numbers expected(x.size());
    for (std::size_t i = 0; i < x.size(); i += 2) {
        const auto channel = static_cast<double>(i % dim);
        const auto token = static_cast<double>(i / dim / heads % tokens);
        const double angle = token * std::pow(10000.0, -channel / dim);
        expected[i] = static_cast<float>(x[i] * std::cos(angle) - x[i + 1] * std::sin(angle));
        expected[i + 1] = static_cast<float>(x[i] * std::sin(angle) + x[i + 1] * std::cos(angle));
    }
    const DeviceNumbers dx(*cuda, x);
    ASSERT_EQ(cuda->rope1d(dx.get(), batch, tokens, heads, dim, 10000.0F, nullptr), 0);
    expectClose(dx.read(), expected, 1e-5F);
}

TEST_F(CudaKernel, SwiGluGatesWithSilu) {
    const Numbers gate = wave(1001, 4);
    const Numbers value = wave(1001, 5);
    Numbers expected(gate.size());
    for (std::size_t i = 0; i < gate.size(); ++i) {
        expected[i] = static_cast<float>(gate[i] / (1.0 + std::exp(-static_cast<double>(gate[i]))) * value[i]);
    }
    const DeviceNumbers dg(*cuda, gate);
    const DeviceNumbers dv(*cuda, value);
    const DeviceNumbers out(*cuda, Numbers(gate.size()));
    ASSERT_EQ(cuda->swiGlu(dg.get(), dv.get(), out.get(), 1001, nullptr), 0);
    expectClose(out.read(), expected, 1e-6F);
}

TEST_F(CudaKernel, SoftMaskMultipliesAfterTheSoftmax) {
    const int groups = 6;
    const int tokens = 197;
    const int dim = 64;
    const std::size_t count = std::size_t{6} * 197 * 64;
    const Numbers q = wave(count, 6);
    const Numbers k = wave(count, 7);
    const Numbers v = wave(count, 8);
    const DeviceNumbers dq(*cuda, q);
    const DeviceNumbers dk(*cuda, k);
    const DeviceNumbers dv(*cuda, v);
    for (const float alpha : {0.0F, 0.25F, 1.0F}) {
        const DeviceNumbers out(*cuda, Numbers(count));
        ASSERT_EQ(cuda->softMaskAttention(dq.get(), dk.get(), dv.get(), out.get(), 2, 3, tokens, dim, alpha, nullptr),
                  0);
        expectClose(out.read(), softMaskAttentionLoop(q, k, v, groups, tokens, dim, alpha), 1e-5F);
    }
}

// With zero scores every softmax value is 1/3: the first token keeps only a third of its mass, nothing is rescaled.
TEST_F(CudaKernel, SoftMaskDoesNotRenormalise) {
    const DeviceNumbers zero(*cuda, Numbers(6, 0.0F));
    const DeviceNumbers ones(*cuda, Numbers(6, 1.0F));
    const DeviceNumbers out(*cuda, Numbers(6));
    ASSERT_EQ(cuda->softMaskAttention(zero.get(), zero.get(), ones.get(), out.get(), 1, 1, 3, 2, 0.0F, nullptr), 0);
    expectClose(out.read(), {1 / 3.0F, 1 / 3.0F, 2 / 3.0F, 2 / 3.0F, 1.0F, 1.0F}, 1e-6F);
}

TEST_F(CudaKernel, RefusesSizesItCannotDo) {
    const DeviceNumbers x(*cuda, Numbers(8));
    EXPECT_NE(cuda->rmsNorm(x.get(), x.get(), x.get(), 1, 0, 1e-6F, nullptr), 0);
    EXPECT_NE(cuda->rope1d(x.get(), 1, 1, 1, 7, 10000.0F, nullptr), 0);
    EXPECT_NE(cuda->softMaskAttention(x.get(), x.get(), x.get(), x.get(), 1, 1, 1 << 20, 8, 0.0F, nullptr), 0);
    EXPECT_STRNE(cuda->errorText(1), "");
}

}  // namespace
}  // namespace vl::test
