// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include <QString>

#include "engine/api/settings.h"
#include "engine/api/types.h"

namespace vl {

/// How fast a model was seen to train here: the only honest ground for a prediction.
struct MeasuredPace {
    double imagesPerSecond = 0;
    std::int64_t macs = 0;  ///< of that model, one picture
    QString model;          ///< its preset
};

/// What a run will cost, in words. `known` is false when the data set's size is not known before it is read.
struct RunEstimate {
    bool known = false;
    std::int64_t parameters = 0, macs = 0, steps = 0, images = 0;
    QString time;  ///< "about 12 min, from the 640 img/s seen here"; or a range; or what decides it
};

/// Throws Error for a preset that does not exist.
RunEstimate estimateRun(const RunSettings& settings, const MachineInfo& machine,
                        const std::optional<MeasuredPace>& pace);

/// "about 40 s", "about 12 min", "about 3.5 h".
QString roughTime(double seconds);

}  // namespace vl
