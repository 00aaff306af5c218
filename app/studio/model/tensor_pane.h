// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>
#include <QPushButton>
#include <QWidget>

#include "engine/api/engine.h"
#include "widgets/buttons.h"
#include "widgets/labels.h"
#include "widgets/marks.h"
#include "widgets/tensor_table.h"

namespace vl {

/// Filter, table and the footer that says how many rows are shown and how far reading the values is.
class TensorPane : public QWidget {
    Q_OBJECT
public:
    explicit TensorPane(QWidget* parent = nullptr);

    TensorTable& table() { return *table_; }
    QLineEdit& filter() { return *filter_; }
    SegmentedControl& only() { return *only_; }
    QPushButton& readButton() { return *read_; }
    const TensorQuery& query() const { return query_; }
    QString footer() const { return shown_->text(); }
    QString progressText() const { return progress_->text(); }

    void setLines(std::shared_ptr<const TensorList> list, const std::vector<int>& order);
    void setLook(const CheckpointLook& look);
    void focusFilter();
    /// Shows everything again.
    void resetFilter();

Q_SIGNALS:
    void queryChanged();
    void readRequested();    ///< values were not read, and are wanted now
    void cancelRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* makeFilterRow();
    QWidget* makeFooter();
    void changeQuery();

    QLineEdit* filter_;
    SegmentedControl* only_;
    TensorTable* table_;
    QLabel *shown_, *progress_;
    ThinProgress* bar_;
    QPushButton* read_;
    TensorQuery query_;
    bool busy_ = false, setting_ = false;
};

}  // namespace vl
