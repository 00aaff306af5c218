// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/api/types.h"

namespace vl {

/// An evaluation in a few words for logs, event lists and status lines: "accuracy 88.10 % on 10,000 pictures", or of a
/// denoiser "Frechet 23.1, 97.5 % of samples judged right, loss 0.152".
std::string evaluationText(const EvalMetrics& row);
/// Whether the row is a denoiser's.
bool isDenoiserRow(const EvalMetrics& row);

}  // namespace vl
