// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <CLI/CLI.hpp>

#include "engine/api/dense.h"

namespace vl::cli {

/// How `segment` and `eval` were told to meet pictures of any size.
struct SegmentHow {
    std::string scales;
    bool flip = false, sliding = false, whole = false;
    bool given() const { return !scales.empty() || flip || sliding || whole; }
};
void addSegmentHow(CLI::App& command, SegmentHow& how);
/// Throws Error(Usage) for scales that are none.
SegmentTesting testingOf(const SegmentHow& how);
/// "sliding windows, scales 0.5, 1, mirrored".
std::string describe(const SegmentTesting& testing);

/// "12 of 2,000 pictures, 3:04 left".
std::string progressText(std::int64_t done, std::int64_t all, double seconds);

/// Name of a class; its number where the list has none.
std::string className(const ClassList& list, int index);

}  // namespace vl::cli
