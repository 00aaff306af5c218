// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/session/session.h"

namespace vl {

/// The parts of the real session: trainers in run folders, models from checkpoint files, the machine's probe.
SessionParts standardParts(const EngineOptions& options);

}  // namespace vl
