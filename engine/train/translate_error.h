// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>

#include "engine/core/error.h"

namespace vl {

/// Turns whatever was thrown (Error, std::bad_alloc, the tensor library's own exceptions, others) into an Error whose
/// message and hint a person can act on. Never throws itself beyond memory exhaustion.
Error translateError(std::exception_ptr exception);

}  // namespace vl
