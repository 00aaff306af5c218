// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/api/types.h"

namespace vl {

/// Reads what this machine and build offer: CPU, instruction set, BLAS, threads, memory, GPUs. `threads` as in
/// EngineOptions. Takes a moment (it may load the CUDA plug-in); call it off the window's thread. Never throws for
/// anything that is merely absent.
MachineInfo probeMachine(int threads);

}  // namespace vl
