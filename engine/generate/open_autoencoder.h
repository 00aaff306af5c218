// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "engine/checkpoint/checkpoint.h"
#include "engine/nn/autoencoder.h"

namespace vl {

/// The autoencoder of a checkpoint. Throws as openCheckpoint, and Error(Mismatch) with `advice` when the file holds
/// another model.
std::unique_ptr<Autoencoder> openAutoencoder(const std::filesystem::path& file, const std::string& advice,
                                             const ReadWatcher& watch = {});

}  // namespace vl
