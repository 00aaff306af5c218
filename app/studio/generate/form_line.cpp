// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/generate/form_line.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "widgets/labels.h"

namespace vl {

QWidget* formLine(const QString& label, std::initializer_list<QWidget*> fields) {
    auto* row = new QWidget;
    row->setFixedHeight(32);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    auto* name = makeLabel(label, Type::Secondary, Tone::Text2);
    name->setFixedWidth(92);
    layout->addWidget(name);
    bool first = true;
    for (QWidget* field : fields) {
        if (first) {
            name->setBuddy(field);
            if (field->accessibleName().isEmpty()) field->setAccessibleName(label);
        }
        first = false;
        layout->addWidget(field, field->sizePolicy().horizontalPolicy() == QSizePolicy::Fixed ? 0 : 1);
    }
    return row;
}

QWidget* insetPage(std::initializer_list<QWidget*> parts) {
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(16, 4, 16, 16);
    layout->setSpacing(0);
    for (QWidget* part : parts)
        layout->addWidget(part);
    layout->addStretch();
    return page;
}

}  // namespace vl
