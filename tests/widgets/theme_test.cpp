// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QFontInfo>
#include <QPalette>
#include <QSignalSpy>
#include <cmath>

#include "widgets/icons.h"
#include "widgets/theme_style.h"

namespace vl {
namespace {

/// Relative luminance and contrast ratio as WCAG 2.1 defines them.
double luminance(const QColor& colour) {
    const auto channel = [](double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
    return 0.2126 * channel(colour.redF()) + 0.7152 * channel(colour.greenF()) + 0.0722 * channel(colour.blueF());
}

double contrast(const QColor& a, const QColor& b) {
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

class ThemeTokens : public ::testing::TestWithParam<bool> {
protected:
    const Tokens& tokens() const { return GetParam() ? darkTokens() : lightTokens(); }
};

TEST_P(ThemeTokens, TextIsReadableOnEveryGroundItIsUsedOn) {
    const Tokens& t = tokens();
    for (const QColor& ground : {t.window, t.canvas, t.raised})
        for (const QColor& ink : {t.text, t.text2, t.text3, t.accent, t.good, t.warning, t.error})
            EXPECT_GE(contrast(ink, ground), 4.5) << ink.name().toStdString() << " on " << ground.name().toStdString();
    EXPECT_GE(contrast(t.onAccent, t.accent), 4.5);
    EXPECT_GE(contrast(t.text, t.selection), 4.5);
    EXPECT_GE(contrast(t.text2, t.selection), 4.5);
    EXPECT_GE(contrast(t.good, t.goodTint), 4.5);
    EXPECT_GE(contrast(t.warning, t.warningTint), 4.5);
    EXPECT_GE(contrast(t.error, t.errorTint), 4.5);
}

TEST_P(ThemeTokens, ControlLinesAndSeriesReachThreeToOne) {
    const Tokens& t = tokens();
    EXPECT_GE(contrast(t.controlLine, t.window), 3.0);
    EXPECT_GE(contrast(t.controlLine, t.canvas), 3.0);
    for (const QColor& series : t.series)
        EXPECT_GE(contrast(series, t.window), 3.0) << series.name().toStdString();
}

INSTANTIATE_TEST_SUITE_P(BothThemes, ThemeTokens, ::testing::Bool(),
                         [](const auto& i) { return i.param ? "dark" : "light"; });

TEST(Theme, StyleSheetHasNoUnresolvedToken) {
    for (const Tokens* tokens : {&darkTokens(), &lightTokens()}) {
        const QString sheet = makeStyleSheet(*tokens);
        EXPECT_FALSE(sheet.contains('@'));
        EXPECT_FALSE(sheet.contains(": ;"));
        EXPECT_FALSE(sheet.contains("url()"));
    }
}

TEST(Theme, ChoiceSwitchesPaletteAndTellsViews) {
    Theme& theme = Theme::instance();
    theme.setChoice(Theme::Choice::Dark);
    QSignalSpy spy(&theme, &Theme::changed);
    theme.setChoice(Theme::Choice::Light);
    EXPECT_EQ(spy.count(), 1);
    EXPECT_EQ(qApp->palette().color(QPalette::Window), lightTokens().window);
    EXPECT_FALSE(theme.tokens().dark);
    theme.setChoice(Theme::Choice::Dark);
    EXPECT_EQ(qApp->palette().color(QPalette::Window), darkTokens().window);
}

TEST(Theme, NumberFontIsFixedPitch) { EXPECT_TRUE(QFontInfo(Theme::monoFont(12)).fixedPitch()); }

TEST(Icons, EveryIconDrawsInTheColourAsked) {
    ASSERT_GT(iconNames().size(), 30);
    for (const QString& name : iconNames()) {
        const QImage image = iconPixmap(name, 16, QColor("#FF0000"), 2.0).toImage();
        ASSERT_EQ(image.width(), 32) << name.toStdString();
        int inked = 0, other = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x) {
                const QColor pixel = image.pixelColor(x, y);
                if (pixel.alpha() < 128) continue;
                ++inked;
                if (pixel.green() > 40 || pixel.blue() > 40) ++other;
            }
        EXPECT_GT(inked, 10) << name.toStdString();
        EXPECT_EQ(other, 0) << name.toStdString();
    }
}

TEST(Icons, UnknownNameGivesNullIcon) { EXPECT_TRUE(icon("no-such-icon").isNull()); }

}  // namespace
}  // namespace vl
