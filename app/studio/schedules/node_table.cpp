// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/schedules/node_table.h"

#include <algorithm>
#include <cmath>

#include <QComboBox>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include "widgets/number_field.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr int header = 24, rowHeight = 28, editHeight = 36, inset = 16;

}  // namespace

NodeTable::NodeTable(QWidget* parent)
    : QWidget(parent), epoch_(new NumberField(this)), alpha_(new NumberField(this)), kind_(new QComboBox(this)) {
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Nodes"));
    epoch_->setAccessibleName(tr("Epoch of the node"));
    alpha_->setAccessibleName(tr("Alpha of the node"));
    kind_->setAccessibleName(tr("To the next node"));
    kind_->addItems({tr("Hold"), tr("Linear")});
    for (QWidget* field : {static_cast<QWidget*>(epoch_), static_cast<QWidget*>(alpha_), static_cast<QWidget*>(kind_)})
        field->hide();
    const auto edited = [this] {
        if (filling_ || selected_ < 0) return;
        const auto epoch = epoch_->value(), alpha = alpha_->value();
        if (epoch && alpha) Q_EMIT nodeEdited(selected_, *epoch, *alpha, gesture_);
    };
    for (auto* field : {epoch_, alpha_}) {
        connect(field, &NumberField::valueEdited, this, edited);
        connect(field, &QLineEdit::editingFinished, this, [this] { ++gesture_; });
    }
    connect(kind_, &QComboBox::currentIndexChanged, this, [this](int index) {
        if (!filling_ && selected_ >= 0) Q_EMIT linearEdited(selected_, index == 1);
    });
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize NodeTable::sizeHint() const {
    const int rows = static_cast<int>(nodes_.size());
    return {288, header + rows * rowHeight + (selected_ >= 0 ? editHeight - rowHeight : 0)};
}

void NodeTable::setNodes(std::vector<ScheduleNode> nodes, bool custom, double length) {
    const bool resized = nodes.size() != nodes_.size();
    nodes_ = std::move(nodes);
    custom_ = custom;
    length_ = length;
    if (selected_ >= static_cast<int>(nodes_.size())) selected_ = -1;
    if (resized) updateGeometry();
    place();
    fill();
}

void NodeTable::setSelected(int index) {
    if (index >= static_cast<int>(nodes_.size())) index = -1;
    if (index == selected_) return;
    selected_ = index;
    ++gesture_;
    updateGeometry();
    place();
    fill();
}

QRect NodeTable::rowRect(int index) const {
    const int grown = selected_ >= 0 && index > selected_ ? editHeight - rowHeight : 0;
    return {0, header + index * rowHeight + grown, width(), index == selected_ ? editHeight : rowHeight};
}

// Three columns: epoch, alpha, and what leads to the next node with the rest of the width.
QRect NodeTable::column(const QRect& row, int index) const {
    const int field = 72, gap = 8;
    const int left = inset + index * (field + gap);
    return {left, row.y(), index < 2 ? field : std::max(row.width() - left - inset, 40), row.height()};
}

QString NodeTable::kindText(int index) const {
    if (index + 1 == static_cast<int>(nodes_.size())) return tr("end");
    return nodes_[index].linear ? tr("Linear") : tr("Hold");
}

void NodeTable::place() {
    const bool editing = selected_ >= 0;
    const bool last = selected_ + 1 == static_cast<int>(nodes_.size());
    const QRect row = editing ? rowRect(selected_) : QRect();
    QWidget* fields[] = {epoch_, alpha_, kind_};
    for (int i = 0; i < 3; ++i) {
        fields[i]->setVisible(editing && !(i == 2 && last));
        if (editing) fields[i]->setGeometry(column(row, i).adjusted(0, 4, 0, -4));
    }
    update();
}

void NodeTable::fill() {
    QString words = tr("%n nodes", nullptr, static_cast<int>(nodes_.size()));
    if (selected_ >= 0) words += tr(", node %1 selected").arg(selected_ + 1);
    setAccessibleDescription(words);
    if (selected_ < 0) return;
    filling_ = true;
    const auto& node = nodes_[selected_];
    const bool last = selected_ + 1 == static_cast<int>(nodes_.size());
    const double low = custom_ && selected_ > 0 ? nodes_[selected_ - 1].epoch + 0.01 : 0;
    const double high = custom_ && !last ? nodes_[selected_ + 1].epoch - 0.01 : std::max(length_, node.epoch);
    epoch_->setRange(std::min(low, high), high);
    alpha_->setRange(0, 1);
    // What the user is typing is left alone: "0.50" is 0.5 and must not lose its last digit under the hand.
    const auto show = [](NumberField* field, double value) {
        const auto now = field->value();
        if (!now || std::abs(*now - value) > 1e-12) field->setValue(std::round(value * 1e6) / 1e6);
    };
    show(epoch_, node.epoch);
    show(alpha_, node.value);
    kind_->setCurrentIndex(node.linear ? 1 : 0);
    const QString fixed = tr("Fixed by this preset. Choose Custom to change it.");
    const auto enable = [&](QWidget* field, bool on) {
        field->setEnabled(on);
        field->setToolTip(on ? QString() : fixed);
    };
    enable(epoch_, custom_ || selected_ == 1);
    enable(alpha_, custom_ || selected_ == 0);
    enable(kind_, custom_);
    filling_ = false;
}

void NodeTable::mousePressEvent(QMouseEvent* event) {
    setFocus(Qt::MouseFocusReason);
    for (int i = 0; i < static_cast<int>(nodes_.size()); ++i)
        if (rowRect(i).contains(event->pos())) {
            setSelected(i);
            Q_EMIT nodeSelected(i);
            return;
        }
}

void NodeTable::keyPressEvent(QKeyEvent* event) {
    const int count = static_cast<int>(nodes_.size());
    const int step = event->key() == Qt::Key_Down ? 1 : event->key() == Qt::Key_Up ? -1 : 0;
    if (step && count) {
        const int next = std::clamp(selected_ + step, 0, count - 1);
        setSelected(next);
        Q_EMIT nodeSelected(next);
    } else if (event->key() == Qt::Key_Delete && selected_ >= 0) {
        Q_EMIT removeRequested(selected_);
    } else if (event->key() == Qt::Key_Return && selected_ >= 0) {
        epoch_->setFocus(Qt::TabFocusReason);
    } else {
        QWidget::keyPressEvent(event);
    }
}

void NodeTable::resizeEvent(QResizeEvent*) { place(); }

void NodeTable::paintEvent(QPaintEvent*) {
    const auto& t = Theme::instance().tokens();
    QPainter painter(this);
    const QFont caption = Theme::uiFont(11), number = Theme::monoFont(12), word = Theme::uiFont(12);
    const QRect head(0, 0, width(), header);
    const QString names[] = {tr("epoch"), tr("α"), tr("to the next")};
    for (int i = 0; i < 3; ++i)
        paintText(painter, QRectF(column(head, i)).adjusted(8, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, names[i],
                  caption, t.text2);
    for (int i = 0; i < static_cast<int>(nodes_.size()); ++i) {
        const QRect row = rowRect(i);
        if (i == selected_) painter.fillRect(row, t.selection);
        if (i != selected_) {
            paintText(painter, QRectF(column(row, 0)).adjusted(8, 0, 0, 0), Qt::AlignVCenter,
                      fixedText(nodes_[i].epoch, 2), number, t.text);
            paintText(painter, QRectF(column(row, 1)).adjusted(8, 0, 0, 0), Qt::AlignVCenter,
                      fixedText(nodes_[i].value, 3), number, t.text);
        }
        if (i != selected_ || i + 1 == static_cast<int>(nodes_.size()))
            paintText(painter, QRectF(column(row, 2)).adjusted(8, 0, 0, 0), Qt::AlignVCenter, kindText(i), word,
                      t.text2);
    }
    if (hasFocus()) paintFocusRing(painter, QRectF(rect()).adjusted(4, 0, -4, 0));
}

}  // namespace vl
