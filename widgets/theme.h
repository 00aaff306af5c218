// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

#include <QColor>
#include <QFont>
#include <QObject>

class QApplication;

namespace vl {

/// Colours of one theme; names follow the design tokens. Solid colours only.
struct Tokens {
    bool dark = true;
    QColor window, canvas, raised, hover, press;
    QColor line, buttonLine, controlLine, grid;
    QColor text, text2, text3, disabled;
    QColor accent, accentHover, accentPress, onAccent, selection;
    QColor good, warning, error;
    QColor goodTint, warningTint, errorTint, accentTint;
    std::array<QColor, 8> series;     ///< one per run, kept for good
    std::array<QColor, 2> seriesRaw;  ///< thin raw lines of series 1 and 2; others: rawColour()
    QColor rawColour(int index) const; ///< series colour mixed about a third into the window
};

const Tokens& darkTokens();
const Tokens& lightTokens();

/// The application's theme: palette, style sheet, fonts. Views re-read `tokens()` on `changed()`.
class Theme : public QObject {
    Q_OBJECT
public:
    enum class Choice { System, Dark, Light };

    static Theme& instance();
    const Tokens& tokens() const;
    Choice choice() const { return choice_; }
    void setChoice(Choice choice);
    /// Sets Fusion, palette, style sheet and fonts; call once after the application object exists.
    void install(QApplication& application);

    /// Inter or a sane fallback, in pixels.
    static QFont uiFont(int pixelSize, int weight = QFont::Normal);
    /// JetBrains Mono or a sane fallback: every number that changes or aligns.
    static QFont monoFont(int pixelSize, int weight = QFont::Normal);

Q_SIGNALS:
    void changed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    Theme() = default;
    void apply();
    bool systemDark_ = true, applying_ = false;
    Choice choice_ = Choice::System;
    QApplication* application_ = nullptr;
};

}  // namespace vl
