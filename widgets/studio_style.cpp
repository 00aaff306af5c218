// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractButton>
#include <QAbstractSlider>
#include <QFocusEvent>
#include <QFocusFrame>
#include <QPainter>
#include <QPointer>
#include <QProxyStyle>
#include <QStyleFactory>
#include <QStyleOption>

#include "widgets/theme_style.h"

namespace vl {
namespace {

class StudioStyle final : public QProxyStyle {
public:
    StudioStyle() : QProxyStyle(QStyleFactory::create("Fusion")) {}

    int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override {
        switch (metric) {
            case PM_FocusFrameHMargin:
            case PM_FocusFrameVMargin:
                return 3;
            case PM_SmallIconSize:
            case PM_ButtonIconSize:
            case PM_ToolBarIconSize:
                return 16;
            case PM_MenuButtonIndicator:
                return 0;
            default:
                return QProxyStyle::pixelMetric(metric, option, widget);
        }
    }

    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* data) const override {
        if (hint == SH_FocusFrame_AboveWidget) return 1;
        if (hint == SH_ComboBox_Popup) return 0;
        return QProxyStyle::styleHint(hint, option, widget, data);
    }

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override {
        // The frame around the control says it; Fusion's second one inside would only add a line.
        if (element != PE_FrameFocusRect) QProxyStyle::drawPrimitive(element, option, painter, widget);
    }

    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override {
        if (element != CE_FocusFrame) return QProxyStyle::drawControl(element, option, painter, widget);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(Theme::instance().tokens().accent, 2));
        painter->drawRoundedRect(QRectF(option->rect).adjusted(1, 1, -1, -1), 6, 6);
        painter->restore();
    }
};

/// Buttons, sliders and custom controls get the frame when the keyboard brought the focus; fields have their own
/// border.
class FocusRing final : public QObject {
public:
    using QObject::QObject;

    bool eventFilter(QObject* watched, QEvent* event) override {
        // A window that opens gives its first control the focus as if by Tab: no frame before a key was pressed.
        if (event->type() == QEvent::KeyPress)
            keyboardUsed_ = true;
        else if (event->type() == QEvent::MouseButtonPress)
            keyboardUsed_ = false;
        if (event->type() == QEvent::FocusIn) {
            const auto reason = static_cast<QFocusEvent*>(event)->reason();
            const bool keyboard = keyboardUsed_ && (reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason ||
                                                    reason == Qt::ShortcutFocusReason);
            auto* widget = qobject_cast<QWidget*>(watched);
            if (widget && keyboard && wantsFrame(widget))
                show(widget);
            else if (widget)
                hide();
        } else if (event->type() == QEvent::FocusOut && frame_ && frame_->widget() == watched) {
            hide();
        }
        return false;
    }

private:
    static bool wantsFrame(const QWidget* widget) {
        return qobject_cast<const QAbstractButton*>(widget) || qobject_cast<const QAbstractSlider*>(widget) ||
               widget->property("focusFrame").toBool();
    }
    void show(QWidget* widget) {
        if (!frame_) frame_ = new QFocusFrame;
        frame_->setWidget(widget);
    }
    void hide() {
        if (frame_) frame_->setWidget(nullptr);
    }
    QPointer<QFocusFrame> frame_;
    bool keyboardUsed_ = false;
};

}  // namespace

QStyle* makeStudioStyle() { return new StudioStyle; }
QObject* makeFocusRing(QObject* parent) { return new FocusRing(parent); }

}  // namespace vl
