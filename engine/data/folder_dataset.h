// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "engine/data/dataset.h"

namespace vl {

enum class FolderSplit { Train, Evaluation };

/// Pictures in one subfolder per class: root/{train,val}/<class>/*, or root/<class>/* for Train. Classes are sorted
/// byte-wise; files that are not pictures are left out and reported. A picture that turns out to be damaged when it is
/// read is reported once and stands back for the next one of its class. Throws Error(NotFound | BadFile | Unsupported).
std::shared_ptr<const Dataset> openFolder(const std::string& root, FolderSplit split, int imageSize, int channels);

}  // namespace vl
