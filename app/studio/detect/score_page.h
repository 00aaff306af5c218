// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include <QWidget>

#include "engine/api/dense.h"
#include "widgets/buttons.h"
#include "widgets/class_scores.h"
#include "widgets/line_plot.h"
#include "widgets/readout_rows.h"

namespace vl {

/// COCO's figures of all pictures with truth: AP and AR, a precision-recall curve, AP class by class.
class ScorePage : public QWidget {
    Q_OBJECT
public:
    explicit ScorePage(QWidget* parent = nullptr);
    void setScores(const std::optional<DetectScores>& scores, const ClassList& classes);
    ReadoutRows& figures() { return *figures_; }
    ClassScores& classes() { return *classes_; }
    LinePlot& plot() { return *plot_; }
    SegmentedControl& kind() { return *kind_; }
    /// Curves as drawn: the mean, then the chosen class.
    const std::vector<PlotLine>& curves() const { return curves_; }

private:
    void refresh();
    void refreshCurves();

    std::optional<DetectScores> scores_;
    ClassList list_;
    SegmentedControl* kind_;
    ReadoutRows* figures_;
    LinePlot* plot_;
    ClassScores* classes_;
    std::vector<PlotLine> curves_;
};

/// Mean over the classes that occur, at the 101 recalls; empty when none does.
std::vector<double> meanCurve(const std::vector<std::vector<double>>& curves);

}  // namespace vl
