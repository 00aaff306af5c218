// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/io/safetensors.h"
#include "engine/nn/state_dict.h"

namespace vl {

using Metadata = std::map<std::string, std::string>;

/// torch's type for a stored one ("F32", "BF16", "F8_E4M3" ...) and back; nothing for those without a counterpart.
std::optional<at::ScalarType> torchType(std::string_view dtype);
std::string_view dtypeName(at::ScalarType type);
/// A contiguous CPU tensor as the writers take it; shares its memory. Throws Error(Usage) for a type files have no name
/// for.
TensorView viewOf(const std::string& name, const at::Tensor& tensor);

/// Tensors of a safetensors file, copied out of it in their own type.
/// `metadata`, when given, receives the file's string map. Throws Error(NotFound | BadFile).
TensorMap readTensors(const std::filesystem::path& file, Metadata* metadata = nullptr);
/// Writes atomically. Throws Error(BadFile) on disk errors, Error(Usage) for a type safetensors has no name for.
void writeTensors(const std::filesystem::path& file, const TensorMap& tensors, const Metadata& metadata = {});

/// The model's weights under their published names.
void saveWeights(Model& model, const std::filesystem::path& file, const Metadata& metadata = {});
/// Strict (loadStateDict). Returns the file's metadata. Throws Error(NotFound | BadFile | Mismatch).
Metadata loadWeights(Model& model, const std::filesystem::path& file);

}  // namespace vl
