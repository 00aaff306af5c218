// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/dense.h"

namespace vl {

/// COCO's annotation files (instances_*.json) and result files, as far as detection needs them.
/// Source: cocodataset.org, "Data format" and "Results format".

struct CocoImage {
    std::int64_t id = 0;
    std::string file;           ///< file_name, as in the file: may have folders
    int width = 0, height = 0;  ///< 1 or more, at most 100 million pixels
    std::string problem;        ///< when read: why it cannot be used; empty: it can
};

struct CocoCategory {
    std::int64_t id = 0;
    std::string name;
};

struct CocoAnnotation {
    std::int64_t id = 0, imageId = 0, categoryId = 0;
    std::array<double, 4> box{};  ///< x, y, width, height
    bool hasBox = false;          ///< false: `box` is that of the mask
    std::optional<double> area;   ///< absent: that of mask or box
    bool crowd = false;
    std::vector<std::vector<double>> polygons;  ///< x0, y0, x1, y1 ...; united
    RunMask mask;                               ///< in place of polygons, from either form of runs
    std::string problem;                        ///< when read: why it cannot be used; empty: it can
};

struct CocoFile {
    std::vector<CocoImage> images;
    std::vector<CocoCategory> categories;
    std::vector<CocoAnnotation> annotations;
};

/// How writeCocoFile() stores masks: as outlines along the edges of pixels (runMaskOfPolygon() gives the same mask
/// back; crowds become lists of runs as in COCO's own files), or as the short text of runs.
enum class CocoMasks { Polygons, Runs };

/// Files up to 2 GB. A picture or annotation that cannot be used keeps a `problem`; that sample fails, the file does
/// not. Throws Error(NotFound | BadFile) for what is no COCO file: one sentence, one hint.
CocoFile readCocoFile(const std::filesystem::path& file);
CocoFile parseCocoFile(std::string_view text, const std::string& where);
/// Written aside and renamed. An annotation's own polygons are written as they are; `masks` says what becomes of those
/// that have a mask only. Absent areas are computed, absent boxes too. Throws Error(BadFile) when the place refuses.
void writeCocoFile(const std::filesystem::path& file, const CocoFile& content, CocoMasks masks = CocoMasks::Polygons);

/// One found object of a result file.
struct CocoResult {
    std::int64_t imageId = 0, categoryId = 0;
    std::array<double, 4> box{};  ///< x, y, width, height; when absent in the file, that of the mask
    double score = 0;
    RunMask mask;  ///< empty: none
};
/// Widths and heights are differences of the corners in double precision.
CocoResult cocoResult(const FoundObject& object, std::int64_t imageId, std::int64_t categoryId);
FoundObject foundObject(const CocoResult& result, int label);

/// Throws as readCocoFile; a result that cannot be used makes the whole file unusable.
std::vector<CocoResult> readCocoResults(const std::filesystem::path& file);
std::vector<CocoResult> parseCocoResults(std::string_view text, const std::string& where);
void writeCocoResults(const std::filesystem::path& file, const std::vector<CocoResult>& results);

}  // namespace vl
