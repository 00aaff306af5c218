// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

#include "engine/api/settings.h"

class QComboBox;

namespace vl {

class NumberField;

/// The nodes as exact numbers: plain text, with fields in the selected row.
class NodeTable : public QWidget {
    Q_OBJECT
public:
    explicit NodeTable(QWidget* parent = nullptr);
    /// `custom` off: a preset's handles, of which only the first alpha and the second epoch can be changed.
    void setNodes(std::vector<ScheduleNode> nodes, bool custom, double length);
    void setSelected(int index);
    int selected() const { return selected_; }
    NumberField& epochField() { return *epoch_; }
    NumberField& alphaField() { return *alpha_; }
    QComboBox& kindField() { return *kind_; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {240, sizeHint().height()}; }

Q_SIGNALS:
    void nodeSelected(int index);
    /// `gesture` is the same while one field is being edited.
    void nodeEdited(int index, double epoch, double alpha, int gesture);
    void linearEdited(int index, bool linear);
    void removeRequested(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QRect rowRect(int index) const;
    QRect column(const QRect& row, int index) const;
    QString kindText(int index) const;
    void place();
    void fill();

    std::vector<ScheduleNode> nodes_;
    bool custom_ = false, filling_ = false;
    double length_ = 1;
    int selected_ = -1, gesture_ = 1'000'000;  // apart from the curve editor's count
    NumberField *epoch_, *alpha_;
    QComboBox* kind_;
};

}  // namespace vl
