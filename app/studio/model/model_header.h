// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>
#include <QWidget>

#include "app/studio/model/fact_strip.h"
#include "widgets/labels.h"
#include "widgets/tensor_list.h"

namespace vl {

/// File and what it was recognised as, why, what can be done with it, and its big numbers.
class ModelHeader : public QWidget {
    Q_OBJECT
public:
    explicit ModelHeader(QWidget* parent = nullptr);
    void show(const TensorList& list, bool reading);
    FactStrip& facts() { return *facts_; }
    QPushButton& inspectButton() { return *inspect_; }
    QString detail() const { return detail_->text(); }
    QString explanation() const { return explanation_->text(); }
    QString use() const { return use_->text(); }

private:
    ElidedLabel *title_, *detail_, *explanation_, *use_;
    QPushButton* inspect_;
    FactStrip* facts_;
};

}  // namespace vl
