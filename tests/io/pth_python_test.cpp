// SPDX-License-Identifier: Apache-2.0
// Against PyTorch itself, where a Python that has it is around: VISIONLLAMA_PYTHON, else python3.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "engine/io/pth_file.h"
#include "engine/io/pth_writer.h"
#include "engine/io/weight_trees.h"
#include "tests/core/scratch_folder.h"

namespace vl {
namespace {

using test::ScratchFolder;

struct Answer {
    int status = -1;
    std::string text;
};

Answer runPython(const std::string& arguments) {
    const char* chosen = std::getenv("VISIONLLAMA_PYTHON");
    const auto command = "'" + std::string(chosen && *chosen ? chosen : "python3") + "' " + arguments + " 2>&1";
    Answer answer;
    if (FILE* pipe = ::popen(command.c_str(), "r")) {
        char buffer[4096];
        for (std::size_t got; (got = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
            answer.text.append(buffer, got);
        answer.status = ::pclose(pipe);
    }
    return answer;
}

std::string hex(std::span<const std::byte> bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (const auto byte : bytes) {
        out += digits[std::to_integer<unsigned>(byte) >> 4];
        out += digits[std::to_integer<unsigned>(byte) & 15];
    }
    return out;
}

std::string shapeText(const std::vector<std::int64_t>& shape) {
    std::string out;
    for (const auto size : shape)
        out += (out.empty() ? "" : ",") + std::to_string(size);
    return "[" + out + "]";
}

TensorView view(std::string name, std::string dtype, std::vector<std::int64_t> shape, const std::string& data) {
    return {std::move(name), std::move(dtype), std::move(shape), reinterpret_cast<const std::byte*>(data.data()),
            data.size()};
}

/// What pth_reference.py's check_ours expects.
void writeOurs(const ScratchFolder& folder) {
    std::string data, oneAndAHalf("\0\0\xc0\x3f", 4), none;
    for (int i = 0; i < 8; ++i)
        data += std::string("\0\1", 2);
    std::vector<TensorView> tensors;
    for (const auto* dtype : {"F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2", "I64", "I32", "I16", "I8", "U8",
                              "BOOL", "U16", "U32", "U64", "C64"})
        tensors.push_back(
            view(std::string("layer.") + dtype, dtype, {2, static_cast<std::int64_t>(8 / dtypeBytes(dtype))}, data));
    tensors.push_back(view("scalar", "F32", {}, oneAndAHalf));
    tensors.push_back(view("empty", "F32", {0, 4}, none));
    writePth(folder / "ours.pth", tensors);
    const TensorView one[] = {view("w", "F32", {1}, oneAndAHalf)};
    writePth(
        folder / "ours-wrapped.pth", one,
        {"model", {{"epoch", std::int64_t{-3}}, {"best", 0.1}, {"note", std::string("caf\xc3\xa9")}, {"done", true}}});
}

/// One line of expected.txt against the file it is about.
void compareLine(const std::string& line, const PthFile& file) {
    std::istringstream in(line);
    std::string fileName, name, dtype, shape, data;
    in >> fileName >> name >> dtype;
    if (dtype == "=") {
        const auto text = line.substr(line.find(" = ") + 3);
        for (const auto& scalar : file.scalars())
            if (scalar.name == name) {
                EXPECT_EQ(scalar.text, text) << line;
                return;
            }
        ADD_FAILURE() << "not listed: " << line;
        return;
    }
    in >> shape >> data;
    const auto* tensor = file.find(name);
    ASSERT_NE(tensor, nullptr) << line;
    EXPECT_EQ(tensor->dtype, dtype) << line;
    EXPECT_EQ(shapeText(tensor->shape), shape) << line;
    EXPECT_EQ(hex(file.read(*tensor)), data) << line;
    if (tensor->contiguous) {
        EXPECT_EQ(hex(file.view(*tensor)), data) << line;
    }
}

TEST(PthAgainstPyTorch, ReadsItsFilesAndIsReadByIt) {
    if (runPython("-c 'import torch'").status != 0)
        GTEST_SKIP() << "no Python with torch: set VISIONLLAMA_PYTHON to one to run this";
    const ScratchFolder folder;
    writeOurs(folder);
    const auto answer = runPython("'" VL_SOURCE_DIR "/tests/io/pth_reference.py' '" + folder.path().string() + "'");
    ASSERT_EQ(answer.status, 0) << answer.text;

    std::ifstream in(folder / "expected.txt");
    int lines = 0;
    for (std::string line; std::getline(in, line); ++lines)
        compareLine(line, PthFile::open(folder / line.substr(0, line.find(' '))));
    EXPECT_GT(lines, 150);

    const auto training = PthFile::open(folder / "training-zip.pth");
    const auto weights = findWeights(training.tensors());
    ASSERT_EQ(weights.size(), 2u);
    EXPECT_EQ(weights[0].prefix, "model.");
    EXPECT_EQ(weights[1].prefix, "model_ema.module.");
    EXPECT_EQ(training.find("model_ema.module.w")->storage, training.find("model_ema.module.same")->storage);
    EXPECT_TRUE(training.find("model_ema.module.w")->parameter);
    EXPECT_EQ(PthFile::open(folder / "training-legacy.pth").format(), PthFormat::Legacy);
}

}  // namespace
}  // namespace vl
