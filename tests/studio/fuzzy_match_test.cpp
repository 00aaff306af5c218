// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/fuzzy_match.h"

#include <gtest/gtest.h>

namespace vl {
namespace {

TEST(FuzzyMatch, NeedsEveryLetterInOrder) {
    EXPECT_TRUE(fuzzyMatch("chk", "Checkpoint now"));
    EXPECT_FALSE(fuzzyMatch("kch", "Checkpoint now"));
    EXPECT_FALSE(fuzzyMatch("checkz", "Checkpoint now"));
    EXPECT_FALSE(fuzzyMatch("longer than", "short"));
}

TEST(FuzzyMatch, IgnoresCaseAndBlanks) { EXPECT_TRUE(fuzzyMatch("OPEN im", "Open image…")); }

TEST(FuzzyMatch, AnEmptyPatternMatchesEverythingWithoutLetters) {
    const auto match = fuzzyMatch("", "anything");
    ASSERT_TRUE(match);
    EXPECT_TRUE(match->positions.empty());
}

TEST(FuzzyMatch, ReportsTheLettersOfAWholeWord) {
    const auto match = fuzzyMatch("check", "Open checkpoint…");
    ASSERT_TRUE(match);
    EXPECT_EQ(match->positions, (std::vector<int>{5, 6, 7, 8, 9}));
}

TEST(FuzzyMatch, PrefersWordStartsAndNeighbours) {
    EXPECT_GT(fuzzyMatch("check", "Checkpoint now")->score, fuzzyMatch("check", "Change hue, then click")->score);
    EXPECT_GT(fuzzyMatch("rd", "Restore default layout")->score, fuzzyMatch("rd", "Bird")->score);
    EXPECT_GT(fuzzyMatch("run", "Run or continue")->score, fuzzyMatch("run", "Resume the selected run")->score - 1);
}

}  // namespace
}  // namespace vl
