// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QListView>

#include "widgets/tensor_list.h"

namespace vl {

/// Everything in which a file differs from a model: the tensor's name, and in words what is the matter and what loading
/// does about it. Two painted lines a row, however many there are.
class DifferenceList : public QListView {
    Q_OBJECT
public:
    explicit DifferenceList(QWidget* parent = nullptr);
    void setList(std::shared_ptr<const TensorList> list);
    int count() const;

Q_SIGNALS:
    void chosen(int item);  ///< of the tensor list

private:
    class Model;
    Model* model_;
};

/// "missing in the file: cannot be loaded", "expected 197 × 192, found 577 × 192: resized from 24 x 24 to 14 x 14".
QString differenceText(const TensorList& list, int item);

}  // namespace vl
