// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/attention_math.h"
#include "widgets/color_map.h"

namespace vl {

/// Everything the user chose about how attention is shown.
struct InspectChoices {
    HeadFusion fusion = HeadFusion::One;
    AttentionDirection direction = AttentionDirection::AttendsTo;
    bool masked = true;
    bool log = false;
    bool shared = false;  ///< one scale for all layers and heads instead of one each
    bool rollout = false;
    ColorMap map = ColorMap::Inferno;
    double opacity = 0.62;
};

}  // namespace vl
