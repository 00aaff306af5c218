// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "engine/io/pickle_text.h"
#include "engine/io/pickle_tree.h"
#include "tests/core/expect_error.h"
#include "tests/io/pth_builder.h"

namespace vl {
namespace {

using test::expectError;
using test::has;
using test::little;
namespace op = test::op;

/// Keeps the bytes alive, which the tree points into.
struct Read {
    explicit Read(std::string pickle)
        : bytes(std::move(pickle)), tree(readPickle(std::as_bytes(std::span(bytes)), "a.pth", &used)) {}
    const PickleNode& root() const { return tree[tree.root]; }
    const PickleNode& item(std::size_t i) const { return tree[root().items.at(i)]; }
    std::string text() const { return pickleText(tree, tree.root); }

    std::string bytes;
    std::size_t used = 0;
    PickleTree tree;
};

std::string textOf(const std::string& pickle) { return Read(op::proto + pickle + op::stop).text(); }

void expectRefused(const std::string& pickle, const std::string& reason) {
    const auto error = expectError(ErrorCode::BadFile, [&] { Read(op::proto + pickle + op::stop); });
    EXPECT_TRUE(has(error.message(), reason)) << error.message();
    EXPECT_FALSE(error.hint().empty());
}

TEST(Pickle, ReadsPlainValues) {
    EXPECT_EQ(textOf(op::none), "None");
    EXPECT_EQ(textOf(op::yes), "True");
    EXPECT_EQ(textOf(op::no), "False");
    EXPECT_EQ(textOf("K\xff"), "255");
    EXPECT_EQ(textOf("M\xff\xff"), "65535");
    EXPECT_EQ(textOf("J" + little(0xffffffff, 4)), "-1");
    EXPECT_EQ(textOf(std::string("G\x3f\xb9\x99\x99\x99\x99\x99\x9a", 9)), "0.1");
    EXPECT_EQ(textOf(std::string("G\x40\0\0\0\0\0\0\0", 9)), "2.0");
    EXPECT_EQ(textOf(std::string("\x8a\0", 2)), "0");
    EXPECT_EQ(textOf("\x8a\x01\xff"), "-1");
    EXPECT_EQ(textOf(std::string("\x8a\x02\xff\0", 4)), "255");
    EXPECT_EQ(textOf("\x8b" + little(1, 4) + "\x80"), "-128");
    EXPECT_EQ(textOf("\x8a\x09" + little(0, 8) + "\x01"), "18446744073709551616");
    EXPECT_EQ(textOf("\x8a\x09" + little(0, 8) + "\xff"), "-18446744073709551616");
}

TEST(Pickle, ReadsTextsOfEveryLength) {
    EXPECT_EQ(textOf(op::text("caf\xc3\xa9")), "caf\xc3\xa9");
    EXPECT_EQ(textOf("\x8c\x02hi"), "hi");
    EXPECT_EQ(textOf("\x8d" + little(2, 8) + "hi"), "hi");
    EXPECT_EQ(textOf("U\x02hi"), "hi");
    EXPECT_EQ(textOf("T" + little(2, 4) + "hi"), "hi");
    EXPECT_EQ(textOf("U\x01\xe9"), "\xc3\xa9");  // Python 2, Latin-1
    for (const auto& bytes :
         {op::bytes("abc"), "B" + little(3, 4) + "abc", "\x8e" + little(3, 8) + "abc", "\x96" + little(3, 8) + "abc"})
        EXPECT_EQ(textOf(bytes), "3 bytes");
}

TEST(Pickle, BuildsContainers) {
    EXPECT_EQ(textOf(op::emptyTuple), "()");
    EXPECT_EQ(textOf(op::small(1) + "\x85"), "(1)");
    EXPECT_EQ(textOf(op::small(1) + op::small(2) + "\x86"), "(1, 2)");
    EXPECT_EQ(textOf(op::small(1) + op::small(2) + op::small(3) + "\x87"), "(1, 2, 3)");
    EXPECT_EQ(textOf(op::emptyList + op::small(1) + op::append), "[1]");
    EXPECT_EQ(textOf(op::emptyList + op::mark + op::small(1) + op::small(2) + op::appends), "[1, 2]");
    EXPECT_EQ(textOf(op::mark + op::small(1) + "l"), "[1]");
    EXPECT_EQ(textOf("\x8f" + op::mark + op::small(1) + "\x90"), "[1]");
    EXPECT_EQ(textOf(op::mark + op::small(1) + "\x91"), "[1]");
    EXPECT_EQ(textOf(op::dict({{"a", op::small(1)}, {"b", op::none}})), "{a: 1, b: None}");
    EXPECT_EQ(textOf(op::emptyDict + op::text("a") + op::small(1) + op::setItem), "{a: 1}");
    EXPECT_EQ(textOf(op::mark + op::text("a") + op::small(1) + "d"), "{a: 1}");
}

TEST(Pickle, RemembersAndRepeats) {
    EXPECT_EQ(textOf(op::small(7) + op::put(0) + op::get(0) + "\x86"), "(7, 7)");
    EXPECT_EQ(textOf(op::small(7) + "\x94" + op::get(0) + "\x86"), "(7, 7)");
    EXPECT_EQ(textOf(op::small(7) + "r" + little(1, 4) + "j" + little(1, 4) + "\x86"), "(7, 7)");
    EXPECT_EQ(textOf(op::small(7) + "2\x86"), "(7, 7)");
    EXPECT_EQ(textOf(op::small(7) + op::small(8) + "0"), "7");
    EXPECT_EQ(textOf(op::small(7) + op::mark + op::small(8) + "1"), "7");
    EXPECT_EQ(textOf("\x95" + little(3, 8) + op::small(7)), "7");
}

TEST(Pickle, SaysHowLongItWas) {
    const Read read(op::proto + op::small(7) + op::stop + "the next one");
    EXPECT_EQ(read.used, 5u);
}

TEST(Pickle, InterpretsWhatCheckpointsHold) {
    EXPECT_EQ(textOf(op::orderedDict() + op::text("a") + op::small(1) + op::setItem +
                     op::dict({{"_metadata", op::none}}) + op::build),
              "{a: 1}");
    EXPECT_EQ(textOf(op::call("collections", "OrderedDict",
                              op::tupleOf({op::emptyList + op::text("a") + op::small(1) + "\x86" + op::append}))),
              "{a: 1}");
    EXPECT_EQ(textOf(op::call("collections", "defaultdict", op::tupleOf({op::global("builtins", "list")})) +
                     op::text("a") + op::none + op::setItem),
              "{a: None}");
    EXPECT_EQ(textOf(op::call("torch", "Size", op::tupleOf({op::sizes({2, 3})}))), "(2, 3)");
    EXPECT_EQ(textOf(op::global("torch", "float32")), "torch.float32");
    EXPECT_EQ(textOf(op::text("torch") + op::text("float32") + "\x93"), "torch.float32");
    EXPECT_EQ(textOf(op::call("torch", "device", op::tupleOf({op::text("cuda"), op::small(1)}))), "cuda:1");
    EXPECT_EQ(textOf(op::call("torch", "device", op::tupleOf({op::text("cpu")}))), "cpu");
    EXPECT_EQ(textOf(op::call("__builtin__", "set", op::tupleOf({op::emptyList + op::small(1) + op::append}))), "[1]");
    EXPECT_EQ(textOf(op::call("pathlib", "PosixPath", op::tupleOf({op::text("/"), op::text("runs"), op::text("a")}))),
              "/runs/a");
    EXPECT_EQ(textOf(op::call("_codecs", "encode", op::tupleOf({op::text("a\xc3\xbf"), op::text("latin1")}))),
              "2 bytes");
}

TEST(Pickle, KeepsANamespaceAsItsDict) {
    const Read read(op::proto + op::global("argparse", "Namespace") + op::emptyTuple + op::newObject +
                    op::dict({{"lr", op::small(1)}}) + op::build + op::stop);
    EXPECT_EQ(read.root().kind, PickleKind::Namespace);
    EXPECT_EQ(pickleText(read.tree, read.root().state), "{lr: 1}");
}

TEST(Pickle, TurnsNumpyScalarsIntoNumbers) {
    const auto scalar = [](const std::string& type, const std::string& order, const std::string& bytes) {
        const auto dtype = op::call("numpy", "dtype", op::tupleOf({op::text(type), op::no, op::yes})) +
                           op::tupleOf({op::small(3), op::text(order)}) + op::build;
        return textOf(op::call("numpy.core.multiarray", "scalar", op::tupleOf({dtype, op::bytes(bytes)})));
    };
    EXPECT_EQ(scalar("f8", "<", std::string("\0\0\0\0\0\0\xf8\x3f", 8)), "1.5");
    EXPECT_EQ(scalar("f8", ">", std::string("\x3f\xf8\0\0\0\0\0\0", 8)), "1.5");
    EXPECT_EQ(scalar("f4", "<", std::string("\0\0\xc0\x3f", 4)), "1.5");
    EXPECT_EQ(scalar("f2", "<", std::string("\0\x3e", 2)), "1.5");
    EXPECT_EQ(scalar("i4", "<", std::string("\xfe\xff\xff\xff", 4)), "-2");
    EXPECT_EQ(scalar("u1", "|", "\xfe"), "254");
    EXPECT_EQ(scalar("b1", "|", "\x01"), "True");
    EXPECT_EQ(scalar("f8", "<", "abc"), "<numpy.core.multiarray.scalar>");
    EXPECT_EQ(scalar("O", "|", "abc"), "<numpy.core.multiarray.scalar>");
    EXPECT_EQ(scalar("i0", "|", ""), "<numpy.core.multiarray.scalar>");
}

TEST(Pickle, DescribesNumpyArrays) {
    const auto dtype = op::call("numpy", "dtype", op::tupleOf({op::text("i8"), op::no, op::yes}));
    const auto array = op::call("numpy._core.multiarray", "_reconstruct",
                                op::tupleOf({op::global("numpy", "ndarray"), op::sizes({0}), op::bytes("b")}));
    EXPECT_EQ(
        textOf(array + op::tupleOf({op::small(1), op::sizes({3}), dtype, op::no, op::bytes(std::string(24, 'x'))}) +
               op::build),
        "array i8 (3)");
}

TEST(Pickle, NeverRunsWhatItDoesNotKnow) {
    const Read read(op::proto + op::call("os", "system", op::tupleOf({op::text("touch /tmp/harmed")})) + op::stop);
    EXPECT_EQ(read.root().kind, PickleKind::Object);
    EXPECT_EQ(read.root().text, "os.system");
    EXPECT_EQ(textOf(op::global("omegaconf", "DictConfig") + op::emptyTuple + op::newObject + op::dict({}) + op::build),
              "<omegaconf.DictConfig>");
    EXPECT_EQ(textOf(op::global("m", "C") + op::emptyTuple + op::emptyDict + "\x92"), "<m.C>");
    EXPECT_EQ(textOf(op::call("m", "f", op::emptyTuple) + op::emptyTuple + op::reduce), "<something unknown>");
}

TEST(Pickle, TakesOnlyTheClassOfAModuleWithItsSource) {
    const auto cls = op::tupleOf({op::text("module"), op::global("m", "Net"), op::text("net.py"), op::text("source")});
    EXPECT_EQ(textOf(cls + op::persistent + op::emptyTuple + op::newObject), "<m.Net>");
}

TEST(Pickle, DescribesTensors) {
    const Read read(op::proto + op::tensor(op::storage("HalfStorage", "0", 12), 2, {2, 3}, {5, 1}) + op::stop);
    ASSERT_EQ(read.root().kind, PickleKind::Tensor);
    const auto& tensor = read.tree.tensors.at(0);
    EXPECT_EQ(tensor.dtype, "F16");
    EXPECT_EQ(tensor.offset, 2u);
    EXPECT_EQ(tensor.extent, 8u);
    EXPECT_EQ(tensor.shape, (std::vector<std::int64_t>{2, 3}));
    EXPECT_EQ(read.tree.storages.at(0).key, "0");
    EXPECT_EQ(read.tree.storages.at(0).elements, 12u);
}

TEST(Pickle, ReadsThirdVersionTensorsAndParameters) {
    const auto untyped = op::tupleOf({op::text("storage"), op::global("torch.storage", "UntypedStorage"), op::text("0"),
                                      op::text("cuda:0"), op::whole(8)}) +
                         op::persistent;
    const auto v3 = op::call("torch._utils", "_rebuild_tensor_v3",
                             op::tupleOf({untyped, op::whole(0), op::sizes({4}), op::sizes({1}), op::no,
                                          op::orderedDict(), op::global("torch", "uint16")}));
    const Read read(op::proto +
                    op::call("torch._utils", "_rebuild_parameter", op::tupleOf({v3, op::yes, op::orderedDict()})) +
                    op::stop);
    ASSERT_EQ(read.root().kind, PickleKind::Tensor);
    const auto& tensor = read.tree.tensors.at(static_cast<std::size_t>(read.root().integer));
    EXPECT_EQ(tensor.dtype, "U16");
    EXPECT_TRUE(tensor.parameter);
}

TEST(Pickle, RefusesTensorsThatDoNotFitTheirStorage) {
    const auto storage = op::storage("FloatStorage", "0", 6);
    const auto big = std::int64_t{1} << 62;
    expectRefused(op::tensor(storage, 0, {7}, {1}), "beyond its storage");
    expectRefused(op::tensor(storage, 1, {6}, {1}), "beyond its storage");
    expectRefused(op::tensor(storage, 0, {2, 3}, {4, 1}), "beyond its storage");
    expectRefused(op::tensor(storage, big, {1}, {1}), "beyond its storage");
    expectRefused(op::tensor(storage, -1, {1}, {1}), "unknown way");
    expectRefused(op::tensor(storage, 0, {-1}, {1}), "impossible size");
    expectRefused(op::tensor(storage, 0, {2}, {-1}), "impossible stride");
    expectRefused(op::tensor(storage, 0, {2}, {1, 1}), "malformed stride");
    expectRefused(op::tensor(storage, 0, {big, big}, {0, 0}), "too large");
    expectRefused(op::tensor(storage, 0, {5}, {big}), "too large");
    expectRefused(op::tensor(storage, 0, {3}, {big}), "beyond its storage");
    expectRefused(op::tensor(op::storage("FloatStorage", "0", big), 0, {1}, {1}), "beyond its storage");
    expectRefused(op::storage("FloatStorage", "0", -1), "unknown way");
    expectRefused(op::storage("WeirdStorage", "0", 1), "unsupported type torch.WeirdStorage");
}

TEST(Pickle, RefusesBrokenStreams) {
    expectRefused("", "takes more from the stack");
    expectRefused("K", "ends early");  // the stop became the number
    expectRefused(op::append, "takes more from the stack");
    expectRefused(op::small(1) + op::mark + op::append, "takes more from the stack");
    expectRefused(op::setItems, "did not begin");
    expectRefused(op::emptyDict + op::mark + op::small(1) + op::setItems, "key without a value");
    expectRefused(op::small(1) + op::small(1) + op::append, "not a list");
    expectRefused(op::small(1) + op::text("a") + op::small(1) + op::setItem, "not a dict");
    expectRefused(op::get(3), "did not define");
    expectRefused(op::small(1) + "r" + little(0x7fffffff, 4), "impossible memo");
    expectRefused("X" + little(0xfffffff0, 4) + "abc", "longer than the file");
    expectRefused("\x8d" + little(UINT64_MAX, 8) + "abc", "longer than the file");
    expectRefused("\x95" + little(UINT64_MAX, 8), "frame longer");
    expectRefused("ctorch\nfloat", "ends early");
    expectRefused("\x80\x06", "unknown protocol 6");
    expectRefused("I1\n", "operation 73");       // protocol 0
    expectRefused("\x82\x01", "operation 130");  // extension registry
    expectRefused("\x97", "operation 151");      // out-of-band buffer
    expectRefused(op::small(1) + op::persistent, "outside data");
    expectRefused(op::small(1) + op::none + op::build, "plain value");
    expectRefused(op::global("a", "b") + op::small(1) + op::reduce, "without arguments");
}

TEST(Pickle, DoesNotCopyOneTextWithoutEnd) {
    // Seven bytes ask for a copy of ten thousand, a thousand times over.
    auto pickle = op::text(std::string(10000, 'x')) + op::put(0) + op::text("latin1") + op::put(1) +
                  op::global("_codecs", "encode") + op::put(2);
    for (int i = 0; i < 1000; ++i)
        pickle += op::get(2) + op::get(0) + op::get(1) + "\x86R";
    expectRefused(pickle, "far more memory");
}

TEST(Pickle, CannotBeNestedToDeath) {
    std::string pickle;
    for (int i = 0; i < 200000; ++i)
        pickle += op::emptyList;
    for (int i = 1; i < 200000; ++i)
        pickle += op::append;
    EXPECT_EQ(textOf(pickle), "[[[[[...]]]]]");
    EXPECT_EQ(textOf(op::emptyList + op::put(0) + op::get(0) + op::append), "[[[[[...]]]]]");  // holds itself
}

}  // namespace
}  // namespace vl
