// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/data/dataset.h"

namespace vl {

/// `path` if given, else $VISIONLLAMA_FASHION_MNIST, else where the Debian package puts it.
std::filesystem::path fashionMnistFolder(const std::string& path);
const std::vector<std::string>& fashionMnistClasses();

/// 60,000 training or 10,000 test pictures of 28 px, brought to imageSize by fitImage (32 px: black border).
/// Throws Error(NotFound) naming the Debian package, Error(BadFile).
std::shared_ptr<const Dataset> openFashionMnist(const std::string& path, bool train, int imageSize, int channels);

}  // namespace vl
