// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/api/model_spec.h"

namespace vl::cli {

/// What a printed number counts.
enum class Figure {
    Parameters,   ///< all stored tensors, frozen tables included
    Trained,      ///< without the frozen position table
    HookCounted,  ///< without norms, position table and class token, as counters that hook into layers see it
    Macs,         ///< multiply-accumulates of one picture
};
const char* toString(Figure figure);

/// One number that a paper, a log or a reference implementation states, and where.
struct PublishedFigure {
    const char* section;  ///< table of docs/models.md
    const char* preset;
    const char* part;  ///< prefixes of the layers meant, separated by blanks; empty: the whole model
    int imageSize;     ///< 0: the preset's
    int numClasses;    ///< 0: the preset's
    Figure figure;
    const char* printed;  ///< as printed: "310.2 M", "4.599 G", "5,701,096"
    const char* source;
    const char* reason;  ///< why the printed number is another one; empty where they agree
};
std::span<const PublishedFigure> publishedFigures();

/// The number itself and half a unit of its last printed place.
struct PrintedNumber {
    double value = 0, half = 0;
};
PrintedNumber parsePrinted(const std::string& text);

/// What this program counts for the same thing.
std::int64_t computed(const PublishedFigure& figure);
/// Equal once rounded to the printed places.
bool agrees(const PublishedFigure& figure);

}  // namespace vl::cli
