// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/dense.h"

namespace vl {

/// Names that known data sets give their classes, in the order of their numbers.
const std::vector<std::string>& ade20kNames();     ///< 150
const std::vector<std::string>& vocNames();        ///< 21, background first
const std::vector<std::string>& cocoStuffNames();  ///< 171: 80 things, 91 kinds of stuff
/// The palette of VOC's own mask files.
Colour vocColour(int index);
/// Values 0..181 of COCO-Stuff's pixel maps that no picture uses; the other 171 are the classes in order.
bool cocoStuffSkips(int value);

/// Lines of names, one a class ("3: tree" and blank lines at the end allowed). Throws Error(BadFile) for an empty file,
/// more than 255 names or bytes that are no text.
std::vector<std::string> readNameList(const std::filesystem::path& file);
/// The table that comes with ADE20K (objectInfo150.txt): tabs between columns, the last is the name, the first of several.
std::vector<std::string> readObjectInfo(const std::filesystem::path& file);
/// Lines "red green blue", 0..255. Throws Error(BadFile).
std::vector<Colour> readPalette(const std::filesystem::path& file);
/// `names` with the colours of `folder`/palette.txt where it is there, else classColour().
/// Throws Error(Mismatch) for a palette of another length.
ClassList withPalette(std::vector<std::string> names, const std::filesystem::path& folder);

}  // namespace vl
