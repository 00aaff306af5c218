// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>

#include "engine/api/model_spec.h"
#include "engine/api/settings.h"
#include "tests/core/expect_error.h"

namespace vl {
namespace {

using test::expectError;
using test::has;

TEST(Projects, AreAllValid) {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(VL_SOURCE_DIR "/projects")) {
        if (entry.path().extension() != ".toml") continue;
        EXPECT_NO_THROW(validate(loadSettings(entry.path()))) << entry.path();
        ++count;
    }
    EXPECT_GT(count, 0);
}

TEST(Validate, AcceptsTheDefaults) { EXPECT_NO_THROW(validate(RunSettings{})); }

TEST(Validate, ChecksFieldsAgainstEachOther) {
    const auto refused = [](auto&& change) {
        RunSettings settings;
        change(settings);
        return expectError(ErrorCode::Usage, [&] { validate(settings); }).message();
    };
    EXPECT_TRUE(has(refused([](auto& s) { s.train.warmupEpochs = 6; }), "train.warmup_epochs"));
    EXPECT_TRUE(has(refused([](auto& s) { s.train.epochs = 0; }), "length"));
    EXPECT_TRUE(has(refused([](auto& s) { s.train.minLr = 1; }), "train.min_lr"));
    EXPECT_TRUE(has(refused([](auto& s) { s.name = "  "; }), "name"));
    EXPECT_TRUE(has(refused([](auto& s) { s.data.dataset = "folder"; }), "data.path"));
    EXPECT_TRUE(has(refused([](auto& s) { s.softMask.schedule = "piecewise"; }), "no point"));
    EXPECT_TRUE(has(refused([](auto& s) { s.softMask = {"piecewise", 1, 2, {{1, 1}, {1, 0}}}; }), "ascending"));
    EXPECT_TRUE(has(refused([](auto& s) { s.data.batch = 0; }), "data.batch"));
    EXPECT_FALSE(refused([](auto& s) { s.model.imageSize = 33; }).empty());
}

TEST(Validate, NamesTheNearestModel) {
    RunSettings settings;
    settings.model.preset = "ilama_micro";
    const auto error = expectError(ErrorCode::NotFound, [&] { validate(settings); });
    EXPECT_TRUE(has(error.hint() + error.message(), "illama_micro"));
}

}  // namespace
}  // namespace vl
