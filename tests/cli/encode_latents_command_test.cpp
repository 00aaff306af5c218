// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/api/data_source.h"
#include "engine/core/error.h"
#include "engine/core/sha256.h"
#include "engine/data/latent_cache.h"
#include "engine/io/checkpoint_metadata.h"
#include "engine/io/mapped_file.h"
#include "engine/nn/weights_file.h"
#include "tests/cli/program.h"
#include "tests/generate/tiny_autoencoder.h"

namespace vl::test {
namespace {

namespace fs = std::filesystem;

std::string bytesOf(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// A tiny autoencoder as a checkpoint of this program.
void writeAutoencoder(const fs::path& file) {
    const auto model = tinyAutoencoder();
    CheckpointInfo info;
    info.spec = model->spec();
    saveWeights(*model, file, toMetadata(info));
}

/// `count` pictures in two classes below `folder`; false in builds that cannot write pictures.
bool writePictures(const fs::path& folder, int count) {
    try {
        for (int i = 0; i < count; ++i) {
            const fs::path own = folder / (i % 2 ? "dog" : "cat");
            fs::create_directories(own);
            Image image{20, 16, 3, std::vector<std::uint8_t>(20 * 16 * 3, static_cast<std::uint8_t>(10 * i))};
            for (std::size_t k = 0; k < image.pixels.size(); k += 7) image.pixels[k] = static_cast<std::uint8_t>(k);
            writePng(own / ("p" + std::to_string(i) + ".png"), image);
        }
    } catch (const Error&) {
        return false;
    }
    return true;
}

#define NEEDS_PICTURES(folder, count) \
    if (!writePictures(folder, count)) GTEST_SKIP() << "this build has no OpenCV"

std::vector<std::string> command(const std::string& out) {
    return {"encode-latents", "pictures", "--autoencoder", "tiny.safetensors", "--size", "16", "--out", out};
}

TEST(EncodeLatentsCommand, WritesACacheThatOpensAndIsThereTheSecondTime) {
    const Scratch scratch;
    NEEDS_PICTURES(scratch.path() / "pictures", 5);
    scratch.write("pictures/dog/broken.png", bytesOf(scratch.path() / "pictures/dog/p1.png").substr(0, 60));
    scratch.write("pictures/dog/notes.txt", "no picture");
    writeAutoencoder(scratch.path() / "tiny.safetensors");
    const Outcome first = runProgram(command("cache"), scratch.path());
    ASSERT_EQ(first.code, 0) << first.err;
    EXPECT_NE(first.out.find("5 pictures encoded into cache: 1 part,"), std::string::npos) << first.out;
    EXPECT_NE(first.out.find("1 left out"), std::string::npos) << first.out;
    EXPECT_NE(first.err.find("notes.txt is not a picture"), std::string::npos) << first.err;
    EXPECT_NE(first.err.find("broken.png is left out"), std::string::npos) << first.err;
    const auto cache = LatentCache::open(scratch.path() / "cache");
    EXPECT_EQ(cache->size(), 5);
    EXPECT_EQ(cache->index().side, 8);
    EXPECT_EQ(cache->index().dtype, "F16");
    EXPECT_EQ(cache->index().classNames, (std::vector<std::string>{"cat", "dog"}));
    EXPECT_EQ(cache->index().autoencoder, "tiny.safetensors");
    EXPECT_EQ(cache->index().autoencoderHash, sha256Of(MappedFile(scratch.path() / "tiny.safetensors").bytes()));

    const auto before = bytesOf(scratch.path() / "cache/index.json");
    const Outcome again = runProgram(command("cache"), scratch.path());
    ASSERT_EQ(again.code, 0) << again.err;
    EXPECT_NE(again.err.find("6 of 6 pictures were encoded before"), std::string::npos) << again.err;
    EXPECT_EQ(bytesOf(scratch.path() / "cache/index.json"), before);
}

TEST(EncodeLatentsCommand, GoesOnAfterAnInterruptionToTheSameBytes) {
    const Scratch scratch;
    NEEDS_PICTURES(scratch.path() / "pictures", 40);
    writeAutoencoder(scratch.path() / "tiny.safetensors");
    ASSERT_EQ(runProgram(command("whole"), scratch.path()).code, 0);
    auto slow = command("stopped");
    slow.insert(slow.end(), {"--batch", "1"});
    const Outcome stopped = interruptProgram(slow, scratch.path(), scratch.path() / "stopped/index.json");
    if (stopped.code != 0) {  // a very quick machine may be done before the signal comes
        EXPECT_EQ(stopped.code, 1);
        EXPECT_NE(stopped.err.find("stopped after"), std::string::npos) << stopped.err;
    }
    ASSERT_EQ(runProgram(command("stopped"), scratch.path()).code, 0);
    EXPECT_EQ(LatentCache::open(scratch.path() / "stopped")->size(), 40);
    EXPECT_EQ(bytesOf(scratch.path() / "stopped/index.json"), bytesOf(scratch.path() / "whole/index.json"));
}

TEST(EncodeLatentsCommand, SaysInOneSentenceWhatIsWrong) {
    const Scratch scratch;
    NEEDS_PICTURES(scratch.path() / "pictures", 3);
    writeAutoencoder(scratch.path() / "tiny.safetensors");
    ASSERT_EQ(runProgram(command("cache"), scratch.path()).code, 0);
    const auto fails = [&](std::vector<std::string> arguments, int code, const std::string& part) {
        const Outcome outcome = runProgram(arguments, scratch.path());
        EXPECT_EQ(outcome.code, code) << outcome.err;
        EXPECT_EQ(outcome.errorLines(), 1) << outcome.err;
        EXPECT_NE(outcome.err.find(part), std::string::npos) << outcome.err;
    };
    auto other = command("cache");
    other[1] = "nowhere";
    fails(other, 1, "no folder nowhere");
    other = command("cache");
    other[3] = "nothing.safetensors";
    fails(other, 1, "nothing.safetensors");
    other = command("cache");
    other[5] = "15";
    fails(other, 2, "15 pixels");
    other[5] = "32";
    fails(other, 1, "16 pixels");
    other = command("cache");
    other.insert(other.end(), {"--split", "val"});
    fails(other, 1, "no folder val");
    fails({"encode-latents", "pictures"}, 2, "--autoencoder");
    scratch.write("cache/index.json", "{}");
    fails(command("cache"), 1, "index.json");
    writePictures(scratch.path() / "pictures", 4);
    ASSERT_EQ(runProgram(command("fresh"), scratch.path()).code, 0);
    writePictures(scratch.path() / "pictures", 5);
    fails(command("fresh"), 1, "1 are new or changed, 0 are gone");
}

}  // namespace
}  // namespace vl::test
