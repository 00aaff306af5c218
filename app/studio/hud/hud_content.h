// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/studio/hud/hud_data.h"

namespace vl {

/// Fills the whole display with the HUD: phase timeline of the last steps with its legend, throughput and memory.
/// Call inside ImGuiSession::frame(). Returns the index of the step under the mouse, -1: none.
int drawHud(const HudData& data);

}  // namespace vl
