// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme_style.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include "widgets/icons.h"

namespace vl {
namespace {

/// Style sheets take pictures by file only: the few they need (arrow, tick) are drawn once per theme into a folder that
/// goes with the program.
QString pictureFile(const QString& name, const QColor& colour) {
    static QTemporaryDir folder;
    const QString file = folder.filePath(name + "-" + colour.name().mid(1) + ".svg");
    if (!QFile::exists(file)) {
        QFile in(":/icons/" + name + ".svg"), out(file);
        iconNames();  // makes sure the resource is there
        if (in.open(QIODevice::ReadOnly) && out.open(QIODevice::WriteOnly)) {
            QByteArray text = in.readAll();
            text.replace("currentColor", colour.name().toLatin1());
            out.write(text);
        }
    }
    return QDir::fromNativeSeparators(file);
}

const char* const kButtons = R"(
QPushButton, QToolButton { background: @raised; color: @text; border: 1px solid @buttonLine; border-radius: 4px;
  padding: 0 11px; min-height: 26px; font-weight: 500; font-size: 13px; }
QPushButton:hover, QToolButton:hover { background: @hover; }
QPushButton:pressed, QToolButton:pressed { background: @press; }
QPushButton:disabled, QToolButton:disabled { background: transparent; color: @disabled; border-color: @line; }
QPushButton[kind="primary"] { background: @accent; color: @onAccent; border-color: @accent; }
QPushButton[kind="primary"]:hover { background: @accentHover; border-color: @accentHover; }
QPushButton[kind="primary"]:pressed { background: @accentPress; border-color: @accentPress; }
QPushButton[kind="primary"]:disabled { background: transparent; color: @disabled; border-color: @line; }
QPushButton[kind="quiet"], QToolButton[kind="quiet"] { background: transparent; border-color: transparent; }
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover { background: @hover; border-color: @buttonLine; }
QPushButton[kind="quiet"]:pressed, QToolButton[kind="quiet"]:pressed { background: @press; }
QToolButton[kind="quiet"]:checked { background: @selection; }
QToolButton[iconOnly="true"] { padding: 0; min-width: 26px; max-width: 26px; max-height: 26px; }
QPushButton::menu-indicator, QToolButton::menu-indicator { image: none; width: 0; }
QToolButton[kind="segment"] { border-radius: 0; background: transparent; padding: 0 11px; border-left: none;
  font-weight: 400; color: @text2; }
QToolButton[kind="segment"]:hover { background: @hover; color: @text; }
QToolButton[kind="segment"]:checked { background: @selection; color: @text; font-weight: 500; }
QToolButton[kind="segment"]:disabled { color: @disabled; }
QToolButton[kind="segment"][place="first"] { border-left: 1px solid @buttonLine; border-top-left-radius: 4px;
  border-bottom-left-radius: 4px; }
QToolButton[kind="segment"][place="last"] { border-top-right-radius: 4px; border-bottom-right-radius: 4px; }
QToolButton[kind="segment"][place="only"] { border-left: 1px solid @buttonLine; border-radius: 4px; }
QToolButton[kind="tab"] { background: transparent; border: none; border-radius: 0; border-bottom: 2px solid transparent;
  padding: 2px 0 0 0; color: @text2; font-weight: 500; }
QToolButton[kind="tab"]:hover { color: @text; }
QToolButton[kind="tab"]:checked { color: @text; border-bottom-color: @accent; }
QToolButton[kind="tab"]:disabled { color: @disabled; }
)";

const char* const kFields = R"(
QLineEdit, QComboBox, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox { background: @canvas; color: @text;
  border: 1px solid @controlLine; border-radius: 4px; padding: 0 7px; min-height: 26px;
  selection-background-color: @accent; selection-color: @onAccent; }
QPlainTextEdit, QTextEdit { padding: 4px; }
QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus {
  border: 2px solid @accent; padding: 0 6px; min-height: 24px; }
QLineEdit[invalid="true"] { border: 1px solid @error; padding: 0 7px; min-height: 26px; }
QLineEdit[invalid="true"]:focus { border: 2px solid @error; padding: 0 6px; min-height: 24px; }
QLineEdit:disabled, QComboBox:disabled { color: @disabled; border-color: @line; background: transparent; }
QComboBox { padding-right: 0; }
QComboBox:focus { padding-right: 0; }
QComboBox::drop-down { border: none; width: 17px; subcontrol-origin: padding; subcontrol-position: center right; }
QComboBox::down-arrow { image: url(@arrow); width: 14px; height: 14px; }
QComboBox::down-arrow:disabled { image: url(@arrowOff); }
QComboBox QAbstractItemView { background: @raised; border: 1px solid @controlLine; padding: 4px; outline: none;
  selection-background-color: @selection; selection-color: @text; }
QComboBox QAbstractItemView::item { min-height: 24px; padding: 0 4px; }
QCheckBox, QRadioButton { spacing: 8px; color: @text; }
QCheckBox:disabled { color: @disabled; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid @controlLine; border-radius: 3px; background: @canvas; }
QCheckBox::indicator:hover { background: @hover; }
QCheckBox::indicator:checked { background: @accent; border-color: @accent; image: url(@check); }
QCheckBox::indicator:disabled { border-color: @line; background: transparent; }
QCheckBox::indicator:checked:disabled { background: @line; }
QSlider { min-height: 20px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: @line; }
QSlider::sub-page:horizontal { background: @accent; border-radius: 2px; }
QSlider::handle:horizontal { width: 12px; height: 12px; margin: -5px 0; border-radius: 7px; background: @knob;
  border: 1px solid @knobLine; }
QSlider::groove:horizontal:disabled, QSlider::sub-page:horizontal:disabled { background: @line; }
QSlider::handle:horizontal:disabled { background: @disabled; border-color: @disabled; }
)";

const char* const kViews = R"(
QWidget#centralWidget, QMainWindow, QDialog { background: @window; }
QLabel { background: transparent; }
QLabel[tone="text2"] { color: @text2; } QLabel[tone="text3"] { color: @text3; }
QLabel[tone="accent"] { color: @accent; } QLabel[tone="good"] { color: @good; }
QLabel[tone="warning"] { color: @warning; } QLabel[tone="error"] { color: @error; }
QLabel[tone="disabled"], QLabel:disabled { color: @disabled; }
QWidget[surface="raised"] { background: @raised; border: 1px solid @line; border-radius: 6px; }
QWidget[surface="canvas"] { background: @canvas; }
QWidget[surface="accentTint"] { background: @accentTint; border: none; border-top: 1px solid @line; }
QFrame[separator="true"] { background: @line; border: none; }
QAbstractItemView { background: @window; color: @text; border: none; outline: none; alternate-background-color: @window;
  selection-background-color: @selection; selection-color: @text; }
QAbstractItemView::item:hover { background: @hover; }
QAbstractItemView::item:selected { background: @selection; color: @text; }
QAbstractItemView:focus { border: none; }
QHeaderView { background: @window; border: none; }
QHeaderView::section { background: @window; color: @text2; border: none; border-bottom: 1px solid @line; padding: 0 8px;
  min-height: 24px; font-size: 11px; font-weight: 400; }
QHeaderView::down-arrow { image: url(@arrow); width: 10px; height: 10px; subcontrol-position: center right; }
QHeaderView::up-arrow { image: url(@arrowUp); width: 10px; height: 10px; subcontrol-position: center right; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; background: transparent; margin: 0; }
QScrollBar:horizontal { height: 10px; background: transparent; margin: 0; }
QScrollBar::handle { background: @buttonLine; border-radius: 3px; margin: 2px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: @controlLine; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: none; border: none;
  width: 0; height: 0; }
QMenuBar { background: @window; color: @text2; border: none; font-size: 13px; }
QMenuBar::item { padding: 0 8px; background: transparent; }
QMenuBar::item:selected { background: @hover; color: @text; border-radius: 4px; }
QMenu { background: @raised; color: @text; border: 1px solid @controlLine; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 24px; border-radius: 3px; }
QMenu::item:selected { background: @selection; }
QMenu::item:disabled { color: @disabled; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
QMenu::icon { padding-left: 6px; }
QMenu::indicator:checked { image: url(@menuTick); width: 14px; height: 14px; left: 6px; }
QToolTip { background: @raised; color: @text; border: 1px solid @controlLine; padding: 3px 6px; font-size: 12px; }
QToolBar { background: @window; border: none; border-bottom: 1px solid @line; spacing: 4px; padding: 0 8px; }
QStatusBar { background: @window; border-top: 1px solid @line; } QStatusBar::item { border: none; }
QMainWindow::separator { background: @line; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: @accent; }
QDockWidget { background: @window; }
QSplitter::handle { background: @line; } QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
)";

}  // namespace

QPalette makePalette(const Tokens& t) {
    QPalette p;
    p.setColor(QPalette::Window, t.window);
    p.setColor(QPalette::Base, t.canvas);
    p.setColor(QPalette::AlternateBase, t.hover);
    p.setColor(QPalette::Button, t.raised);
    p.setColor(QPalette::ToolTipBase, t.raised);
    p.setColor(QPalette::Midlight, t.line);
    p.setColor(QPalette::Light, t.line);
    p.setColor(QPalette::Mid, t.buttonLine);
    p.setColor(QPalette::Dark, t.controlLine);
    p.setColor(QPalette::Shadow, t.controlLine);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText})
        p.setColor(role, t.text);
    p.setColor(QPalette::BrightText, t.error);
    p.setColor(QPalette::PlaceholderText, t.text3);
    p.setColor(QPalette::Highlight, t.accent);
    p.setColor(QPalette::HighlightedText, t.onAccent);
    p.setColor(QPalette::Link, t.accent);
    p.setColor(QPalette::LinkVisited, t.accent);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        p.setColor(QPalette::Disabled, role, t.disabled);
    p.setColor(QPalette::Disabled, QPalette::Highlight, t.line);
    return p;
}

QString makeStyleSheet(const Tokens& t) {
    const QList<QPair<QString, QString>> names = {{"window", t.window.name()},
                                                  {"canvas", t.canvas.name()},
                                                  {"raised", t.raised.name()},
                                                  {"hover", t.hover.name()},
                                                  {"press", t.press.name()},
                                                  {"line", t.line.name()},
                                                  {"buttonLine", t.buttonLine.name()},
                                                  {"controlLine", t.controlLine.name()},
                                                  {"text", t.text.name()},
                                                  {"text2", t.text2.name()},
                                                  {"text3", t.text3.name()},
                                                  {"disabled", t.disabled.name()},
                                                  {"accent", t.accent.name()},
                                                  {"accentHover", t.accentHover.name()},
                                                  {"accentPress", t.accentPress.name()},
                                                  {"onAccent", t.onAccent.name()},
                                                  {"selection", t.selection.name()},
                                                  {"good", t.good.name()},
                                                  {"warning", t.warning.name()},
                                                  {"error", t.error.name()},
                                                  {"accentTint", t.accentTint.name()},
                                                  {"knob", (t.dark ? t.text : t.raised).name()},
                                                  {"knobLine", (t.dark ? t.text : t.accent).name()},
                                                  {"arrow", pictureFile("chevron-down", t.text2)},
                                                  {"arrowUp", pictureFile("chevron-up", t.text2)},
                                                  {"arrowOff", pictureFile("chevron-down", t.disabled)},
                                                  {"check", pictureFile("tick", t.onAccent)},
                                                  {"menuTick", pictureFile("tick", t.text)}};
    QHash<QString, QString> values;
    for (const auto& [name, value] : names)
        values.insert(name, value);

    const QString source = QString::fromLatin1(kButtons) + kFields + kViews;
    QString out;
    out.reserve(source.size() * 2);
    for (qsizetype i = 0; i < source.size(); ++i) {
        if (source[i] != '@') {
            out += source[i];
            continue;
        }
        qsizetype end = i + 1;
        while (end < source.size() && source[end].isLetterOrNumber())
            ++end;
        out += values.value(source.mid(i + 1, end - i - 1));
        i = end - 1;
    }
    return out;
}

}  // namespace vl
