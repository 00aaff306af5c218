// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "engine/nn/state_dict.h"

namespace vl {

using Metadata = std::map<std::string, std::string>;

/// Tensors of a safetensors file, copied out of it in their own type (F64, F32, F16, BF16, I64, I32, U8, BOOL).
/// `metadata`, when given, receives the file's string map. Throws Error(NotFound | BadFile).
TensorMap readTensors(const std::filesystem::path& file, Metadata* metadata = nullptr);
/// Writes atomically. Throws Error(BadFile) on disk errors, Error(Usage) for a type safetensors has no name for.
void writeTensors(const std::filesystem::path& file, const TensorMap& tensors, const Metadata& metadata = {});

/// The model's weights under their published names.
void saveWeights(Model& model, const std::filesystem::path& file, const Metadata& metadata = {});
/// Strict (loadStateDict). Returns the file's metadata. Throws Error(NotFound | BadFile | Mismatch).
Metadata loadWeights(Model& model, const std::filesystem::path& file);

}  // namespace vl
