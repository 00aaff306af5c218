// SPDX-License-Identifier: Apache-2.0
#include "engine/io/tensorboard.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <optional>

#include "tests/core/scratch_folder.h"

namespace vl {
namespace {

using test::ScratchFolder;

/// A minimal protobuf reader: field number to the bytes or number it holds, last one wins; repeated bytes are kept.
struct Message {
    std::multimap<int, std::string> bytes;
    std::map<int, std::uint64_t> numbers;

    explicit Message(std::string_view text) {
        while (!text.empty()) {
            const auto tag = varint(text);
            const int field = static_cast<int>(tag >> 3);
            switch (tag & 7) {
                case 0: numbers[field] = varint(text); break;
                case 1: numbers[field] = fixed(text, 8); break;
                case 2: {
                    const auto length = varint(text);
                    bytes.emplace(field, std::string(text.substr(0, length)));
                    text.remove_prefix(length);
                    break;
                }
                case 5: numbers[field] = fixed(text, 4); break;
                default: ADD_FAILURE() << "wire type " << (tag & 7); return;
            }
        }
    }
    static std::uint64_t varint(std::string_view& text) {
        std::uint64_t value = 0;
        for (int shift = 0; !text.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(text.front());
            text.remove_prefix(1);
            value |= std::uint64_t{byte & 0x7fu} << shift;
            if (byte < 0x80) break;
        }
        return value;
    }
    static std::uint64_t fixed(std::string_view& text, std::size_t count) {
        std::uint64_t value = 0;
        std::memcpy(&value, text.data(), count);
        text.remove_prefix(count);
        return value;
    }
};

std::vector<std::string> framesOf(const std::filesystem::path& file) {
    const auto all = test::bytesOf(file);
    std::string_view text = all;
    std::vector<std::string> frames;
    while (!text.empty()) {
        const auto head = text.substr(0, 8);
        const auto length = Message::fixed(text, 8);
        EXPECT_EQ(Message::fixed(text, 4), maskedCrc32c(head));
        frames.emplace_back(text.substr(0, length));
        text.remove_prefix(length);
        EXPECT_EQ(Message::fixed(text, 4), maskedCrc32c(frames.back()));
    }
    return frames;
}

TEST(Crc32c, MatchesPublishedVectors) {
    EXPECT_EQ(crc32c("123456789"), 0xe3069283u);           // check value of CRC-32C
    EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);  // RFC 3720, B.4
    EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43u);
    EXPECT_EQ(crc32c(""), 0u);
}

TEST(TensorBoardWriter, WritesFramedEventsWithScalars) {
    const ScratchFolder folder;
    {
        TensorBoardWriter writer(folder.path(), 1700000000.0);
        const TensorBoardWriter::Scalar scalars[] = {{"train/loss", 1.5}, {"schedule/lr", 0.25}};
        writer.scalars(1700000001.5, 300, scalars);
    }
    const auto file = std::filesystem::directory_iterator(folder.path())->path();
    EXPECT_TRUE(file.filename().string().starts_with("events.out.tfevents.1700000000."));

    const auto frames = framesOf(file);
    ASSERT_EQ(frames.size(), 2u);
    EXPECT_EQ(Message(frames[0]).bytes.find(3)->second, "brain.Event:2");

    const Message event(frames[1]);
    const double wall = 1700000001.5;
    std::uint64_t wallBits = 0;
    std::memcpy(&wallBits, &wall, 8);
    EXPECT_EQ(event.numbers.at(1), wallBits);
    EXPECT_EQ(event.numbers.at(2), 300u);
    std::map<std::string, float> values;
    const Message summary(event.bytes.find(5)->second);
    for (const auto& [field, bytes] : summary.bytes) {
        const Message value(bytes);
        const auto bits = static_cast<std::uint32_t>(value.numbers.at(2));
        std::memcpy(&values[value.bytes.find(1)->second], &bits, 4);
    }
    EXPECT_EQ(values, (std::map<std::string, float>{{"train/loss", 1.5f}, {"schedule/lr", 0.25f}}));
}

}  // namespace
}  // namespace vl
