// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QWidget>

#include "app/studio/model/difference_list.h"
#include "widgets/buttons.h"
#include "widgets/histogram_strip.h"
#include "widgets/readout_rows.h"
#include "widgets/tensor_list.h"

class QComboBox;
class QLabel;
class QStackedWidget;

namespace vl {

/// The right dock of Model: the tensor in hand, what else the file holds, and how it differs from a model.
class ModelPanel : public QWidget {
    Q_OBJECT
public:
    explicit ModelPanel(QWidget* parent = nullptr);

    /// Null: no checkpoint. `averaged`: the choice asked for.
    void setList(std::shared_ptr<const TensorList> list, bool averaged);
    void setTensor(int item, bool reading);
    void showPage(int page);
    int page() const;

    ReadoutRows& tensor() { return *tensor_; }
    ReadoutRows& file() { return *file_; }
    ReadoutRows& scalars() { return *scalars_; }
    ReadoutRows& comparison() { return *comparison_; }
    DifferenceList& differences() { return *differences_; }
    SegmentedControl& weights() { return *weights_; }
    QComboBox& presets() { return *presets_; }
    HistogramView& histogram() { return *histogram_; }
    QString opaqueText() const;

Q_SIGNALS:
    void averagedChosen(bool averaged);
    void presetChosen(const QString& preset);  ///< empty: the recognised model
    void tensorChosen(int item);

private:
    QWidget* makeTensorPage();
    QWidget* makeFilePage();
    QWidget* makeComparePage();
    void showFile();
    void showComparison();

    std::shared_ptr<const TensorList> list_;
    TabRow* tabs_;
    QStackedWidget* pages_;
    QLabel *name_, *bin_, *sets_, *opaque_, *scalarsTitle_, *opaqueTitle_, *against_;
    HistogramView* histogram_;
    SegmentedControl *scale_, *weights_;
    ReadoutRows *tensor_, *file_, *scalars_, *comparison_;
    QComboBox* presets_;
    DifferenceList* differences_;
    bool setting_ = false;
};

}  // namespace vl
