// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/color_map.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace vl {
namespace {

double linear(int level) {
    const double c = level / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double luminance(QRgb c) { return 0.2126 * linear(qRed(c)) + 0.7152 * linear(qGreen(c)) + 0.0722 * linear(qBlue(c)); }

TEST(ColorMaps, LuminanceNeverFalls) {
    for (auto map : {ColorMap::Inferno, ColorMap::Viridis, ColorMap::Grey}) {
        const auto& table = colorTable(map);
        for (int i = 1; i < 256; ++i)
            EXPECT_GE(luminance(table[i]), luminance(table[i - 1])) << static_cast<int>(map) << " " << i;
        EXPECT_GT(luminance(table[255]) - luminance(table[0]), 0.6);
    }
}

TEST(ColorMaps, ClampAndSurviveNonFinite) {
    EXPECT_EQ(colorAt(ColorMap::Grey, -3), qRgb(0, 0, 0));
    EXPECT_EQ(colorAt(ColorMap::Grey, 7), qRgb(255, 255, 255));
    EXPECT_EQ(colorAt(ColorMap::Inferno, std::numeric_limits<double>::quiet_NaN()), colorTable(ColorMap::Inferno)[0]);
    EXPECT_EQ(colorStrip(ColorMap::Viridis, 10).pixel(9, 0), colorTable(ColorMap::Viridis)[255]);
}

TEST(OverlayAlpha, FollowsTheFormulaUpToItsLimit) {
    EXPECT_DOUBLE_EQ(overlayAlpha(0.62, 0), 0.31);
    EXPECT_DOUBLE_EQ(overlayAlpha(0.62, 0.5), 0.62 * 0.9);
    EXPECT_DOUBLE_EQ(overlayAlpha(0.62, 1), 0.62 * 1.3);
    EXPECT_DOUBLE_EQ(overlayAlpha(1, 1), 0.85);
    EXPECT_DOUBLE_EQ(overlayAlpha(0, 1), 0);
}

TEST(ValueScale, LinearAndThreeDecadesOfLog) {
    const ValueScale lin{0.5, false}, log{0.5, true};
    EXPECT_DOUBLE_EQ(lin.normalise(0.25), 0.5);
    EXPECT_DOUBLE_EQ(lin.normalise(9), 1);
    EXPECT_DOUBLE_EQ(lin.normalise(-1), 0);
    EXPECT_DOUBLE_EQ(log.normalise(0.5), 1);
    EXPECT_NEAR(log.normalise(0.05), 2 / 3.0, 1e-12);
    EXPECT_DOUBLE_EQ(log.normalise(0.0004), 0);
    EXPECT_DOUBLE_EQ(log.normalise(std::numeric_limits<double>::infinity()), 0);
    EXPECT_DOUBLE_EQ((ValueScale{0, false}).normalise(1), 0);
}

}  // namespace
}  // namespace vl
