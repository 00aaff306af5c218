// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/train/task_score.h"

#include <QObject>

namespace vl {

TaskScore taskScore(ModelTask task) {
    const QString percent = QStringLiteral("%"), entropy = QObject::tr("cross-entropy");
    switch (task) {
        case ModelTask::Generate:
            return {QObject::tr("Frechet distance"), QObject::tr("Frechet distance"), {}, QObject::tr("squared error"),
                    QObject::tr("Loss by time"), false};
        case ModelTask::Segment:
            return {QObject::tr("Mean IoU, %"), QObject::tr("Mean IoU"), percent, entropy, QObject::tr("IoU by class")};
        case ModelTask::Detect:
            return {QObject::tr("Box AP50, %"), QObject::tr("Box AP50"), percent, QObject::tr("sum of five"),
                    QObject::tr("Box AP by class")};
        default:
            return {QObject::tr("Test accuracy, %"), QObject::tr("Test accuracy"), percent, entropy, {}};
    }
}

std::optional<double> scoreOf(ModelTask task, const EvalMetrics& row) {
    const double value = task == ModelTask::Generate  ? row.frechet
                         : task == ModelTask::Segment ? row.meanIou
                         : task == ModelTask::Detect  ? row.boxAp50
                                                      : row.accuracy;
    if (!(value >= 0)) return std::nullopt;
    return task == ModelTask::Generate ? value : 100 * value;
}

QString scoreText(ModelTask task, const std::vector<EvalMetrics>& rows) {
    for (auto row = rows.rbegin(); row != rows.rend(); ++row)
        if (const auto score = scoreOf(task, *row))
            return QString::number(*score, 'f', task == ModelTask::Generate && *score >= 10 ? 1 : 2);
    return QStringLiteral("–");
}

const std::vector<double>& partsOf(ModelTask task, const EvalMetrics& row) {
    return task == ModelTask::Generate ? row.bucketLoss : row.classScores;
}

}  // namespace vl
