// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/marks.h"

#include <QFontMetrics>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>

#include "widgets/icons.h"
#include "widgets/labels.h"

namespace vl {
namespace {

QColor stateTint(const Tokens& t, RunState state) {
    switch (stateTone(state)) {
        case Tone::Good:
            return t.goodTint;
        case Tone::Warning:
            return t.warningTint;
        case Tone::Error:
            return t.errorTint;
        case Tone::Accent:
            return t.accentTint;
        default:
            return t.hover;
    }
}

void drawRoundedBox(QPainter& painter, const QRect& rect, double radius, const QColor& fill, const QColor& line) {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    painter.setPen(line.isValid() ? QPen(line, 1) : QPen(Qt::NoPen));
    painter.drawRoundedRect(line.isValid() ? QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5) : QRectF(rect), radius,
                            radius);
}

}  // namespace

QString stateWord(RunState state) {
    switch (state) {
        case RunState::Idle:
            return QObject::tr("Idle");
        case RunState::Starting:
            return QObject::tr("Starting…");
        case RunState::Running:
            return QObject::tr("Running");
        case RunState::Pausing:
            return QObject::tr("Pausing…");
        case RunState::Paused:
            return QObject::tr("Paused");
        case RunState::Stopping:
            return QObject::tr("Stopping…");
        case RunState::Finished:
            return QObject::tr("Finished");
        case RunState::Failed:
            return QObject::tr("Failed");
    }
    return {};
}

QString stateIcon(RunState state) {
    switch (state) {
        case RunState::Idle:
            return "ring";
        case RunState::Starting:
            return "half-disc";
        case RunState::Running:
            return "play";
        case RunState::Pausing:
            return "two-lines";
        case RunState::Paused:
            return "pause";
        case RunState::Stopping:
            return "square";
        case RunState::Finished:
            return "tick";
        case RunState::Failed:
            return "cross";
    }
    return {};
}

Tone stateTone(RunState state) {
    switch (state) {
        case RunState::Starting:
            return Tone::Accent;
        case RunState::Running:
            return Tone::Good;
        case RunState::Pausing:
        case RunState::Paused:
            return Tone::Warning;
        case RunState::Finished:
            return Tone::Text;
        case RunState::Failed:
            return Tone::Error;
        case RunState::Idle:
        case RunState::Stopping:
            return Tone::Text2;
    }
    return Tone::Text2;
}

StateChip::StateChip(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
    restate();
}

void StateChip::restate() {
    setAccessibleName(detail_.isEmpty() ? stateWord(state_) : stateWord(state_) + ' ' + detail_);
    updateGeometry();
    update();
}

void StateChip::setState(RunState state) {
    if (state == state_) return;
    state_ = state;
    restate();
}

void StateChip::setDetail(const QString& detail) {
    if (detail == detail_) return;
    detail_ = detail;
    restate();
}

QSize StateChip::sizeHint() const {
    const QFontMetrics word(Theme::uiFont(12, QFont::Medium)), number(Theme::monoFont(12));
    int width = 6 + 14 + 5 + word.horizontalAdvance(stateWord(state_)) + 8;
    if (!detail_.isEmpty()) width += 6 + number.horizontalAdvance(detail_);
    return {width, 20};
}

void StateChip::paintEvent(QPaintEvent*) {
    const Tokens& t = Theme::instance().tokens();
    const QColor ink = toneColour(t, stateTone(state_));
    QPainter painter(this);
    drawRoundedBox(painter, rect(), 4, stateTint(t, state_), {});
    paintIcon(painter, {6, 3, 14, 14}, stateIcon(state_), ink);
    painter.setPen(ink);
    painter.setFont(Theme::uiFont(12, QFont::Medium));
    const QString word = stateWord(state_);
    const int wordWidth = painter.fontMetrics().horizontalAdvance(word);
    painter.drawText(QRect(25, 0, wordWidth + 2, height()), Qt::AlignVCenter, word);
    if (detail_.isEmpty()) return;
    painter.setFont(Theme::monoFont(12));
    painter.drawText(rect().adjusted(25 + wordWidth + 6, 0, -4, 0), Qt::AlignVCenter, detail_);
}

void StateChip::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && rect().contains(event->pos())) Q_EMIT clicked();
}

Badge::Badge(const QString& text, Look look, QWidget* parent) : QWidget(parent), look_(look) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setText(text);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

Badge* Badge::forApplies(Applies applies, QWidget* parent) {
    Badge* badge = nullptr;
    switch (applies) {
        case Applies::Now:
            badge = new Badge(tr("now"), Look::Accent, parent);
            badge->setToolTip(tr("An edit takes effect at the next step"));
            break;
        case Applies::NextEpoch:
            badge = new Badge(tr("next epoch"), Look::Outline, parent);
            badge->setToolTip(tr("An edit takes effect when the next epoch begins"));
            break;
        case Applies::NextRun:
            badge = new Badge(tr("next run"), Look::Locked, parent);
            badge->setToolTip(tr("Fixed while a run is in progress; a new run can change it"));
            break;
    }
    return badge;
}

void Badge::setText(const QString& text) {
    text_ = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

QSize Badge::sizeHint() const {
    const int word = QFontMetrics(Theme::uiFont(11, QFont::Medium)).horizontalAdvance(text_);
    return {7 + (look_ == Look::Locked ? 16 : 0) + word + 7, 20};
}

void Badge::paintEvent(QPaintEvent*) {
    const Tokens& t = Theme::instance().tokens();
    const bool filled = look_ == Look::Filled || look_ == Look::Locked;
    const QColor ink = look_ == Look::Accent ? t.accent : t.text2;
    QPainter painter(this);
    drawRoundedBox(painter, rect(), 3, filled ? t.hover : QColor(),
                   look_ == Look::Accent ? t.accent
                   : filled              ? QColor()
                                         : t.buttonLine);
    int left = 7;
    if (look_ == Look::Locked) {
        paintIcon(painter, {left - 1, 4, 12, 12}, "lock", ink);
        left += 16;
    }
    painter.setPen(ink);
    painter.setFont(Theme::uiFont(11, QFont::Medium));
    painter.drawText(rect().adjusted(left, 0, 0, 0), Qt::AlignVCenter, text_);
}

KeyCap::KeyCap(const QString& keys, QWidget* parent) : QWidget(parent), keys_(keys) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(keys);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize KeyCap::sizeHint() const {
    return {std::max(18, QFontMetrics(Theme::monoFont(11)).horizontalAdvance(keys_) + 10), 18};
}

void KeyCap::paintEvent(QPaintEvent*) {
    const Tokens& t = Theme::instance().tokens();
    QPainter painter(this);
    drawRoundedBox(painter, rect(), 3, {}, t.buttonLine);
    painter.setPen(t.text2);
    painter.setFont(Theme::monoFont(11));
    painter.drawText(rect(), Qt::AlignCenter, keys_);
}

ThinProgress::ThinProgress(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFixedHeight(4);
    setAccessibleName(tr("Progress"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ThinProgress::setShare(double share) {
    share_ = std::clamp(share, 0.0, 1.0);
    setAccessibleDescription(tr("%1 %").arg(int(share_ * 100 + 0.5)));
    update();
}

void ThinProgress::setTone(Tone tone) {
    tone_ = tone;
    update();
}

void ThinProgress::keepItsPlace() {
    QSizePolicy policy = sizePolicy();
    policy.setRetainSizeWhenHidden(true);
    setSizePolicy(policy);
}

void ThinProgress::paintEvent(QPaintEvent*) {
    const Tokens& t = Theme::instance().tokens();
    QPainter painter(this);
    drawRoundedBox(painter, rect(), 2, t.line, {});
    if (share_ <= 0) return;
    painter.setBrush(toneColour(t, tone_));
    painter.drawRoundedRect(QRectF(0, 0, std::max(4.0, width() * share_), height()), 2, 2);
}

}  // namespace vl
