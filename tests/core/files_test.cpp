// SPDX-License-Identifier: Apache-2.0
#include "engine/core/files.h"

#include <gtest/gtest.h>

#include "engine/core/resource_paths.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"

namespace vl {
namespace {

namespace fs = std::filesystem;
using test::bytesOf;
using test::expectError;
using test::put;
using test::ScratchFolder;

std::size_t entries(const fs::path& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(AtomicFile, ReplacesTheOldContentOnlyOnCommit) {
    const ScratchFolder folder;
    const auto file = put(folder / "a.txt", "old");
    {
        AtomicFile out(file);
        out.write("new");
        EXPECT_EQ(bytesOf(file), "old");
        out.commit();
    }
    EXPECT_EQ(bytesOf(file), "new");
    EXPECT_EQ(entries(folder.path()), 1u);
}

TEST(AtomicFile, LeavesNothingBehindWhenAbandoned) {
    const ScratchFolder folder;
    const auto file = put(folder / "a.txt", "old");
    { AtomicFile(file).write("half"); }
    EXPECT_EQ(bytesOf(file), "old");
    EXPECT_EQ(entries(folder.path()), 1u);
}

TEST(AtomicFile, SaysWhyItCannotWrite) {
    const ScratchFolder folder;
    const auto notAFolder = put(folder / "plain", "x");
    const auto error = expectError(ErrorCode::BadFile, [&] { writeFileAtomically(notAFolder / "a.txt", "x"); });
    EXPECT_TRUE(test::has(error.message(), "a.txt"));
    EXPECT_FALSE(error.hint().empty());
}

TEST(ReadTextFile, TellsMissingFromUnreadable) {
    const ScratchFolder folder;
    EXPECT_EQ(readTextFile(put(folder / "a.txt", "hello")), "hello");
    expectError(ErrorCode::NotFound, [&] { readTextFile(folder / "none"); });
    expectError(ErrorCode::BadFile, [&] { readTextFile(folder.path()); });
    expectError(ErrorCode::BadFile, [&] { readTextFile(folder / "a.txt", 4); });
}

TEST(FindProject, KnowsProjectsByNameAndNamesTheNearest) {
    const ScratchFolder folder;
    put(folder / "projects/fashion-illama.toml", "name = \"fashion\"\n");
    ::setenv("VISIONLLAMA_RESOURCES", folder.path().c_str(), 1);
    EXPECT_EQ(findProject("fashion-illama"), folder / "projects/fashion-illama.toml");
    EXPECT_EQ(findProject((folder / "projects/fashion-illama.toml").string()), folder / "projects/fashion-illama.toml");
    EXPECT_EQ(resourceFolder(), folder.path());
    const auto error = expectError(ErrorCode::NotFound, [] { findProject("fashion-ilama"); });
    EXPECT_TRUE(test::has(error.hint(), "fashion-illama")) << error.hint();
    ::unsetenv("VISIONLLAMA_RESOURCES");
}

}  // namespace
}  // namespace vl
