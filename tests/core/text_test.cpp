// SPDX-License-Identifier: Apache-2.0
#include "engine/core/text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/core/random.h"

namespace vl {
namespace {

TEST(FormatNumber, ReadsBackToTheSameDouble) {
    const RandomStream random(1, 2);
    for (std::uint64_t i = 0; i < 2000; ++i) {
        const double value = std::ldexp(random.uniform(2 * i) - 0.5, static_cast<int>(random.below(2 * i + 1, 600)) - 300);
        EXPECT_EQ(parseNumber(formatNumber(value)), value);
    }
}

TEST(FormatNumber, IsShort) {
    EXPECT_EQ(formatNumber(0.1), "0.1");
    EXPECT_EQ(formatNumber(5), "5");
    EXPECT_EQ(formatNumber(1e-6), "1e-06");
    EXPECT_EQ(formatNumber(std::nan("")), "nan");
    EXPECT_EQ(formatNumber(-std::numeric_limits<double>::infinity()), "-inf");
}

TEST(FormatFixed, RoundsAndKeepsDigits) {
    EXPECT_EQ(formatFixed(0.125, 1), "0.1");
    EXPECT_EQ(formatFixed(12.3456, 2), "12.35");
    EXPECT_EQ(formatFixed(3, 0), "3");
}

TEST(ParseNumber, TakesTheWholeTextOrNothing) {
    EXPECT_EQ(parseNumber(" 1e-3 "), 1e-3);
    EXPECT_EQ(parseNumber("+2.5"), 2.5);
    for (const auto* wrong : {"", "1,5", "1.5x", "--1", "+-1", "0x10", "one"}) EXPECT_FALSE(parseNumber(wrong)) << wrong;
    EXPECT_EQ(parseInteger("-42"), -42);
    EXPECT_FALSE(parseInteger("4.0"));
    EXPECT_FALSE(parseInteger("99999999999999999999"));
}

TEST(Thousands, GroupsDigitsByThree) {
    EXPECT_EQ(thousands(0), "0");
    EXPECT_EQ(thousands(999), "999");
    EXPECT_EQ(thousands(4212), "4,212");
    EXPECT_EQ(thousands(-1234567), "-1,234,567");
    EXPECT_EQ(thousands(-123), "-123");
}

TEST(IsUtf8, AcceptsTextAndRefusesBrokenSequences) {
    EXPECT_TRUE(isUtf8("plain, \xc3\xa9, \xe2\x82\xac, \xf0\x9f\x98\x80"));
    for (const auto* wrong : {"\xc3", "\x80", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff"})
        EXPECT_FALSE(isUtf8(wrong));
}

TEST(Printable, HidesControlBytesAndCutsLongText) {
    EXPECT_EQ(printable("a\nb\x7f"), "a?b?");
    EXPECT_EQ(printable("abcdef", 3), "abc...");
}

}  // namespace
}  // namespace vl
