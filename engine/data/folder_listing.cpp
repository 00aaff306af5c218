// SPDX-License-Identifier: Apache-2.0
#include "engine/data/folder_listing.h"

#include <algorithm>
#include <array>
#include <fstream>

#include "engine/core/error.h"
#include "engine/data/image_header.h"

namespace vl {
namespace fs = std::filesystem;
namespace {

fs::path splitFolder(const fs::path& root, FolderSplit split) {
    std::error_code error;
    if (root.empty() || !fs::is_directory(root, error))
        throw Error(ErrorCode::NotFound, "There is no folder " + root.string() + ".", "Name a folder with one subfolder of pictures per class.");
    if (split == FolderSplit::Train) return fs::is_directory(root / "train", error) ? root / "train" : root;
    for (const auto* name : {"val", "validation", "test"})
        if (fs::is_directory(root / name, error)) return root / name;
    throw Error(ErrorCode::NotFound, root.string() + " has no folder val to evaluate on.", "Add one, or set data.validation_share.");
}

std::vector<fs::path> sorted(std::vector<fs::path> paths) {
    std::sort(paths.begin(), paths.end(), [](const fs::path& a, const fs::path& b) { return a.native() < b.native(); });
    return paths;
}

std::vector<fs::path> classFolders(const fs::path& folder) {
    std::vector<fs::path> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.is_directory(error) && entry.path().filename().native().front() != '.') found.push_back(entry.path());
    if (found.empty()) throw Error(ErrorCode::BadFile, folder.string() + " has no subfolders.", "Put the pictures of each class into a folder of its own.");
    return sorted(std::move(found));
}

bool looksLikePicture(const fs::path& file) {
    std::array<char, 32> start{};
    std::ifstream in(file, std::ios::binary);
    in.read(start.data(), start.size());
    return !imageFormat({start.data(), static_cast<std::size_t>(in.gcount())}).empty();
}

}  // namespace

FolderListing listFolder(const fs::path& root, FolderSplit split) {
    FolderListing listing;
    listing.folder = splitFolder(root, split);
    for (const auto& classFolder : classFolders(listing.folder)) {
        std::error_code error;
        std::vector<fs::path> files;
        for (const auto& entry : fs::recursive_directory_iterator(classFolder, fs::directory_options::skip_permission_denied, error))
            if (entry.is_regular_file(error) && entry.path().filename().native().front() != '.') files.push_back(entry.path());
        for (const auto& file : sorted(std::move(files))) {
            if (looksLikePicture(file)) listing.pictures.push_back({file, static_cast<int>(listing.classNames.size())});
            else listing.problems.push_back(file.string() + " is not a picture and is left out.");
        }
        listing.classNames.push_back(classFolder.filename().string());
    }
    if (listing.pictures.empty())
        throw Error(ErrorCode::BadFile, listing.folder.string() + " holds no pictures.", "Put PNG, JPEG, BMP or WebP files into the subfolders.");
    return listing;
}

}  // namespace vl
