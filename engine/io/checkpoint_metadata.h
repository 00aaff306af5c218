// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "engine/api/run_folder.h"

namespace vl {

/// What a checkpoint says about itself, as the string map of a safetensors file (keys "visionllama.spec",
/// "visionllama.step" ...). Trainer and reader share these two functions; `info.file` is not stored.
std::map<std::string, std::string> toMetadata(const CheckpointInfo& info);

/// Throws Error(BadFile) when a key is missing or malformed; `file` is for the message and is kept in the result.
CheckpointInfo fromMetadata(const std::map<std::string, std::string>& metadata, const std::filesystem::path& file);

}  // namespace vl
