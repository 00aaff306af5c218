// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/fuzzy_match.h"

#include <algorithm>
#include <limits>

namespace vl {
namespace {

constexpr int kWordStart = 12, kNeighbour = 10, kLetter = 4, kGap = 1;
constexpr int kNone = std::numeric_limits<int>::min() / 2;

bool startsWord(const QString& text, int at) { return at == 0 || !text[at - 1].isLetterOrNumber(); }

}  // namespace

std::optional<FuzzyMatch> fuzzyMatch(const QString& pattern, const QString& text) {
    QString wanted = pattern.toCaseFolded();
    wanted.removeIf([](QChar c) { return c.isSpace(); });
    const QString folded = text.toCaseFolded();
    const int letters = int(wanted.size()), length = int(folded.size());
    if (letters == 0) return FuzzyMatch{};
    if (letters > length) return std::nullopt;

    // best[i][j]: score of the first i + 1 letters with the last of them at j; from[i][j]: where the one before it is.
    std::vector<std::vector<int>> best(std::size_t(letters), std::vector<int>(std::size_t(length), kNone)), from = best;
    for (int i = 0; i < letters; ++i) {
        for (int j = i; j < length; ++j) {
            if (folded[j] != wanted[i]) continue;
            const int own = kLetter + (startsWord(folded, j) ? kWordStart : 0);
            if (i == 0) {
                best[0][std::size_t(j)] = own - std::min(j, 8) * kGap;
                continue;
            }
            for (int k = i - 1; k < j; ++k) {
                const int before = best[std::size_t(i - 1)][std::size_t(k)];
                if (before == kNone) continue;
                const int score = before + own + (k == j - 1 ? kNeighbour : -std::min(j - k, 8) * kGap);
                if (score <= best[std::size_t(i)][std::size_t(j)]) continue;
                best[std::size_t(i)][std::size_t(j)] = score;
                from[std::size_t(i)][std::size_t(j)] = k;
            }
        }
    }
    const std::vector<int>& last = best.back();
    const auto top = std::max_element(last.begin(), last.end());
    if (*top == kNone) return std::nullopt;

    FuzzyMatch match;
    match.score = *top;
    match.positions.resize(std::size_t(letters));
    int at = int(top - last.begin());
    for (int i = letters - 1; i >= 0; --i) {
        match.positions[std::size_t(i)] = at;
        if (i > 0) at = from[std::size_t(i)][std::size_t(at)];
    }
    return match;
}

}  // namespace vl
