// SPDX-License-Identifier: Apache-2.0
// Damaged checkpoints of both formats: whatever the damage, vl::Error is all that may come out.
#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "engine/core/random.h"
#include "engine/io/pth_file.h"
#include "engine/io/pth_layout.h"
#include "engine/io/pth_listing.h"
#include "engine/io/weight_trees.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"
#include "tests/io/pth_builder.h"

namespace vl {
namespace {

namespace op = test::op;

/// Every construct the readers interpret, so that damage can reach all of them.
std::string everything() {
    const auto storage = op::storage("FloatStorage", "0", 6);
    const auto untyped = op::tupleOf({op::text("storage"), op::global("torch.storage", "UntypedStorage"), op::text("1"),
                                      op::text("cpu"), op::whole(4)}) +
                         op::persistent;
    const auto v3 = op::call("torch._utils", "_rebuild_tensor_v3",
                             op::tupleOf({untyped, op::whole(0), op::sizes({2}), op::sizes({1}), op::no,
                                          op::orderedDict(), op::global("torch", "uint16")}));
    const auto dtype = op::call("numpy", "dtype", op::tupleOf({op::text("f8"), op::no, op::yes})) +
                       op::tupleOf({op::small(3), op::text("<")}) + op::build;
    const auto ns = op::global("argparse", "Namespace") + op::emptyTuple + op::newObject +
                    op::dict({{"lr", op::small(1)}}) + op::build;
    return op::dict(
        {{"model", op::orderedDict() + op::put(0) + op::mark + op::text("w") + op::tensor(storage, 0, {2, 3}, {3, 1}) +
                       op::text("t") + op::tensor(storage, 1, {2, 2}, {1, 3}) + op::text("p") +
                       op::call("torch._utils", "_rebuild_parameter", op::tupleOf({v3, op::yes, op::orderedDict()})) +
                       op::setItems},
         {"ema", op::get(0)},
         {"args", ns},
         {"best", op::call("numpy.core.multiarray", "scalar", op::tupleOf({dtype, op::bytes("12345678")}))},
         {"list", op::emptyList + op::mark + op::small(1) + op::text("x") + op::appends},
         {"path", op::call("pathlib", "Path", op::tupleOf({op::text("a"), op::text("b")}))},
         {"code", op::call("_codecs", "encode", op::tupleOf({op::text("\xc3\xbf"), op::text("latin1")}))},
         {"other", op::global("m", "C") + op::emptyTuple + op::newObject +
                       op::dict({{"_parameters", op::dict({{"q", op::tensor(storage, 0, {1}, {1})}})}}) + op::build}});
}

std::vector<std::string> soundFiles() {
    const std::string first(24, 'f'), second(4, 's');
    return {test::zipPth(everything(), {first, second}),
            test::legacyPth(everything(), {{"0", 4, first}, {"1", 1, second}})};
}

/// One to three bytes changed, sometimes cut; bytes that mean something to a pickle come more often than others.
std::string damaged(std::string bytes, const RandomStream& random, std::uint64_t round) {
    static const std::string telling("\0\x01\x7f\x80\xff()}]tRbQNh q\x85\x86\x87\x81\x93.", 23);
    const auto draw = [&](std::uint64_t i, std::uint64_t n) { return random.below(16 * round + i, n); };
    const auto flips = 1 + draw(0, 3);
    for (std::uint64_t i = 0; i < flips; ++i) {
        auto& byte = bytes[draw(3 * i + 1, bytes.size())];
        byte = draw(3 * i + 2, 2) ? telling[draw(3 * i + 3, telling.size())] : static_cast<char>(draw(3 * i + 3, 256));
    }
    if (round % 8 == 0) bytes.resize(draw(15, bytes.size()));
    return bytes;
}

/// Lists from memory that ends exactly where the file ends, where sanitizers see each byte read beyond it.
TEST(DamagedPth, ListsOrSaysWhatIsWrong) {
    const std::string where = "a.pth";
    int listed = 0;
    for (const auto& sound : soundFiles()) {
        const RandomStream random(5, sound.size());
        for (std::uint64_t round = 0; round < 9000; ++round) {
            const auto bytes = damaged(sound, random, round);
            listed += test::survives([&] {
                const auto layout = detail::readPthLayout(std::as_bytes(std::span(bytes)), where);
                const auto listing = detail::listPickle(layout.tree, layout.pickleBytes, where);
                EXPECT_LE(listing.tensors.size(), 64u);
                for (const auto index : listing.source)
                    layout.dataOf(layout.tree.storages[layout.tree.tensors[index].storage], where);
                findWeights(listing.tensors);
            });
        }
    }
    EXPECT_GT(listed, 0);
}

TEST(DamagedPth, ReadsOrSaysWhatIsWrong) {
    const test::ScratchFolder folder;
    int opened = 0;
    for (const auto& sound : soundFiles()) {
        const RandomStream random(7, sound.size());
        const int file = ::open((folder / "a.pth").c_str(), O_RDWR | O_CREAT, 0600);  // changed in place: fast
        ASSERT_GE(file, 0);
        for (std::uint64_t round = 0; round < 2000; ++round) {
            const auto bytes = damaged(sound, random, round);
            ASSERT_EQ(::ftruncate(file, static_cast<off_t>(bytes.size())), 0);
            ASSERT_EQ(::pwrite(file, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
            opened += test::survives([&] {
                const auto pth = PthFile::open(folder / "a.pth");
                for (const auto& tensor : pth.tensors())
                    if (tensor.bytes <= 4096) {
                        EXPECT_EQ(pth.read(tensor).size(), tensor.bytes);
                    }
            });
        }
        ::close(file);
    }
    EXPECT_GT(opened, 0);
}

TEST(DamagedPth, IsNoticedWhereverItIsCut) {
    for (const auto& sound : soundFiles())
        for (std::size_t size = 0; size < sound.size(); ++size) {
            const auto cut = sound.substr(0, size);
            EXPECT_FALSE(test::survives([&] { detail::readPthLayout(std::as_bytes(std::span(cut)), "a.pth"); }))
                << size;
        }
}

}  // namespace
}  // namespace vl
