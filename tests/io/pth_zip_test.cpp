// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "engine/io/crc32.h"
#include "engine/io/zip_directory.h"
#include "engine/io/zip_writer.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"
#include "tests/io/pth_builder.h"

namespace vl {
namespace {

using test::expectError;
using test::has;
using test::little;
using test::zipBytes;

std::span<const std::byte> asBytes(const std::string& text) { return std::as_bytes(std::span(text)); }

std::string dataOf(const std::string& bytes, const ZipEntry* entry) {
    return entry ? bytes.substr(entry->offset, entry->size) : "no such entry";
}

void expectRefused(const std::string& bytes, const std::string& reason) {
    const auto error = expectError(ErrorCode::BadFile, [&] { ZipDirectory::read(asBytes(bytes), "a.pth"); });
    EXPECT_TRUE(has(error.message(), reason)) << error.message();
    EXPECT_FALSE(error.hint().empty());
}

std::string with(std::string bytes, std::size_t at, const std::string& patch) {
    return bytes.replace(at, patch.size(), patch);
}

const std::string two = zipBytes({{"a/x", "hello"}, {"a/y", "worlds"}});
const std::size_t directory = 30 + 3 + 5 + 30 + 3 + 6, entryBytes = 46 + 3, end = directory + 2 * entryBytes;

TEST(ZipDirectory, ListsEntriesWhereTheyLie) {
    const auto zip = ZipDirectory::read(asBytes(two), "a.pth");
    ASSERT_EQ(zip.entries().size(), 2u);
    EXPECT_EQ(dataOf(two, zip.find("a/x")), "hello");
    EXPECT_EQ(dataOf(two, zip.find("a/y")), "worlds");
    EXPECT_EQ(zip.find("a/z"), nullptr);
    EXPECT_TRUE(ZipDirectory::read(asBytes(zipBytes({})), "a.pth").entries().empty());
}

TEST(ZipDirectory, AcceptsAComment) {
    const auto commented = with(two, two.size() - 2, little(4, 2)) + "note";
    EXPECT_EQ(ZipDirectory::read(asBytes(commented), "a.pth").entries().size(), 2u);
    expectRefused(two + "note", "table of contents is missing");
}

TEST(ZipDirectory, ReadsZip64SizesAndPlaces) {
    // One entry whose size and header place are only in the ZIP64 field, and a ZIP64 end record.
    const std::string name = "a/x", data = "hello";
    const auto common =
        little(45, 2) + little(0, 12) + little(0xffffffff, 4) + little(0xffffffff, 4) + little(name.size(), 2);
    const auto local = "PK\x03\x04" + common + little(0, 2) + name + data;
    const auto extra = little(0x4246, 2) + little(2, 2) + "ZZ" + little(1, 2) + little(24, 2) + little(data.size(), 8) +
                       little(data.size(), 8) + little(0, 8);
    const auto entry = "PK\x01\x02" + little(45, 2) + common + little(extra.size(), 2) + little(0, 10) +
                       little(0xffffffff, 4) + name + extra;
    const auto end64 = "PK\x06\x06" + little(44, 8) + little(45, 2) + little(45, 2) + little(0, 8) + little(1, 8) +
                       little(1, 8) + little(entry.size(), 8) + little(local.size(), 8);
    const auto locator = "PK\x06\x07" + little(0, 4) + little(local.size() + entry.size(), 8) + little(1, 4);
    const auto last = "PK\x05\x06" + little(0, 4) + little(0xffff, 2) + little(0xffff, 2) + little(0xffffffff, 4) +
                      little(0xffffffff, 4) + little(0, 2);
    const auto bytes = local + entry + end64 + locator + last;
    EXPECT_EQ(dataOf(bytes, ZipDirectory::read(asBytes(bytes), "a.pth").find("a/x")), "hello");
    const auto place = entry.size() - 24;
    expectRefused(local + entry.substr(0, place) + std::string(16, '\xff') + little(0, 8) + end64 + locator + last,
                  "does not fit");
    expectRefused(local + entry.substr(0, place + 16) + std::string(8, '\xff') + end64 + locator + last, "not where");
}

TEST(ZipDirectory, RefusesCompressedAndEncryptedEntries) {
    expectRefused(zipBytes({{"a/x", "hello", 8}}), "compressed");
    expectRefused(with(two, directory + 8, little(1, 2)), "encrypted");
    expectRefused(with(two, 8, little(8, 2)), "compressed");  // the local header alone says so
}

TEST(ZipDirectory, RefusesForbiddenAndRepeatedNames) {
    for (const std::string name : {"../x", "a/../x", "a/..", "..", "/etc/x", ""})
        expectRefused(zipBytes({{name, "x"}}), "forbidden name");
    expectRefused(zipBytes({{std::string("a\0b", 3), "x"}}), "forbidden name");
    expectRefused(zipBytes({{"a/x", "1"}, {"a/x", "2"}}), "twice");
    EXPECT_EQ(ZipDirectory::read(asBytes(zipBytes({{"a/x..y", "1"}})), "a.pth").entries().size(), 1u);
}

TEST(ZipDirectory, RefusesOverlapsAndDisagreements) {
    expectRefused(with(two, directory + 20, little(6, 4) + little(6, 4)), "overlap");
    expectRefused(with(two, directory + 20, little(4, 4)), "two different sizes");
    expectRefused(with(two, directory + entryBytes + 20, little(7, 4) + little(7, 4)), "does not fit");
    expectRefused(with(two, directory + entryBytes + 42, little(0, 4)), "two different names");
    expectRefused(with(two, directory + 42, little(1, 4)), "not where");
    expectRefused(with(two, directory + 42, little(0xfffffffe, 4)), "not where");
    expectRefused(with(two, directory + 42, little(0xffffffff, 4)), "lacks its ZIP64");
}

TEST(ZipDirectory, RefusesImpossibleEndRecords) {
    expectRefused("", "too short");
    expectRefused("PK\x03\x04 and nothing that follows it", "missing");
    expectRefused(two.substr(0, two.size() - 1), "missing");
    expectRefused(with(two, end + 10, little(3, 2)), "more entries");
    expectRefused(with(two, end + 10, little(1, 2)), "does not end");
    expectRefused(with(two, end + 12, little(0xfffffff0, 4)), "outside");
    expectRefused(with(two, end + 16, little(directory + 1, 4)), "outside");
    expectRefused(with(two, end + 4, little(1, 2)), "several");
}

TEST(ZipWriter, AlignsDataAndIsReadBack) {
    const test::ScratchFolder folder;
    AtomicFile file(folder / "a.zip");
    ZipWriter writer(file);
    writer.add("archive/data.pkl", std::string_view("pickle"));
    writer.add("archive/data/0", std::string_view(""));
    writer.add("archive/data/1", std::string_view("some bytes"));
    writer.finish();
    file.commit();
    const auto bytes = test::bytesOf(folder / "a.zip");
    const auto zip = ZipDirectory::read(asBytes(bytes), "a.zip");
    ASSERT_EQ(zip.entries().size(), 3u);
    for (const auto& entry : zip.entries())
        EXPECT_EQ(entry.offset % 64, 0u) << entry.name;
    EXPECT_EQ(dataOf(bytes, zip.find("archive/data/1")), "some bytes");
}

TEST(Crc32, MatchesTheCheckValueOfItsCatalogue) {
    EXPECT_EQ(crc32(asBytes("123456789")), 0xcbf43926u);
    EXPECT_EQ(crc32({}), 0u);
    EXPECT_EQ(crc32(asBytes("The quick brown fox jumps over the lazy dog")), 0x414fa339u);
}

}  // namespace
}  // namespace vl
