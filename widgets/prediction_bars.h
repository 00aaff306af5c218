// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

#include "engine/api/types.h"

namespace vl {

/// The best classes with a bar and the exact probability each; the best one's bar is filled with the accent.
class PredictionBars : public QWidget {
    Q_OBJECT
public:
    explicit PredictionBars(QWidget* parent = nullptr);
    /// Best first; shows the first `rows`. `truth` (class index, -1: unknown) is marked by a tick.
    void setPredictions(const std::vector<Prediction>& predictions, int truth = -1);
    void setRowCount(int rows);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<Prediction> predictions_;
    int truth_ = -1, rows_ = 5;
};

}  // namespace vl
