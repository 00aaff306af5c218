// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/api/types.h"

namespace vl {

/// The bytes of a PNG file without compression: what builds without OpenCV write. Throws Error(Usage) for what is no
/// grey or RGB picture. (PNG specification; RFC 1950 and 1951 for stored blocks.)
std::string storedPng(const Image& image);

}  // namespace vl
