// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/start/drop_zone.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

#include "widgets/icons.h"
#include "widgets/labels.h"

namespace vl {

DropZone::DropZone(QWidget* parent) : QWidget(parent) {
    setFixedHeight(72);
    auto* row = new QHBoxLayout(this);
    row->setSpacing(12);
    row->addStretch(1);
    row->addSpacing(28);
    row->addWidget(makeLabel(tr("Drop anything here"), Type::Control));
    row->addWidget(makeLabel(tr("image, folder of images, checkpoint (.pth, .safetensors) or run folder; its contents decide what opens"),
                             Type::Secondary, Tone::Text2));
    row->addStretch(1);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void DropZone::paintEvent(QPaintEvent*) {
    const Tokens& t = Theme::instance().tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPen pen(t.controlLine, 1, Qt::CustomDashLine);
    pen.setDashPattern({3, 3});
    painter.setPen(pen);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    if (const auto* first = findChild<QLabel*>())
        paintIcon(painter, QRect(first->x() - 28, height() / 2 - 8, 16, 16), QStringLiteral("download"), t.accent);
}

}  // namespace vl
