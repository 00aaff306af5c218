// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

#include "engine/io/checkpoint_metadata.h"
#include "engine/io/safetensors.h"

namespace vl {

/// A file that calls itself a trained flow denoiser of ten classes; it holds one small tensor. Returns its path.
inline std::filesystem::path madeUpDenoiser(const std::filesystem::path& file) {
    CheckpointInfo info;
    info.spec = findPreset("sitllama_micro");
    info.classNames = {"T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Boot"};
    info.step = 1200;
    info.dataset = "made up";
    std::filesystem::create_directories(file.parent_path());
    const std::array<float, 4> values{1, 2, 3, 4};
    TensorView tensor;
    tensor.name = "x";
    tensor.dtype = "F32";
    tensor.shape = {4};
    tensor.data = reinterpret_cast<const std::byte*>(values.data());
    tensor.bytes = sizeof values;
    writeSafetensors(file, std::array{tensor}, toMetadata(info));
    return file;
}

}  // namespace vl
