// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/data/dataset.h"
#include "engine/io/npz_file.h"

namespace vl {

struct PictureBatch {
    at::Tensor pictures;      ///< [B, 1 or 3, H, W] uint8; undefined at the end
    std::vector<int> labels;  ///< B, or none
};

/// Pictures one after the other, each once.
class PictureSource {
public:
    virtual ~PictureSource() = default;
    virtual std::int64_t size() const = 0;
    /// Up to `most` pictures of one size. Throws Error for what cannot be read.
    virtual PictureBatch next(std::int64_t most) = 0;
    /// What the labels stand for; empty: numbers of classes, or there are no labels.
    virtual std::vector<std::string> classNames() const { return {}; }
};

/// Array arr_0 [N, H, W, 3], [N, H, W, 1] or [N, H, W] of uint8, as evaluation suites exchange samples, with labels
/// arr_1 [N] where they are there. Throws Error(BadFile).
std::unique_ptr<PictureSource> npzPictures(const NpzFile& file, const std::filesystem::path& path);
/// Pictures lying in a folder, by name; where it has none but subfolders, one class each (val or train are no classes:
/// name the one that is meant). Throws Error(NotFound | BadFile | Unsupported).
std::unique_ptr<PictureSource> folderPictures(const std::filesystem::path& folder);
std::unique_ptr<PictureSource> datasetPictures(std::shared_ptr<const Dataset> dataset);

/// What a person names: a .npz file, a folder, "fashion-mnist" (training pictures) or "fashion-mnist:test".
std::unique_ptr<PictureSource> openPictures(const std::string& text);

}  // namespace vl
