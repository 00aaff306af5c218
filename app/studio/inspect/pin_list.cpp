// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/inspect/pin_list.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/buttons.h"
#include "widgets/labels.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

class PinBadge : public QWidget {
public:
    explicit PinBadge(int slot) : slot_(slot) { setFixedSize(16, 16); }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        paintPinBadge(painter, QRectF(rect()), QString::number(slot_ + 1), pinColor(slot_));
    }

private:
    int slot_;
};

}  // namespace

PinList::PinList(QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    hint_ = makeLabel(tr("Click a patch to pin it, up to four."), Type::Caption, Tone::Text3);
    hint_->setFixedHeight(24);
    layout->addWidget(hint_);
    for (int slot = 0; slot < maxPins; ++slot) {
        auto& line = lines_[slot];
        line.row = new QWidget;
        line.row->setFixedHeight(28);
        auto* h = new QHBoxLayout(line.row);
        h->setContentsMargins(0, 0, 0, 0);
        h->setSpacing(8);
        line.label = makeLabel({}, Type::Number);
        line.name = makeLabel({}, Type::Caption, Tone::Text2);
        line.value = makeLabel({}, Type::Number);
        auto* close = makeIconButton(QStringLiteral("cross"), tr("Unpin %1").arg(slot + 1));
        close->setFixedSize(24, 24);
        close->setIconSize({12, 12});
        h->addWidget(new PinBadge(slot));
        h->addWidget(line.label);
        h->addStretch();
        h->addWidget(line.name);
        h->addWidget(line.value);
        h->addWidget(close);
        layout->addWidget(line.row);
        line.row->hide();
        connect(close, &QToolButton::clicked, this, [this, slot] { Q_EMIT unpin(slot); });
    }
}

void PinList::setPins(const std::array<Row, maxPins>& rows, const QString& valueName) {
    bool any = false;
    for (int slot = 0; slot < maxPins; ++slot) {
        const bool used = !rows[slot].label.isEmpty();
        any |= used;
        lines_[slot].row->setVisible(used);
        lines_[slot].label->setText(rows[slot].label);
        lines_[slot].name->setText(valueName);
        lines_[slot].value->setText(rows[slot].value);
    }
    hint_->setVisible(!any);
}

}  // namespace vl
