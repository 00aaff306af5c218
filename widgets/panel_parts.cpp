// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_parts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>

#include "widgets/labels.h"

namespace vl {

QWidget* titleRow(const QString& title, std::initializer_list<QWidget*> right, int spacing) {
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(spacing);
    layout->addWidget(makeSectionTitle(title));
    layout->addStretch();
    for (QWidget* widget : right)
        layout->addWidget(widget);
    return row;
}

QScrollArea* scrolled(QWidget* page) {
    auto* area = new QScrollArea;
    area->setWidget(page);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    return area;
}

}  // namespace vl
