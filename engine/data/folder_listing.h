// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/data/folder_dataset.h"

namespace vl {

/// The pictures of a folder with one subfolder per class.
struct FolderListing {
    struct Entry {
        std::filesystem::path file;
        int label = 0;
    };
    std::filesystem::path folder;         ///< root, or its train or val folder
    std::vector<std::string> classNames;  ///< the subfolders, sorted byte-wise
    std::vector<Entry> pictures;          ///< by class, then sorted byte-wise
    std::vector<std::string> problems;    ///< one sentence for each file that is no picture
};

/// Looks at names and first bytes alone. Throws Error(NotFound | BadFile).
FolderListing listFolder(const std::filesystem::path& root, FolderSplit split);

}  // namespace vl
