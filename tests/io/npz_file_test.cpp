// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstring>

#include "engine/io/npz_file.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"
#include "tests/io/npz_builder.h"

namespace vl {
namespace {

using namespace std::string_literals;
using test::expectError;
using test::has;
using test::npyBytes;
using test::npyOf;
using test::npzBytes;
using test::ScratchFolder;
using test::storedPart;
using Shape = std::vector<std::int64_t>;

std::string text(const std::vector<std::byte>& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string contentOf(const NpzFile& file, std::string_view name) {
    const NpyArray* array = file.find(name);
    return array ? text(file.read(*array)) : "no such array";
}

void expectBad(const std::string& bytes, const std::string& reason) {
    const ScratchFolder folder;
    const auto file = test::put(folder / "x.npz", bytes);
    const auto error = expectError(ErrorCode::BadFile, [&] {
        const auto opened = NpzFile::open(file);
        for (const auto& array : opened.arrays())
            opened.read(array);
    });
    EXPECT_TRUE(has(error.message(), reason)) << error.message();
    EXPECT_FALSE(error.hint().empty());
}

TEST(NpzFile, ReadsArraysOfEveryVersion) {
    const ScratchFolder folder;
    const auto file = test::put(folder / "x.npz", npzBytes({storedPart("a.npy", npyOf("|u1", "(2, 3)", "abcdef")),
                                                            storedPart("b.npy", npyOf("<f4", "(1,)", "wxyz", 2)),
                                                            storedPart("c.npy", npyOf("<i8", "()", "12345678", 3)),
                                                            storedPart("d.npy", npyOf("<f8", "(0, 4)", "")),
                                                            storedPart("notes.txt", "not an array")}));
    const auto opened = NpzFile::open(file);
    ASSERT_EQ(opened.arrays().size(), 4u);
    EXPECT_EQ(opened.find("a")->dtype, "U8");
    EXPECT_EQ(opened.find("a")->shape, (Shape{2, 3}));
    EXPECT_EQ(contentOf(opened, "a"), "abcdef");
    EXPECT_EQ(opened.find("b")->dtype, "F32");
    EXPECT_EQ(contentOf(opened, "b"), "wxyz");
    EXPECT_EQ(opened.find("c")->shape, Shape{});
    EXPECT_EQ(contentOf(opened, "c"), "12345678");
    EXPECT_EQ(opened.find("d")->bytes, 0u);
    EXPECT_EQ(contentOf(opened, "d"), "");
    EXPECT_EQ(opened.find("notes"), nullptr);
}

TEST(NpzFile, ReadsInPiecesWithoutTheFileObject) {
    const ScratchFolder folder;
    const auto file = test::put(folder / "x.npz", npzBytes({storedPart("a.npy", npyOf("|u1", "(6,)", "abcdef"))}));
    auto stream = [&] {
        const auto opened = NpzFile::open(file);
        return opened.stream(*opened.find("a"));
    }();
    std::vector<std::byte> piece(4);
    stream.read(piece);
    EXPECT_EQ(text(piece), "abcd");
    EXPECT_EQ(stream.left(), 2u);
    expectError(ErrorCode::Internal, [&] { stream.read(piece); });
    piece.resize(2);
    stream.read(piece);
    EXPECT_EQ(text(piece), "ef");
}

TEST(NpzFile, ReadsOneArrayAlone) {
    const ScratchFolder folder;
    const auto opened = NpzFile::open(test::put(folder / "x.npy", npyOf("|i1", "(3,)", "abc")));
    ASSERT_EQ(opened.arrays().size(), 1u);
    EXPECT_EQ(contentOf(opened, "arr_0"), "abc");
}

TEST(NpzFile, UnpacksDeflatedArrays) {
    const ScratchFolder folder;
    const auto array = npyOf("|u1", "(3,)", "abc");
    const auto file = test::put(folder / "x.npz", npzBytes({test::deflatedPart("a.npy", array)}));
    try {
        EXPECT_EQ(contentOf(NpzFile::open(file), "a"), "abc");
    } catch (const Error& error) {
        ASSERT_EQ(error.code(), ErrorCode::Unsupported) << error.message();
        GTEST_SKIP() << error.message();
    }
    auto wrongSum = test::deflatedPart("a.npy", array), cut = wrongSum, longer = wrongSum;
    wrongSum.packed.back() = 'x';
    expectBad(npzBytes({wrongSum}), "sum");
    cut.packed.resize(cut.packed.size() - 2);
    expectBad(npzBytes({cut}), "cannot be read");
    longer.plain += "d";
    expectBad(npzBytes({longer}), "not what its header promises");
    longer = test::deflatedPart("a.npy", array + "d");
    longer.plain = array;
    expectBad(npzBytes({longer}), "sum");
    cut.packed = "\7\7\7";
    expectBad(npzBytes({cut}), "too short");
}

TEST(NpzFile, SaysWhyAnArrayCannotBeUsed) {
    const ScratchFolder folder;
    const auto columns = npyBytes("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1)}", "wxyz");
    const auto records = npyBytes("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,)}", "wxyz");
    const auto opened = NpzFile::open(
        test::put(folder / "x.npz", npzBytes({storedPart("columns.npy", columns), storedPart("records.npy", records),
                                              storedPart("big.npy", npyOf(">f4", "(1,)", "wxyz")),
                                              storedPart("text.npy", npyOf("<U1", "(1,)", "wxyz")),
                                              storedPart("good.npy", npyOf("<f4", "(1,)", "wxyz"))})));
    const auto refusal = [&](const char* name) {
        return expectError(ErrorCode::Unsupported, [&] { opened.read(*opened.find(name)); }).message();
    };
    EXPECT_TRUE(has(refusal("columns"), "Fortran order")) << refusal("columns");
    EXPECT_TRUE(has(refusal("records"), "records"));
    EXPECT_TRUE(has(refusal("big"), ">f4"));
    EXPECT_TRUE(has(refusal("text"), "<U1"));
    EXPECT_EQ(contentOf(opened, "good"), "wxyz");
}

TEST(NpzFile, RefusesMalformedHeaders) {
    const char* headers[] = {"",
                             "{",
                             "{}",
                             "{'descr': '<f4'}",
                             "{'descr': '<f4', 'fortran_order': False}",
                             "{'descr': '<f4', 'fortran_order': 0, 'shape': ()}",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': 1}",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': (1 2)}",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999, 9999999999,)}",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1}",
                             "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} print(1)",
                             "{'descr': __import__('os'), 'fortran_order': False, 'shape': (1,)}"};
    for (const char* header : headers) {
        SCOPED_TRACE(header);
        expectBad(npzBytes({storedPart("a.npy", npyBytes(header, "wxyz"))}), "malformed");
    }
}

TEST(NpzFile, RefusesSizesThatDoNotFit) {
    expectBad(npyOf("<f4", "(2,)", "wxyz"), "not what its header promises");
    expectBad(npyOf("<f4", "(1,)", "wxyzw"), "not what its header promises");
    expectBad(npyOf("|u1", "(1152921504606846976,)", "wxyz"), "not what its header promises");
    expectBad(npzBytes({storedPart("a.npy", "short")}), "too short");
    expectBad(npzBytes({storedPart("a.npy", "long enough, but no array")}), "no numpy array");
    expectBad("\x93NUMPY\1\0\xff\xff{'descr'"s, "no numpy array");
    expectBad("\x93NUMPY\2\0\xff\xff\xff\xff{'descr'"s, "no file of numpy arrays");
    expectBad("\x93NUMPY\4\0\1\0\0\0{'descr'"s, "no file of numpy arrays");
    expectBad("hello", "no file of numpy arrays");
    expectBad(npzBytes({}), "no numpy arrays");
    auto wrongSum = storedPart("a.npy", npyOf("|u1", "(3,)", "abc"));
    wrongSum.packed.back() = 'x';
    expectBad(npzBytes({wrongSum}), "sum");
    expectError(ErrorCode::NotFound, [] { NpzFile::open("/nowhere/x.npz"); });
}

TEST(NpzFile, BoundsWhatItReadsWhole) {
    const ScratchFolder folder;
    const auto opened = NpzFile::open(test::put(folder / "x.npy", npyOf("|u1", "(6,)", "abcdef")));
    EXPECT_EQ(opened.read(opened.arrays()[0], 6).size(), 6u);
    expectError(ErrorCode::BadFile, [&] { opened.read(opened.arrays()[0], 5); });
}

TEST(NpzFile, SurvivesEveryFlippedByte) {
    const auto sound = npzBytes(
        {storedPart("a.npy", npyOf("<f4", "(1,)", "wxyz")), test::deflatedPart("b.npy", npyOf("|u1", "(3,)", "abc"))});
    const ScratchFolder folder;
    for (std::size_t at = 0; at < sound.size(); ++at)
        for (const int flip : {1, 0x80, 0xff}) {
            auto bytes = sound;
            bytes[at] = static_cast<char>(bytes[at] ^ flip);
            const auto file = test::put(folder / "x.npz", bytes);
            test::survives([&] {
                const auto opened = NpzFile::open(file);
                for (const auto& array : opened.arrays())
                    opened.read(array);
            });
        }
}

TEST(NpzWriter, IsReadBack) {
    const ScratchFolder folder;
    const auto part = [](const char* bytes) { return std::as_bytes(std::span(bytes, std::strlen(bytes))); };
    {
        NpzWriter writer(folder / "x.npz");
        writer.begin("arr_0", "U8", {2, 3});
        writer.append(part("abcd"));
        writer.append(part("ef"));
        writer.end();
        writer.add("mu", "F64", {}, part("12345678"));
        writer.add("labels", "I32", {1}, part("1234"));
        EXPECT_FALSE(std::filesystem::exists(folder / "x.npz"));
        writer.commit();
    }
    const auto opened = NpzFile::open(folder / "x.npz");
    EXPECT_EQ(contentOf(opened, "arr_0"), "abcdef");
    EXPECT_EQ(opened.find("arr_0")->shape, (Shape{2, 3}));
    EXPECT_EQ(contentOf(opened, "mu"), "12345678");
    EXPECT_EQ(opened.find("mu")->shape, Shape{});
    EXPECT_EQ(opened.find("labels")->shape, Shape{1});
    EXPECT_EQ(opened.find("labels")->dtype, "I32");
}

TEST(NpzWriter, RefusesWhatNumpyHasNotAndWhatIsIncomplete) {
    const ScratchFolder folder;
    NpzWriter writer(folder / "x.npz");
    expectError(ErrorCode::Usage, [&] { writer.begin("a", "BF16", {1}); });
    expectError(ErrorCode::Usage, [&] { writer.begin("a", "F32", {-1}); });
    writer.begin("a", "F32", {1});
    expectError(ErrorCode::Internal, [&] { writer.end(); });
}

}  // namespace
}  // namespace vl
