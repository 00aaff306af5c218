// SPDX-License-Identifier: Apache-2.0
// Writes sound little files of every kind for the fuzzers to start from: fuzz_corpus FOLDER.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>

#include "engine/data/index_mask.h"
#include "engine/io/pth_writer.h"
#include "tests/data/png_builder.h"
#include "tests/io/npz_builder.h"
#include "tests/io/pth_builder.h"
#include "tests/io/safetensors_builder.h"

namespace {

namespace fs = std::filesystem;
namespace op = vl::test::op;

void put(const fs::path& file, const std::string& bytes) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
}

/// A pickle with everything the readers interpret.
std::string pickle() {
    const auto storage = op::storage("FloatStorage", "0", 6);
    const auto dtype = op::call("numpy", "dtype", op::tupleOf({op::text("f8"), op::no, op::yes})) +
                       op::tupleOf({op::small(3), op::text("<")}) + op::build;
    const auto best = op::call("numpy.core.multiarray", "scalar", op::tupleOf({dtype, op::bytes("12345678")}));
    const auto arguments = op::global("argparse", "Namespace") + op::emptyTuple + op::newObject +
                           op::dict({{"lr", op::small(1)}}) + op::build;
    const auto module = op::global("m", "Net") + op::emptyTuple + op::newObject +
                        op::dict({{"_parameters", op::dict({{"q", op::tensor(storage, 0, {1}, {1})}})}}) + op::build;
    const auto weights = op::orderedDict() + op::put(0) + op::text("w") + op::tensor(storage, 0, {2, 3}, {3, 1}) +
                         op::setItem + op::text("t") + op::tensor(storage, 1, {2, 2}, {1, 3}) + op::setItem;
    return op::dict({{"model", weights}, {"ema", op::get(0)}, {"best", best}, {"args", arguments}, {"net", module}});
}

void writeImageHeaders(const fs::path& folder) {
    using namespace std::string_literals;
    put(folder / "png", "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\1\2\0\0\0\3\x08\2"s);
    put(folder / "jpeg", "\xff\xd8\xff\xe0\0\4ab\xff\xff\xc2\0\x11\x08\0\5\1\1\3"s);
    put(folder / "bmp", "BM0000000000\0\0\x28\0\0\0\7\0\0\0\xf8\xff\xff\xff"s);
    put(folder / "bmp_old", "BM0000000000\0\0\x0c\0\0\0\7\0\5\0"s);
    put(folder / "webp_lossy", "RIFF0000WEBPVP8 0000000\x9d\1\x2a\7\0\5\0"s);
    put(folder / "webp_lossless", "RIFF0000WEBPVP8L0000\x2f\7\x40\1\0"s);
    put(folder / "webp_large", "RIFF0000WEBPVP8X0000\0\0\0\0\x09\0\0\x04\0\0"s);
    put(folder / "pnm", "P5\n# two\n # remarks\n12 34\n255\n"s);
}

void writeCoco(const fs::path& folder) {
    put(folder / "coco/annotations",
        R"({"info":{},"images":[{"id":5,"width":8,"height":6,"file_name":"a/b.png"}],"categories":[{"id":3,"name":"bag"}],)"
        R"("annotations":[{"id":1,"image_id":5,"category_id":3,"bbox":[1,1,4,3],"area":11.5,"iscrowd":0,)"
        R"("segmentation":[[1,1,5,1,5,4,1,4],[6,1,7,1,7,2]]},)"
        R"({"image_id":5,"category_id":3,"iscrowd":1,"segmentation":{"size":[6,8],"counts":[0,12,36]}},)"
        R"({"image_id":5,"category_id":3,"segmentation":{"size":[6,8],"counts":"0<T1"}}]})");
    put(folder / "coco/results", R"([{"image_id":5,"category_id":3,"bbox":[1,1,4,3],"score":0.5},)"
                                 R"({"image_id":5,"category_id":3,"score":0.5,"segmentation":{"size":[6,8],"counts":"0<T1"}}])");
    put(folder / "mask_text/some", "\x08\x06" "0<T1");
    put(folder / "mask_text/long", "\x01\x2e" "231U1");
}

void writeIndexMasks(const fs::path& folder) {
    const std::vector<std::uint8_t> indices{0, 1, 2, 2, 1, 0, 1, 1, 255, 0, 2, 2};
    const std::vector<vl::Colour> palette{{0, 0, 0}, {10, 20, 30}, {255, 255, 255}};
    put(folder / "grey", vl::indexMaskPng(4, 3, indices, {}));
    put(folder / "palette", vl::indexMaskPng(4, 2, std::span(indices).first(8), palette));
}

void writeAll(const fs::path& folder) {
    const std::string data(24, 'd');
    put(folder / "pickle/all", op::proto + pickle() + op::stop);
    put(folder / "pth/zip", vl::test::zipPth(pickle(), {data}));
    put(folder / "pth/legacy", vl::test::legacyPth(pickle(), {{"0", 4, data}}));
    const vl::TensorView tensor{"w", "F8_E4M3", {2, 3}, reinterpret_cast<const std::byte*>(data.data()), 6};
    vl::writePth(folder / "pth/ours", std::span(&tensor, 1), {"model", {{"epoch", std::int64_t{3}}}});
    fs::create_directories(folder / "zip");
    fs::copy_file(folder / "pth/ours", folder / "zip/zip64", fs::copy_options::overwrite_existing);
    const auto array = vl::test::npyOf("<f4", "(2, 3)", data);
    put(folder / "npz/both", vl::test::npzBytes({vl::test::storedPart("arr_0.npy", array),
                                                 vl::test::deflatedPart("mu.npy", array)}));
    put(folder / "npz/alone", vl::test::npyOf("|u1", "(24,)", data, 2));
    put(folder / "zip/plain", vl::test::zipBytes({{"a/x", "hello"}, {"a/y", ""}}));
    const auto header = R"({"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"__metadata__":{"k":"v"}})";
    put(folder / "safetensors/one", vl::test::safetensorsBytes(vl::test::padded(header), data));
    put(folder / "safetensors_index/one", R"({"metadata":{"total_size":8},"weight_map":{"a":"one.safetensors"}})");
    put(folder / "toml/sections", "# a run\n[model]\npreset = \"illama_tiny\"\n[train]\nepochs = 3\nlist = [1, 2.5]\n");
    put(folder / "idx/labels", std::string("\0\0\0\x08\x01\0\0\0\x03\1\2\3", 12));
    put(folder / "idx/images", std::string("\x02\0\0\x08\x03\0\0\0\x01\0\0\0\x02\0\0\0\x02\1\2\3\4", 21));
    writeImageHeaders(folder / "image_header");
    writeCoco(folder);
    writeIndexMasks(folder / "index_mask");
    put(folder / "png_text/key", vl::test::smallPng(vl::test::textChunk("key", "text")));
}

}  // namespace

int main(int count, char** words) {
    if (count != 2) {
        std::fputs("usage: fuzz_corpus FOLDER\n", stderr);
        return 2;
    }
    try {
        writeAll(words[1]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
