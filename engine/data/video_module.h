// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/data/video/module.h"

namespace vl {

/// Opens libvl_video.so from where VL_VIDEO_MODULE points, else from ../lib and . beside the program; once, kept.
/// Throws Error(Unsupported) where this build has none or it cannot be opened.
const VlVideoModule& videoModule();

}  // namespace vl
