// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/chart_stack.h"

#include <QEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <iterator>

#include "widgets/theme.h"

namespace vl {

/// Cursor, "now", dots, end labels, flag and zoom box, painted over all charts: moving the cursor replots nothing.
class ChartStack::Overlay : public QWidget {
public:
    explicit Overlay(ChartStack& stack) : QWidget(&stack), stack_(stack) {
        setAttribute(Qt::WA_TransparentForMouseEvents);
        setAttribute(Qt::WA_NoSystemBackground);
    }

protected:
    void paintEvent(QPaintEvent*) override {
        if (panels().empty()) return;
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        paintNow(painter);
        for (PlotPanel* panel : panels())
            paintEndLabels(painter, *panel);
        paintCursor(painter);
        paintBox(painter);
    }

private:
    std::vector<PlotPanel*> panels() const { return stack_.shownPanels(); }
    QRect area(const PlotPanel& panel) const { return panel.plotRect().translated(panel.pos()); }
    bool inside(double x) const { return x >= stack_.axis_.lower() && x <= stack_.axis_.upper(); }
    double pixel(double x) const { return std::round(stack_.axis_.toPixel(x, width())) + 0.5; }

    void verticalLine(QPainter& painter, double x) const {
        for (const PlotPanel* panel : panels()) {
            const QRect rect = area(*panel);
            painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()));
        }
        if (stack_.strip_ && stack_.strip_->isVisible()) {
            const QRect rect = stack_.strip_->geometry();
            painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()));
        }
    }

    void paintNow(QPainter& painter) const {
        const auto now = stack_.axis_.now();
        if (!now || !inside(*now)) return;
        const Tokens& t = Theme::instance().tokens();
        QPen pen(t.controlLine, 1);
        pen.setDashPattern({2, 3});
        painter.setPen(pen);
        const double x = pixel(*now);
        verticalLine(painter, x);
        painter.setPen(t.text3);
        painter.setFont(Theme::uiFont(11));
        const QRect top = area(*panels().front());
        const bool right = x + 40 < top.right();
        painter.drawText(QRectF(right ? x + 6 : x - 46, top.top() + 2, 40, 14), right ? Qt::AlignLeft : Qt::AlignRight,
                         tr("now"));
    }

    void paintEndLabels(QPainter& painter, const PlotPanel& panel) const {
        const Tokens& t = Theme::instance().tokens();
        painter.setFont(Theme::uiFont(11));
        const QRect rect = area(panel);
        std::vector<QRectF> taken;
        for (int i = 0; i < panel.seriesCount(); ++i) {
            const SeriesSpec& spec = panel.spec(i);
            const SeriesData& values = panel.data(i);
            if (!spec.endLabel || values.empty() || !inside(values.x().back())) continue;
            const auto y = panel.yPixel(i, values.smoothed().back());
            if (!y) continue;
            const double wide = painter.fontMetrics().horizontalAdvance(spec.name), x = pixel(values.x().back());
            const bool right = x + 8 + wide < rect.right();
            // Beside the end where there is room, else above it: never on the curve.
            QRectF box(right ? x + 7 : rect.right() - wide - 4, *y + panel.y() + (right ? 4 : -30), wide + 2, 14);
            for (const QRectF& other : taken)
                if (box.intersects(other)) box.moveTop(other.bottom() + 1);
            if (box.bottom() > rect.bottom()) box.moveBottom(rect.bottom() - 2);
            taken.push_back(box);
            painter.setPen(t.series[std::size_t(spec.colour) % t.series.size()]);
            painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter, spec.name);
        }
    }

    void paintCursor(QPainter& painter) const {
        const auto cursor = stack_.axis_.cursor();
        if (!cursor || !inside(*cursor)) return;
        const Tokens& t = Theme::instance().tokens();
        const double x = pixel(*cursor);
        painter.setPen(QPen(t.text, 1));
        verticalLine(painter, x);
        for (const PlotPanel* panel : panels())
            for (int i = 0; i < panel->seriesCount(); ++i) {
                const auto reading = panel->reading(i, *cursor);
                if (!reading || *cursor > panel->data(i).x().back() || *cursor < panel->data(i).x().front()) continue;
                const auto y = panel->yPixel(i, reading->value);
                if (!y) continue;
                painter.setPen(Qt::NoPen);
                painter.setBrush(t.series[std::size_t(panel->spec(i).colour) % t.series.size()]);
                // Where values are few, the dot stands on the value that is read, not beside the line.
                const bool sparse = panel->spec(i).draw == SeriesDraw::LineAndPoints;
                if (sparse && !inside(reading->x)) continue;
                painter.drawEllipse(QPointF(sparse ? pixel(reading->x) : x, *y + panel->y()), 4, 4);
            }
        paintFlag(painter, x, stack_.axis_.flagText ? stack_.axis_.flagText(*cursor) : stack_.axis_.valueText(*cursor));
    }

    void paintFlag(QPainter& painter, double x, const QString& words) const {
        const Tokens& t = Theme::instance().tokens();
        painter.setFont(Theme::monoFont(11));
        const double wide = painter.fontMetrics().horizontalAdvance(words) + 24;
        const QRect rect = area(*panels().back());
        const double left = std::clamp(x - wide / 2, 0.0, std::max(0.0, width() - wide));
        const QRectF box(left, rect.bottom() + 3, wide, 18);
        painter.setPen(Qt::NoPen);
        painter.setBrush(t.text);
        painter.drawRoundedRect(box, 3, 3);
        painter.setPen(t.window);
        painter.drawText(box, Qt::AlignCenter, words);
    }

    void paintBox(QPainter& painter) const {
        const Tokens& t = Theme::instance().tokens();
        for (const PlotPanel* panel : panels()) {
            const QRect box = panel->dragBox();
            if (box.isEmpty()) continue;
            painter.setPen(QPen(t.accent, 1));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(QRectF(box.translated(panel->pos())).adjusted(0.5, 0.5, -0.5, -0.5));
        }
    }

    ChartStack& stack_;
};

ChartStack::ChartStack(QWidget* parent) : QWidget(parent), layout_(new QVBoxLayout(this)) {
    layout_->setContentsMargins(0, 0, 0, 0);
    layout_->setSpacing(4);
    overlay_ = new Overlay(*this);
    const auto repaint = [this] { overlay_->update(); };
    connect(&axis_, &ChartAxis::cursorChanged, overlay_, repaint);
    connect(&axis_, &ChartAxis::nowChanged, overlay_, repaint);
    // A gesture answers within the frame; data waits for the timer.
    connect(&axis_, &ChartAxis::rangeChanged, overlay_, [this] {
        if (axis_.zoomed()) tick();
        overlay_->update();
    });
    connect(&axis_, &ChartAxis::resetRequested, overlay_, [this] {
        QMetaObject::invokeMethod(
            this, [this] { tick(); }, Qt::QueuedConnection);
    });
}

PlotPanel* ChartStack::addPanel(const QString& title, int stretch) {
    auto* panel = new PlotPanel(axis_, title);
    panel->setSmoothing(smoothing_);
    if (!panels_.empty()) panels_.back()->setShowsXAxis(false);
    panel->setShowsXAxis(true);
    panels_.push_back(panel);
    layout_->addWidget(panel, stretch);
    panel->installEventFilter(this);
    connect(panel, &PlotPanel::dragBoxChanged, overlay_, qOverload<>(&QWidget::update));
    connect(panel, &PlotPanel::replotted, overlay_, qOverload<>(&QWidget::update));
    overlay_->raise();
    return panel;
}

EventStrip* ChartStack::addStrip() {
    strip_ = new EventStrip(axis_);
    layout_->addWidget(strip_);
    overlay_->raise();
    return strip_;
}

void ChartStack::setPanelShown(PlotPanel* panel, bool shown) {
    if (panel->isHidden() == !shown) return;
    panel->setVisible(shown);
    const auto seen = shownPanels();
    for (PlotPanel* each : seen)
        each->setShowsXAxis(each == seen.back());
    overlay_->update();
}

void ChartStack::setStretch(PlotPanel* panel, int stretch) { layout_->setStretchFactor(panel, stretch); }

std::vector<PlotPanel*> ChartStack::shownPanels() const {
    std::vector<PlotPanel*> shown;
    std::copy_if(panels_.begin(), panels_.end(), std::back_inserter(shown), [](const auto* p) { return !p->isHidden(); });
    return shown;
}

int ChartStack::tick() {
    int drawn = 0;
    for (PlotPanel* panel : panels_)
        drawn += panel->replotIfDirty() ? 1 : 0;
    return drawn;
}

void ChartStack::setSmoothing(double beta) {
    smoothing_ = beta;
    for (PlotPanel* panel : panels_)
        panel->setSmoothing(beta);
}

void ChartStack::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    overlay_->setGeometry(rect());
    overlay_->raise();
}

void ChartStack::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    for (PlotPanel* panel : panels_)
        panel->markDirty();
    QMetaObject::invokeMethod(
        this, [this] { tick(); }, Qt::QueuedConnection);
}

bool ChartStack::eventFilter(QObject* watched, QEvent* event) {
    // Ticks and thinning depend on the size.
    if (event->type() == QEvent::Resize)
        if (auto* panel = qobject_cast<PlotPanel*>(watched)) {
            panel->markDirty();
            QMetaObject::invokeMethod(
                this, [this] { tick(); }, Qt::QueuedConnection);
        }
    return QWidget::eventFilter(watched, event);
}

}  // namespace vl
