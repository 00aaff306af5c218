// SPDX-License-Identifier: Apache-2.0
#include "engine/io/pth_file.h"

#include <gtest/gtest.h>

#include <cstring>

#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"
#include "tests/io/pth_builder.h"

namespace vl {
namespace {

using test::expectError;
using test::has;
using test::legacyPth;
using test::put;
using test::ScratchFolder;
using test::zipPth;
namespace op = test::op;

std::string floats(std::initializer_list<float> values) {
    std::string out;
    for (const float value : values)
        out.append(reinterpret_cast<const char*>(&value), 4);
    return out;
}

std::vector<float> readFloats(const PthFile& file, const std::string& name) {
    const auto* tensor = file.find(name);
    if (!tensor) return {};
    EXPECT_EQ(tensor->dtype, "F32");
    const auto bytes = file.read(*tensor);
    std::vector<float> values(bytes.size() / 4);
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
}

std::string namesOf(const PthFile& file) {
    std::string names;
    for (const auto& tensor : file.tensors())
        names += (names.empty() ? "" : " ") + tensor.name;
    return names;
}

std::string scalarsOf(const PthFile& file) {
    std::string all;
    for (const auto& scalar : file.scalars())
        all += (all.empty() ? "" : "; ") + scalar.name + "=" + scalar.text;
    return all;
}

void expectRefused(const std::string& bytes, const std::string& reason) {
    const ScratchFolder folder;
    const auto error = expectError(ErrorCode::BadFile, [&] { PthFile::open(put(folder / "a.pth", bytes)); });
    EXPECT_TRUE(has(error.message(), reason)) << error.message();
    EXPECT_FALSE(error.hint().empty());
}

/// A tensor of n floats at the start of storage `key`.
std::string vectorOf(const std::string& key, std::int64_t n) {
    return op::tensor(op::storage("FloatStorage", key, n), 0, {n}, {1});
}

const std::string checkpoint =
    op::dict({{"model", op::dict({{"blocks.0.w", op::tensor(op::storage("FloatStorage", "0", 6), 0, {2, 3}, {3, 1})},
                                  {"b", vectorOf("1", 2)}})},
              {"epoch", op::small(3)},
              {"args", op::global("argparse", "Namespace") + op::emptyTuple + op::newObject +
                           op::dict({{"lr", op::small(1)}, {"sizes", op::sizes({1, 2})}}) + op::build}});

TEST(PthFile, ListsAndReadsTheZipFormat) {
    const ScratchFolder folder;
    const auto file =
        PthFile::open(put(folder / "a.pth", zipPth(checkpoint, {floats({1, 2, 3, 4, 5, 6}), floats({7, 8})})));
    EXPECT_EQ(file.format(), PthFormat::Zip);
    EXPECT_EQ(namesOf(file), "model.blocks.0.w model.b");
    EXPECT_EQ(readFloats(file, "model.blocks.0.w"), (std::vector<float>{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(readFloats(file, "model.b"), (std::vector<float>{7, 8}));
    EXPECT_EQ(scalarsOf(file), "epoch=3; args.lr=1; args.sizes=(1, 2)");
    EXPECT_EQ(file.find("model.blocks.0.w")->topKeyBytes, 5u);
    EXPECT_EQ(file.find("nothing"), nullptr);
    EXPECT_EQ(file.view(*file.find("model.b")).size(), 8u);
}

TEST(PthFile, ListsAndReadsTheLegacyFormat) {
    const ScratchFolder folder;
    const auto bytes = legacyPth(checkpoint, {{"1", 4, floats({7, 8})}, {"0", 4, floats({1, 2, 3, 4, 5, 6})}});
    const auto file = PthFile::open(put(folder / "a.pth", bytes));
    EXPECT_EQ(file.format(), PthFormat::Legacy);
    EXPECT_EQ(readFloats(file, "model.blocks.0.w"), (std::vector<float>{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(readFloats(file, "model.b"), (std::vector<float>{7, 8}));
}

TEST(PthFile, ReadsViewsOfStoragesInOldLegacyFiles) {
    const ScratchFolder folder;
    const auto view = op::tupleOf({op::text("5"), op::whole(2), op::whole(3)});
    const auto tensor = op::tensor(op::storage("FloatStorage", "0", 6, view), 1, {2}, {1});
    const auto file = PthFile::open(
        put(folder / "a.pth", legacyPth(op::dict({{"w", tensor}}), {{"0", 4, floats({1, 2, 3, 4, 5, 6})}})));
    EXPECT_EQ(readFloats(file, "w"), (std::vector<float>{4, 5}));
    const auto beyond = op::tensor(
        op::storage("FloatStorage", "0", 6, op::tupleOf({op::text("5"), op::whole(4), op::whole(3)})), 0, {1}, {1});
    expectRefused(legacyPth(op::dict({{"w", beyond}}), {{"0", 4, floats({1, 2, 3, 4, 5, 6})}}),
                  "shorter than promised");
}

TEST(PthFile, GathersStridedTensorsAndSharesStorages) {
    const ScratchFolder folder;
    const auto storage = op::storage("FloatStorage", "0", 6);
    const auto pickle = op::dict({{"w", op::tensor(storage, 0, {2, 3}, {3, 1})},
                                  {"transposed", op::tensor(storage, 0, {3, 2}, {1, 3})},
                                  {"column", op::tensor(storage, 1, {2}, {3})},
                                  {"expanded", op::tensor(storage, 5, {2, 2}, {0, 0})},
                                  {"scalar", op::tensor(storage, 4, {}, {})},
                                  {"odd stride of one row", op::tensor(storage, 0, {1, 3}, {std::int64_t{1} << 61, 1})},
                                  {"empty", op::tensor(storage, 6, {0, 3}, {3, 1})}});
    const auto file = PthFile::open(put(folder / "a.pth", zipPth(pickle, {floats({1, 2, 3, 4, 5, 6})})));
    EXPECT_EQ(readFloats(file, "transposed"), (std::vector<float>{1, 4, 2, 5, 3, 6}));
    EXPECT_EQ(readFloats(file, "column"), (std::vector<float>{2, 5}));
    EXPECT_EQ(readFloats(file, "expanded"), (std::vector<float>{6, 6, 6, 6}));
    EXPECT_EQ(readFloats(file, "scalar"), (std::vector<float>{5}));
    EXPECT_EQ(readFloats(file, "odd stride of one row"), (std::vector<float>{1, 2, 3}));
    EXPECT_TRUE(readFloats(file, "empty").empty());
    EXPECT_TRUE(file.find("odd stride of one row")->contiguous);
    EXPECT_FALSE(file.find("transposed")->contiguous);
    EXPECT_TRUE(file.view(*file.find("transposed")).empty());
    for (const auto& tensor : file.tensors())
        EXPECT_EQ(tensor.storage, 0u);
}

TEST(PthFile, ListsSharedPartsUnderEachNameAndPassesOverCycles) {
    const ScratchFolder folder;
    const auto pickle = op::emptyDict + op::put(0) + op::text("a") + op::dict({{"w", vectorOf("0", 1)}}) + op::put(1) +
                        op::setItem + op::text("b") + op::get(1) + op::setItem + op::text("self") + op::get(0) +
                        op::setItem;
    EXPECT_EQ(namesOf(PthFile::open(put(folder / "a.pth", zipPth(pickle, {floats({1})})))), "a.w b.w");
}

TEST(PthFile, TellsEqualNamesApartAndLetsTheLastOfEqualKeysCount) {
    const ScratchFolder folder;
    const auto same = op::dict({{"a.b", vectorOf("0", 1)}, {"a", op::dict({{"b", vectorOf("1", 1)}})}});
    EXPECT_EQ(namesOf(PthFile::open(put(folder / "a.pth", zipPth(same, {floats({1}), floats({2})})))), "a.b a.b#2");
    const auto twice = op::dict({{"a", vectorOf("0", 1)}, {"c", op::none}, {"a", vectorOf("1", 1)}});
    const auto file = PthFile::open(put(folder / "b.pth", zipPth(twice, {floats({1}), floats({2})})));
    EXPECT_EQ(namesOf(file), "a");
    EXPECT_EQ(readFloats(file, "a"), (std::vector<float>{2}));
}

TEST(PthFile, ListsListsAndPickledModules) {
    const ScratchFolder folder;
    const auto module = [](const std::string& parameters, const std::string& modules) {
        return op::global("my.net", "Net") + op::emptyTuple + op::newObject +
               op::dict({{"training", op::yes},
                         {"_parameters", parameters},
                         {"_buffers", op::dict({{"none", op::none}})},
                         {"_modules", modules}}) +
               op::build;
    };
    const auto inner = module(op::dict({{"weight", vectorOf("0", 1)}}), op::dict({}));
    const auto pickle = op::dict({{"list", op::emptyList + op::mark + vectorOf("1", 1) + op::small(4) + op::appends},
                                  {"net", module(op::dict({{"bias", vectorOf("1", 1)}}), op::dict({{"fc", inner}}))}});
    const auto file = PthFile::open(put(folder / "a.pth", zipPth(pickle, {floats({1}), floats({2})})));
    EXPECT_EQ(namesOf(file), "list.0 net.bias net.fc.weight");
    EXPECT_EQ(scalarsOf(file), "list.1=4");
    ASSERT_EQ(file.opaque().size(), 2u);
    EXPECT_EQ(file.opaque()[0].name, "net");
    EXPECT_EQ(file.opaque()[0].className, "my.net.Net");
}

TEST(PthFile, RefusesOtherFiles) {
    const ScratchFolder folder;
    expectError(ErrorCode::NotFound, [&] { PthFile::open(folder / "none.pth"); });
    expectRefused("", "empty");
    expectRefused("hello", "neither");
    expectRefused(std::string(257, 'x') + "ustar" + std::string(300, 'x'), "tar format");
    expectRefused(op::proto + op::small(1) + op::stop, "not one that PyTorch wrote");
    expectRefused(test::zipBytes({{"word/document.xml", "x"}}), "no data.pkl");
    expectRefused(test::zipBytes({{"m/data.pkl", op::proto + op::none + op::stop}, {"m/constants.pkl", "x"}}),
                  "TorchScript");
    expectRefused(test::zipBytes({{"m/data.pkl", "x", 8}}), "compressed");
}

TEST(PthFile, RefusesBigEndianFiles) {
    expectRefused(zipPth(checkpoint, {floats({1, 2, 3, 4, 5, 6}), floats({7, 8})}, "big"), "big-endian");
    expectRefused(legacyPth(op::none, {}, false), "big-endian");
}

TEST(PthFile, RefusesMissingAndShortStorages) {
    expectRefused(zipPth(op::dict({{"w", vectorOf("0", 2)}}), {}), "missing");
    expectRefused(zipPth(op::dict({{"w", vectorOf("0", 2)}}), {floats({1})}), "shorter than promised");
    const auto w = op::dict({{"w", vectorOf("0", 2)}});
    expectRefused(legacyPth(w, {{"0", 4, floats({1})}}), "shorter than promised");
    expectRefused(legacyPth(w, {{"0", 4, floats({1, 2})}, {"9", 4, floats({1})}}), "nothing uses");
    expectRefused(legacyPth(w, {{"0", 4, floats({1, 2})}, {"0", 4, floats({1, 2})}}), "twice");
    expectRefused(legacyPth(w, {{"0", 4, floats({1, 2})}}) + "x", "goes on");
    auto cut = legacyPth(w, {{"0", 4, floats({1, 2})}});
    cut.pop_back();
    expectRefused(cut, "ends before");
}

TEST(PthFile, RefusesNamesWithoutEnd) {
    // Each dict holds the one before twice: 2^40 names from a few hundred bytes.
    auto pickle = op::dict({{"w", vectorOf("0", 1)}}) + op::put(0);
    for (int i = 1; i < 40; ++i)
        pickle += op::dict({{"a", op::get(i - 1)}, {"b", op::get(i - 1)}}) + op::put(i);
    expectRefused(zipPth(pickle, {floats({1})}), "would not end");
    expectRefused(zipPth(op::dict({{std::string(5000, 'x'), vectorOf("0", 1)}}), {floats({1})}), "more than 1024");
}

TEST(PthFile, RefusesOneTensorUnderTooManyNames) {
    auto pickle = op::emptyList + op::mark + vectorOf("0", 1) + op::put(0);
    for (int i = 0; i < 20000; ++i)
        pickle += op::get(0);
    expectRefused(zipPth(pickle + op::appends, {floats({1})}), "would not end");
}

TEST(PthFile, DoesNotExpandATensorBeyondReason) {
    const ScratchFolder folder;
    const auto tensor = op::tensor(op::storage("FloatStorage", "0", 1), 0, {1 << 20, 1 << 20}, {0, 0});
    const auto file = PthFile::open(put(folder / "a.pth", zipPth(op::dict({{"w", tensor}}), {floats({1})})));
    const auto error = expectError(ErrorCode::BadFile, [&] { file.read(*file.find("w")); });
    EXPECT_TRUE(has(error.message(), "claims more data")) << error.message();
}

TEST(PthFile, ShortensWhatIsNestedDeep) {
    const ScratchFolder folder;
    std::string pickle;
    for (int i = 0; i < 5000; ++i)
        pickle += op::emptyDict + op::text("k");
    pickle += vectorOf("0", 1);
    for (int i = 0; i < 5000; ++i)
        pickle += op::setItem;
    const auto file = PthFile::open(put(folder / "a.pth", zipPth(pickle, {floats({1})})));
    EXPECT_TRUE(file.tensors().empty());
    ASSERT_EQ(file.opaque().size(), 1u);
    EXPECT_EQ(file.opaque()[0].className, "nested too deep to list");
}

}  // namespace
}  // namespace vl
