// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include <QString>

namespace vl {

/// How well a typed pattern fits a text, and which letters it used.
struct FuzzyMatch {
    int score = 0;                 ///< higher is better; only comparable for one pattern
    std::vector<int> positions;    ///< indices into the text, ascending
};

/// Every letter of `pattern` (blanks ignored, any case) must appear in `text` in order. Runs of neighbouring letters
/// and letters at the start of words score higher, gaps cost. An empty pattern matches everything with score 0.
std::optional<FuzzyMatch> fuzzyMatch(const QString& pattern, const QString& text);

}  // namespace vl
