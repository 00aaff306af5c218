// SPDX-License-Identifier: Apache-2.0
#include "engine/io/tensor_statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "engine/io/number_formats.h"
#include "tests/core/expect_error.h"

namespace vl {
namespace {

template <typename T>
std::span<const std::byte> bytesOf(const std::vector<T>& values) {
    return std::as_bytes(std::span(values));
}

double decoded(const char* dtype, std::uint64_t bits) {
    double value = 0;
    numberFormat(dtype).decode(reinterpret_cast<const std::byte*>(&bits), 1, &value);
    return value;
}

TEST(NumberFormats, DecodeTheValuesTheirDefinitionsGive) {
    EXPECT_EQ(decoded("F16", 0x3c00), 1);
    EXPECT_EQ(decoded("F16", 0xc000), -2);
    EXPECT_EQ(decoded("F16", 0x7bff), 65504);
    EXPECT_EQ(decoded("F16", 0x0001), std::ldexp(1, -24));
    EXPECT_EQ(decoded("F16", 0x8001), -std::ldexp(1, -24));
    EXPECT_TRUE(std::isinf(decoded("F16", 0x7c00)));
    EXPECT_TRUE(std::isnan(decoded("F16", 0x7e00)));
    EXPECT_EQ(decoded("BF16", 0x3f80), 1);
    EXPECT_EQ(decoded("BF16", 0xc0a0), -5);
    EXPECT_EQ(decoded("F8_E4M3", 0x38), 1);
    EXPECT_EQ(decoded("F8_E4M3", 0x7e), 448);
    EXPECT_EQ(decoded("F8_E4M3", 0x81), -std::ldexp(1, -9));
    EXPECT_TRUE(std::isnan(decoded("F8_E4M3", 0xff)));
    EXPECT_EQ(decoded("F8_E5M2", 0x3c), 1);
    EXPECT_EQ(decoded("F8_E5M2", 0x7b), 57344);
    EXPECT_TRUE(std::isinf(decoded("F8_E5M2", 0xfc)));
    EXPECT_EQ(decoded("F8_E8M0", 127), 1);
    EXPECT_EQ(decoded("F8_E8M0", 130), 8);
    EXPECT_EQ(decoded("I8", 0xff), -1);
    EXPECT_EQ(decoded("U16", 0xffff), 65535);
    EXPECT_EQ(decoded("BOOL", 2), 1);
    EXPECT_EQ(numberFormat("F4").decode, nullptr);
}

TEST(TensorStatistics, CountsWhatIsThere) {
    const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
    const std::vector<float> values{2, 4, 4, 4, 5, 5, 7, 9, nan, inf, -inf};
    const auto s = tensorStatistics(bytesOf(values), "F32");
    EXPECT_EQ(s.elements, 11);
    EXPECT_EQ(s.nan, 1);
    EXPECT_EQ(s.infinite, 2);
    EXPECT_EQ(s.zeros, 0);
    EXPECT_DOUBLE_EQ(s.mean, 5);
    EXPECT_DOUBLE_EQ(s.std, 2);  // of the eight finite ones, as a population
    EXPECT_EQ(s.min, 2);
    EXPECT_EQ(s.max, 9);
    ASSERT_EQ(s.histogram.size(), 64u);
    EXPECT_EQ(s.histogram[0], 1u);   // 2
    EXPECT_EQ(s.histogram[18], 3u);  // 4: (4 - 2) / 7 * 64 = 18.3
    EXPECT_EQ(s.histogram[27], 2u);  // 5
    EXPECT_EQ(s.histogram[63], 1u);  // 9 belongs to the last bin
    EXPECT_EQ(std::accumulate(s.histogram.begin(), s.histogram.end(), 0u), 8u);
}

TEST(TensorStatistics, AgreesAcrossTypesAndPieces) {
    constexpr int n = 40'000;  // more than one piece
    std::vector<std::int32_t> whole(n);
    std::vector<double> wide(n);
    for (int i = 0; i < n; ++i)
        wide[static_cast<std::size_t>(i)] = whole[static_cast<std::size_t>(i)] = i % 100;
    const auto a = tensorStatistics(bytesOf(whole), "I32"), b = tensorStatistics(bytesOf(wide), "F64");
    EXPECT_DOUBLE_EQ(a.mean, 49.5);
    EXPECT_NEAR(a.std, std::sqrt((100.0 * 100 - 1) / 12), 1e-9);
    EXPECT_EQ(a.zeros, n / 100);
    EXPECT_EQ(a.mean, b.mean);
    EXPECT_EQ(a.histogram, b.histogram);
}

TEST(TensorStatistics, HoldsAtTheEnds) {
    const auto empty = tensorStatistics({}, "F32");
    EXPECT_EQ(empty.elements, 0);
    EXPECT_TRUE(empty.histogram.empty());
    const std::vector<double> equal{3, 3}, extreme{-1.7e308, 1.7e308}, none{std::nan("")};
    EXPECT_EQ(tensorStatistics(bytesOf(equal), "F64").std, 0);
    EXPECT_EQ(tensorStatistics(bytesOf(equal), "F64").histogram[0], 2u);
    const auto far = tensorStatistics(bytesOf(extreme), "F64");
    EXPECT_EQ(far.histogram[0], 1u);
    EXPECT_EQ(far.histogram[63], 1u);
    EXPECT_TRUE(tensorStatistics(bytesOf(none), "F64").histogram.empty());
    EXPECT_EQ(tensorStatistics(bytesOf(none), "F64").nan, 1);
}

TEST(TensorStatistics, CanBeStopped) {
    const std::vector<float> values(100);
    std::size_t told = 0;
    tensorStatistics(bytesOf(values), "F32", [&](std::size_t bytes) { return told += bytes, true; });
    EXPECT_EQ(told, 400u);
    test::expectError(ErrorCode::Cancelled,
                      [&] { tensorStatistics(bytesOf(values), "F32", [](std::size_t) { return false; }); });
}

}  // namespace
}  // namespace vl
