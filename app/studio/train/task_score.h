// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include <QString>

#include "engine/api/types.h"

namespace vl {

/// What a run is judged by in the window, by its model's task.
struct TaskScore {
    QString title;                        ///< of the chart: "Test accuracy, %"
    QString name;                         ///< of the number in the header: "Test accuracy"
    QString unit;                         ///< "%" or nothing
    QString loss;                         ///< unit of the training loss
    QString parts;                        ///< title of the bars: "IoU by class"; empty: none
    bool percent = true;
};
TaskScore taskScore(ModelTask task);

/// The score of one evaluation in the chart's unit; nothing where it was not measured.
std::optional<double> scoreOf(ModelTask task, const EvalMetrics& row);
/// The newest measured one, "61.42"; an en dash without one.
QString scoreText(ModelTask task, const std::vector<EvalMetrics>& rows);
/// Its bars: the loss by time, or what each class reached.
const std::vector<double>& partsOf(ModelTask task, const EvalMetrics& row);

}  // namespace vl
