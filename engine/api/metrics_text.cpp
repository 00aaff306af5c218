// SPDX-License-Identifier: Apache-2.0
#include "engine/api/metrics_text.h"

#include "engine/core/text.h"

namespace vl {

bool isDenoiserRow(const EvalMetrics& row) { return !row.bucketLoss.empty(); }

std::string evaluationText(const EvalMetrics& row) {
    if (row.meanIou >= 0)
        return "mean IoU " + formatFixed(100 * row.meanIou, 2) + " %, pixel accuracy " + formatFixed(100 * row.accuracy, 2) +
               " % on " + thousands(row.images) + " pictures";
    if (row.boxAp >= 0)
        return "box AP " + formatFixed(100 * row.boxAp, 1) + " (AP50 " + formatFixed(100 * row.boxAp50, 1) + "), mask AP " +
               formatFixed(100 * row.maskAp, 1) + " on " + thousands(row.images) + " pictures";
    if (!isDenoiserRow(row))
        return "accuracy " + formatFixed(100 * row.accuracy, 2) + " % on " + thousands(row.images) + " pictures";
    std::string text;
    if (row.frechet >= 0) text += "Frechet " + formatFixed(row.frechet, row.frechet < 10 ? 2 : 1) + ", ";
    if (row.accuracy >= 0) text += formatFixed(100 * row.accuracy, 1) + " % of samples judged right, ";
    return text + "loss " + formatFixed(row.loss, 4);
}

}  // namespace vl
