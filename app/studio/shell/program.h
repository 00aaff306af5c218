// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "engine/api/engine.h"

namespace vl {

using EngineFactory = std::unique_ptr<Engine> (*)(const EngineOptions&);

/// The whole program: arguments, application, window, event loop. Returns the exit code: 0 success, 1 failure, 2 usage.
int runStudio(int argc, char** argv, EngineFactory makeEngine);

}  // namespace vl
