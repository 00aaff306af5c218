// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/number_field.h"

#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <QStyle>
#include <algorithm>
#include <cmath>

#include "engine/core/text.h"
#include "widgets/theme.h"

namespace vl {

QString numberText(double value) {
    if (value != 0 && std::abs(value) >= 1e-4 && std::abs(value) < 1e7) {
        QString text = QString::number(value, 'f', 10);
        while (text.endsWith('0')) text.chop(1);
        if (text.endsWith('.')) text.chop(1);
        return text;
    }
    return QString::fromStdString(formatNumber(value));
}

NumberField::NumberField(QWidget* parent) : QLineEdit(parent) {
    setFont(Theme::monoFont(12));
    connect(this, &QLineEdit::textEdited, this, [this] { check(true); });
    connect(this, &QLineEdit::textChanged, this, [this] {
        check(false);
        placeUnit();
    });
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void NumberField::setRange(double min, double max) {
    min_ = min, max_ = max;
    check(false);
}

void NumberField::setInteger(bool integer) {
    integer_ = integer;
    check(false);
}

void NumberField::setUnit(const QString& unit) {
    unit_ = unit;
    placeUnit();
}

void NumberField::placeUnit() {
    // The number comes first: a unit that would cover it stays away.
    const int unitWidth = QFontMetrics(Theme::uiFont(11)).horizontalAdvance(unit_) + 6;
    unitFits_ = !unit_.isEmpty() && fontMetrics().horizontalAdvance(text()) + unitWidth + 20 <= width();
    const QMargins wanted(0, 0, unitFits_ ? unitWidth : 0, 0);
    if (textMargins() != wanted) setTextMargins(wanted);
    update();
}

void NumberField::resizeEvent(QResizeEvent* event) {
    QLineEdit::resizeEvent(event);
    placeUnit();
}

void NumberField::setValue(double value) {
    const QString text = numberText(value);
    if (text != this->text()) setText(text);
    check(false);
}

std::optional<double> NumberField::parsed() const {
    const QString text = this->text().trimmed();
    if (const auto number = parseNumber(text.toStdString())) return number;
    bool ok = false;
    const double local = QLocale().toDouble(text, &ok);
    return ok ? std::optional(local) : std::nullopt;
}

std::optional<double> NumberField::value() const { return problem_.isEmpty() ? parsed() : std::nullopt; }

void NumberField::check(bool byUser) {
    const auto number = parsed();
    QString found;
    if (!number || !std::isfinite(*number))
        found = integer_ ? tr("Not a whole number.") : tr("Not a number.");
    else if (integer_ && *number != std::floor(*number))
        found = tr("Not a whole number. Try %1.").arg(numberText(std::round(*number)));
    else if (min_ < max_ && (*number < min_ || *number > max_))
        found = tr("Must be %1 to %2.").arg(numberText(min_), numberText(max_));
    if (found != problem_) {
        problem_ = found;
        setProperty("invalid", !problem_.isEmpty());
        setAccessibleDescription(problem_);
        style()->unpolish(this);
        style()->polish(this);
        Q_EMIT problemChanged(problem_);
    }
    if (byUser && problem_.isEmpty() && number) Q_EMIT valueEdited(*number);
}

void NumberField::stepBy(int steps) {
    const auto number = parsed();
    if (!number) return;
    double unit = 1;
    if (!integer_) {
        // One unit of the second significant digit moves a rate sensibly at any size.
        const double size = std::max(std::abs(*number), 1e-12);
        unit = std::pow(10.0, std::floor(std::log10(size)) - 1);
        if (*number == 0) unit = 0.1;
    }
    double next = std::round((*number + steps * unit) / unit) * unit;
    if (min_ < max_) next = std::clamp(next, min_, max_);
    setText(numberText(next));
    check(true);
}

void NumberField::keyPressEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_Up && event->key() != Qt::Key_Down) return QLineEdit::keyPressEvent(event);
    const int size = event->modifiers() & Qt::ShiftModifier ? 10 : 1;
    stepBy(event->key() == Qt::Key_Up ? size : -size);
}

void NumberField::wheelEvent(QWheelEvent* event) { event->ignore(); }  // a form must scroll, not change numbers

void NumberField::paintEvent(QPaintEvent* event) {
    QLineEdit::paintEvent(event);
    if (!unitFits_) return;
    const Tokens& t = Theme::instance().tokens();
    QPainter painter(this);
    painter.setPen(isEnabled() ? t.text2 : t.disabled);
    painter.setFont(Theme::uiFont(11));
    painter.drawText(rect().adjusted(0, 0, -8, 0), Qt::AlignRight | Qt::AlignVCenter, unit_);
}

}  // namespace vl
