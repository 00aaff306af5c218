// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme.h"

#include <QApplication>
#include <QEvent>
#include <QFontDatabase>
#include <QFontInfo>
#include <QPalette>
#include <QStyle>

#include "widgets/theme_style.h"
#include "widgets/tone.h"

namespace vl {
namespace {

QColor mixed(const QColor& a, const QColor& b, double shareOfA) {
    const auto channel = [&](int x, int y) { return int(x * shareOfA + y * (1 - shareOfA) + 0.5); };
    return {channel(a.red(), b.red()), channel(a.green(), b.green()), channel(a.blue(), b.blue())};
}

Tokens makeDark() {
    Tokens t;
    t.dark = true;
    t.window = "#181B1F", t.canvas = "#101316", t.raised = "#22262C", t.hover = "#2C3138", t.press = "#121518";
    t.line = "#2C3138", t.buttonLine = "#3D444D", t.controlLine = "#606A76", t.grid = "#22272D";
    t.text = "#E4E7EB", t.text2 = "#A7AFB9", t.text3 = "#858E99", t.disabled = "#666E78";
    t.accent = "#5AA9FF", t.accentHover = "#7ABAFF", t.accentPress = "#4392E6", t.onAccent = "#0B1A2B";
    t.selection = "#1E3A5C", t.good = "#4FC58C", t.warning = "#E9B44C", t.error = "#F7877F";
    t.goodTint = "#182A22", t.warningTint = "#2C2618", t.errorTint = "#341F1F", t.accentTint = "#172637";
    t.series = {"#5AA9FF", "#F08A24", "#72F0A6", "#C26B94", "#7FD0F1", "#DCCB2A", "#A55CFA", "#E3ECF5"};
    t.seriesRaw = {"#2A4A6E", "#5E401F"};
    return t;
}

Tokens makeLight() {
    Tokens t;
    t.dark = false;
    t.window = "#F4F5F7", t.canvas = "#FFFFFF", t.raised = "#FFFFFF", t.hover = "#E8EBEF", t.press = "#D5DAE0";
    t.line = "#DCE0E5", t.buttonLine = "#BBC2CA", t.controlLine = "#7F8893", t.grid = "#EDEFF2";
    t.text = "#1A1E23", t.text2 = "#505964", t.text3 = "#626B76", t.disabled = "#9AA1AA";
    t.accent = "#1463C4", t.accentHover = "#0F55AC", t.accentPress = "#0B478F", t.onAccent = "#FFFFFF";
    t.selection = "#D6E6FA", t.good = "#0B7044", t.warning = "#8A5A00", t.error = "#BE2F29";
    t.goodTint = "#E2F3EA", t.warningTint = "#FBF0D8", t.errorTint = "#FBE7E5", t.accentTint = "#E4EFFC";
    t.series = {"#1463C4", "#A3590E", "#00402A", "#7A4469", "#3695C0", "#8F9050", "#492B88", "#71767B"};
    t.seriesRaw = {"#B4CDEE", "#E3CBB2"};
    return t;
}

QFont firstInstalled(const QStringList& families, QFontDatabase::SystemFont fallback) {
    for (const QString& family : families)
        if (QFontDatabase::hasFamily(family)) return QFont(family);
    return QFontDatabase::systemFont(fallback);
}

/// The platform's own palette decides "System", because Qt 6.4 has no colour-scheme hint. Setting an empty palette
/// brings the platform's back for a moment; the caller puts the theme's own in place again.
bool systemIsDark() {
    QApplication::setPalette(QPalette());
    const QPalette palette = QApplication::palette();
    return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
}

}  // namespace

QColor Tokens::rawColour(int index) const {
    if (index >= 0 && index < int(seriesRaw.size())) return seriesRaw[std::size_t(index)];
    const int slot = ((index % int(series.size())) + int(series.size())) % int(series.size());
    return mixed(series[std::size_t(slot)], window, 0.36);
}

const Tokens& darkTokens() {
    static const Tokens tokens = makeDark();
    return tokens;
}

const Tokens& lightTokens() {
    static const Tokens tokens = makeLight();
    return tokens;
}

QColor toneColour(const Tokens& t, Tone tone) {
    switch (tone) {
        case Tone::Text:
            return t.text;
        case Tone::Text2:
            return t.text2;
        case Tone::Text3:
            return t.text3;
        case Tone::Disabled:
            return t.disabled;
        case Tone::Accent:
            return t.accent;
        case Tone::OnAccent:
            return t.onAccent;
        case Tone::Good:
            return t.good;
        case Tone::Warning:
            return t.warning;
        case Tone::Error:
            return t.error;
    }
    return t.text;
}

const char* toneName(Tone tone) {
    static constexpr const char* names[] = {"text",     "text2", "text3",   "disabled", "accent",
                                            "onaccent", "good",  "warning", "error"};
    return names[int(tone)];
}

Theme& Theme::instance() {
    static Theme theme;
    return theme;
}

const Tokens& Theme::tokens() const {
    const bool dark = choice_ == Choice::Dark || (choice_ == Choice::System && systemDark_);
    return dark ? darkTokens() : lightTokens();
}

void Theme::setChoice(Choice choice) {
    if (choice == choice_) return;
    choice_ = choice;
    apply();
}

void Theme::install(QApplication& application) {
    application_ = &application;
    systemDark_ = systemIsDark();
    application.setStyle(makeStudioStyle());
    application.setFont(uiFont(13));
    application.installEventFilter(makeFocusRing(&application));
    application.installEventFilter(this);
    apply();
}

bool Theme::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::ThemeChange && !applying_ && choice_ == Choice::System) {
        applying_ = true;
        systemDark_ = systemIsDark();
        applying_ = false;
        apply();
    }
    return QObject::eventFilter(watched, event);
}

void Theme::apply() {
    if (application_) {
        applying_ = true;
        const Tokens& t = tokens();
        application_->setPalette(makePalette(t));
        application_->setStyleSheet(makeStyleSheet(t));
        applying_ = false;
    }
    Q_EMIT changed();
}

QFont Theme::uiFont(int pixelSize, int weight) {
    static const QFont base = firstInstalled({"Inter", "Noto Sans", "DejaVu Sans"}, QFontDatabase::GeneralFont);
    QFont font = base;
    font.setPixelSize(pixelSize);
    font.setWeight(QFont::Weight(weight));
    return font;
}

QFont Theme::monoFont(int pixelSize, int weight) {
    static const QFont base =
        firstInstalled({"JetBrains Mono", "Noto Sans Mono", "DejaVu Sans Mono"}, QFontDatabase::FixedFont);
    QFont font = base;
    font.setStyleHint(QFont::Monospace);
    font.setPixelSize(pixelSize);
    font.setWeight(QFont::Weight(weight));
    return font;
}

}  // namespace vl
