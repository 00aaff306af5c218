// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/data/dense_dataset.h"

namespace vl {

/// One picture with its mask.
struct SegmentPair {
    std::string name;                     ///< of the picture, without ending
    std::filesystem::path picture, mask;
};

/// What a value in a mask file means: a class, kNoClass (counts for nothing) or kBadValue (no such class).
inline constexpr int kBadValue = -1;
using ValueTable = std::array<int, 256>;

/// A segmentation data set as its folder has it.
struct SegmentLayout {
    std::vector<SegmentPair> pairs;       ///< by name
    ClassList classes;
    ValueTable classOf{};
};

/// Each looks at names, lists and class files alone, not at pictures ("masks" without classes.txt: at some masks too).
/// Throws Error(NotFound | BadFile), saying what the layout needs.
SegmentLayout ade20kLayout(const std::filesystem::path& folder, DenseSplit split);
SegmentLayout cocoStuffLayout(const std::filesystem::path& folder, DenseSplit split);
SegmentLayout vocLayout(const std::filesystem::path& folder, DenseSplit split);
SegmentLayout maskFolderLayout(const std::filesystem::path& folder, DenseSplit split);

/// Pictures of one folder with the masks of the same names in another (names may have `ending` before ".png"), sorted;
/// pictures without a mask are left out.
std::vector<SegmentPair> pairsOf(const std::filesystem::path& pictures, const std::filesystem::path& masks,
                                 const std::string& ending = {});
/// Masks stand for classes first .. first + classes - 1; 255 and what lies below `first` count for nothing.
ValueTable valuesFrom(int first, std::size_t classes);

}  // namespace vl
