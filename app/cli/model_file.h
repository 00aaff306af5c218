// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "engine/session/checkpoint_models.h"

namespace vl::cli {

/// The checkpoint a person means: a file itself, a run folder's best (else last) one, nothing: the demo model.
/// Throws Error(NotFound).
std::filesystem::path findModelFile(const std::string& text);

/// findModelFile, read and built.
std::shared_ptr<LoadedModel> loadModelFile(const std::string& text);

}  // namespace vl::cli
