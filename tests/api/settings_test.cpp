// SPDX-License-Identifier: Apache-2.0
#include "engine/api/settings.h"

#include <gtest/gtest.h>

#include <clocale>
#include <cmath>
#include <locale>
#include <set>

#include "engine/core/random.h"
#include "engine/core/text.h"
#include "tests/core/expect_error.h"

namespace vl {
namespace {

using Nodes = std::vector<ScheduleNode>;
using test::expectError;
using test::has;

/// A random value every check lets through; each field of a run gets its own.
SettingValue randomValue(const SettingField& field, const RandomStream& random, std::uint64_t& n) {
    const RunSettings defaults;
    const auto example = field.get(defaults);
    const auto real = [&] { return field.min + (field.max - field.min) * std::pow(random.uniform(n++), 4); };
    if (std::holds_alternative<bool>(example)) return random.below(n++, 2) == 1;
    if (std::holds_alternative<std::int64_t>(example)) return static_cast<std::int64_t>(real());
    if (std::holds_alternative<double>(example)) return real();
    if (std::holds_alternative<Nodes>(example)) {
        Nodes nodes(random.below(n++, 5));
        for (auto& node : nodes) node = {random.uniform(n) * 100, random.uniform(n + 1), random.below(n + 2, 2) == 1}, n += 3;
        return nodes;
    }
    if (!field.choices.empty()) return std::string(field.choices[random.below(n++, field.choices.size())]);
    constexpr const char* texts[] = {"", "plain", "with \"quotes\" and \\ slashes", "caf\xc3\xa9 # not a comment", "/a b/[c]"};
    return std::string(texts[random.below(n++, 5)]);
}

RunSettings randomSettings(std::uint64_t seed) {
    const RandomStream random(seed, 0);
    std::uint64_t n = 0;
    RunSettings settings;
    for (const auto& field : settingFields()) applySetting(settings, field.key, randomValue(field, random, n));
    return settings;
}

void expectSame(const RunSettings& a, const RunSettings& b) {
    for (const auto& field : settingFields()) EXPECT_EQ(field.get(a), field.get(b)) << field.key;
}

TEST(SettingFields, CoverEveryMemberOnceWithWords) {
    std::set<std::string_view> keys;
    for (const auto& field : settingFields()) {
        EXPECT_TRUE(keys.insert(field.key).second) << field.key;
        EXPECT_FALSE(field.label.empty()) << field.key;
        EXPECT_TRUE(field.help.ends_with('.')) << field.key;
    }
    EXPECT_EQ(keys.size(), 1u + 6 + 11 + 18 + 4 + 13 + 12 + 3 + 2 + 1);  // members of the structs, RunSettings::name first
}

TEST(SettingFields, HaveDefaultsWithinTheirOwnRange) {
    RunSettings settings;
    for (const auto& field : settingFields()) EXPECT_NO_THROW(applySetting(settings, field.key, field.get(settings))) << field.key;
}

TEST(SettingFields, TellWhichEditsWaitForTheNextRun) {
    EXPECT_EQ(findSetting("train.lr").applies, Applies::Now);
    EXPECT_EQ(findSetting("soft_mask.nodes").applies, Applies::Now);
    EXPECT_EQ(findSetting("model.preset").applies, Applies::NextRun);
    EXPECT_EQ(findSetting("data.batch").applies, Applies::NextRun);
}

TEST(SettingsToml, RoundTripsEveryFieldExactly) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        const auto settings = randomSettings(seed);
        const auto text = settingsToToml(settings);
        const auto again = parseSettings(text);
        expectSame(settings, again);
        EXPECT_EQ(settingsToToml(again), text);
    }
}

TEST(SettingText, RoundTripsEveryFieldExactly) {
    for (std::uint64_t seed = 100; seed < 120; ++seed) {
        const auto settings = randomSettings(seed);
        RunSettings again;
        for (const auto& field : settingFields()) applySetting(again, field.key, std::string_view(settingText(settings, field.key)));
        expectSame(settings, again);
    }
}

/// A locale with a decimal comma and dots between thousands that every machine has.
struct CommaPunctuation final : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
};

TEST(SettingsToml, IsTheSameUnderACommaLocale) {
    const auto settings = randomSettings(7);
    const auto text = settingsToToml(settings);
    const auto before = std::locale::global(std::locale(std::locale(), new CommaPunctuation));
    const std::string beforeC = std::setlocale(LC_ALL, nullptr);
    for (const auto* name : {"fr_FR.UTF-8", "de_DE.UTF-8"}) std::setlocale(LC_ALL, name);  // where they are installed
    EXPECT_EQ(settingsToToml(settings), text);
    expectSame(parseSettings(text), settings);
    EXPECT_EQ(formatFixed(1234.5, 1), "1234.5");
    std::setlocale(LC_ALL, beforeC.c_str());
    std::locale::global(before);
}

TEST(SettingsToml, AcceptsAWholeNumberForAReal) { EXPECT_EQ(parseSettings("[train]\nlr = 1\n").train.lr, 1.0); }

TEST(SettingsToml, AcceptsDottedKeys) { EXPECT_EQ(parseSettings("train.lr = 0.5").train.lr, 0.5); }

TEST(SettingsToml, NamesFileLineAndNearestKey) {
    const auto unknown = expectError(ErrorCode::Usage, [] { parseSettings("name = \"a\"\n[train]\nlrr = 1\n", "my.toml"); });
    EXPECT_TRUE(has(unknown.message(), "my.toml:3: ")) << unknown.message();
    EXPECT_TRUE(has(unknown.hint(), "train.lr")) << unknown.hint();

    const auto section = expectError(ErrorCode::Usage, [] { parseSettings("[trian]\nlr = 1\n", "my.toml"); });
    EXPECT_TRUE(has(section.hint(), "train.lr")) << section.hint();
}

TEST(SettingsToml, RefusesWrongTypesRangesAndChoices) {
    const auto message = [](std::string_view toml) {
        return expectError(ErrorCode::Usage, [&] { parseSettings(toml, "f"); }).message();
    };
    EXPECT_EQ(message("train.lr = \"fast\""), "f:1: train.lr needs a number, not text.");
    EXPECT_EQ(message("data.batch = 0"), "f:1: data.batch must lie between 1 and 65536, not 0.");
    EXPECT_EQ(message("data.batch = 1.5"), "f:1: data.batch needs a whole number, not a number.");
    EXPECT_EQ(message("train.lr = nan"), "f:1: train.lr must lie between 0 and 10, not nan.");
    EXPECT_TRUE(has(message("soft_mask.schedule = \"linaer\""), "linaer"));
    EXPECT_TRUE(has(message("soft_mask.nodes = [{epoch = 0}]"), "not a point"));
    EXPECT_TRUE(has(message("soft_mask.nodes = [{epoch = 0, value = 2}]"), "between 0 and 1"));
    EXPECT_TRUE(has(message("train.lr = 2020-01-01"), "date"));
    EXPECT_TRUE(has(message("train.lr = {}"), "train.lr"));
    EXPECT_TRUE(has(message("[train"), "f:1: "));
    EXPECT_TRUE(has(message("name = \"a\"\nname = \"b\""), "f:2: "));
}

TEST(ApplySetting, ReadsTextOfEveryType) {
    RunSettings settings;
    applySetting(settings, "train.lr", std::string_view("1e-3"));
    applySetting(settings, "data.flip", std::string_view("off"));
    applySetting(settings, "data.batch", std::string_view(" 32 "));
    applySetting(settings, "soft_mask.nodes", std::string_view("[{epoch = 0, value = 1}, {epoch = 2, value = 0.5, linear = false}]"));
    EXPECT_EQ(settings.train.lr, 1e-3);
    EXPECT_FALSE(settings.data.flip);
    EXPECT_EQ(settings.data.batch, 32);
    EXPECT_EQ(settings.softMask.nodes, (Nodes{{0, 1, true}, {2, 0.5, false}}));
}

TEST(ApplySetting, LeavesSettingsAloneWhenRefusing) {
    RunSettings settings;
    for (const auto* text : {"0x10", "", "1,5", "inf", "11"}) {
        expectError(ErrorCode::Usage, [&] { applySetting(settings, "train.lr", std::string_view(text)); });
        EXPECT_EQ(settings.train.lr, RunSettings{}.train.lr);
    }
    expectError(ErrorCode::Usage, [&] { applySetting(settings, "name", std::string_view("two\nlines")); });
    expectError(ErrorCode::Usage, [&] { applySetting(settings, "soft_mask.nodes", std::string_view("[]\nname = 1")); });
}

TEST(SettingsToml, LettersOutsideStringsNeverReachTheParser) {
    const std::string_view found("\xEF\xBB\x9F\0\0detaZe", 11);  // libFuzzer's input: undefined behaviour in toml++
    expectError(ErrorCode::Usage, [&] { parseSettings(found); });
    const auto error = expectError(ErrorCode::Usage, [] { parseSettings("name = \"a\"\n\xC3\xA9 = 1\n", "x.toml"); });
    EXPECT_TRUE(has(error.message(), "x.toml:2")) << error.message();
}

TEST(SettingsToml, AQuoteInsideAWordOpensNoString) {
    expectError(ErrorCode::Usage, [] { parseSettings("name= 1\"ch+eB:B?BFB\xC7\xBD" "Be/l\n"); });  // libFuzzer's, too
    expectError(ErrorCode::Usage, [] { parseSettings("name = \"a\"\"\xC3\xA9\"\n"); });
    expectError(ErrorCode::Usage, [] { parseSettings("[\"\"\"([ so\xEF\xBB\xBEi\"\"\"]\n"); });
}

TEST(SettingsToml, StringsAndCommentsMayHoldAnyLetter) {
    EXPECT_EQ(parseSettings("# caf\xC3\xA9 \"\nname = \"caf\xC3\xA9\" # \xCE\xB1\n").name, "caf\xC3\xA9");
    EXPECT_EQ(parseSettings("\xEF\xBB\xBFname = 'a\xCE\xB1'").name, "a\xCE\xB1");
    EXPECT_EQ(parseSettings("name = \"\"\"\xCE\xB1\"\"\"\n# \xCE\xB2\n").name, "\xCE\xB1");
}

TEST(SettingsToml, SurvivesDamagedText) {
    const auto sound = settingsToToml(randomSettings(3));
    const RandomStream random(11, 0);
    for (std::uint64_t round = 0; round < 3000; ++round) {
        auto damaged = sound;
        const auto flips = 1 + random.below(round * 16, 4);
        for (std::uint64_t i = 0; i < flips; ++i)
            damaged[random.below(round * 16 + 2 * i + 1, damaged.size())] = static_cast<char>(random.bits(round * 16 + 2 * i + 2));
        test::survives([&] { parseSettings(damaged); });
    }
    test::survives([&] { parseSettings(std::string(100000, '[')); });
}

}  // namespace
}  // namespace vl
