// SPDX-License-Identifier: Apache-2.0
// The text form of runs: each number in groups of five bits, lowest first, bit five set while more follow, plus '0';
// the last group's highest bit is the sign. From the fourth run on the difference to the run two before is stored.
#include <limits>

#include "engine/core/error.h"
#include "engine/data/run_mask.h"

namespace vl {
namespace {

constexpr unsigned kMoreFollow = 0x20, kSign = 0x10, kGroup = 0x1f;
constexpr int kLastCharacter = '0' + 0x3f;
constexpr int kMostGroups = 7;  // 35 bits hold every difference of 32-bit runs

Error notAMask(const char* why) {
    return {ErrorCode::BadFile, std::string("The text of a mask ") + why + ".",
            "Store masks as pycocotools' encode gives them, or as polygons."};
}

/// The number that begins at `at`, which is moved behind it.
std::int64_t numberAt(std::string_view text, std::size_t& at) {
    std::uint64_t value = 0;
    for (int group = 0; group < kMostGroups; ++group) {
        if (at == text.size()) throw notAMask("ends in the middle of a number");
        const int character = static_cast<unsigned char>(text[at++]);
        if (character < '0' || character > kLastCharacter) throw notAMask("has a character that masks never have");
        const auto bits = static_cast<unsigned>(character - '0');
        value |= static_cast<std::uint64_t>(bits & kGroup) << (5 * group);
        if ((bits & kMoreFollow) != 0) continue;
        if ((bits & kSign) != 0) value |= ~std::uint64_t{0} << (5 * (group + 1));
        return static_cast<std::int64_t>(value);
    }
    throw notAMask("has a number that is too long");
}

}  // namespace

std::string runMaskText(const RunMask& mask) {
    std::string text;
    for (std::size_t i = 0; i < mask.runs.size(); ++i) {
        std::int64_t value = mask.runs[i];
        if (i > 2) value -= mask.runs[i - 2];
        for (bool more = true; more;) {
            auto bits = static_cast<unsigned>(value & kGroup);
            value >>= 5;
            more = (bits & kSign) != 0 ? value != -1 : value != 0;
            if (more) bits |= kMoreFollow;
            text.push_back(static_cast<char>('0' + bits));
        }
    }
    return text;
}

RunMask runMaskFromText(std::string_view text, int width, int height) {
    if (width <= 0 || height <= 0) throw notAMask("belongs to a picture without pixels");
    const std::uint64_t pixels = static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height);
    RunMask mask{width, height, {}};
    std::uint64_t filled = 0;
    for (std::size_t at = 0; at < text.size();) {
        std::int64_t run = numberAt(text, at);
        if (mask.runs.size() > 2) run += mask.runs[mask.runs.size() - 2];
        if (run < 0 || run > std::numeric_limits<std::uint32_t>::max())
            throw notAMask("has a run of impossible length");
        mask.runs.push_back(static_cast<std::uint32_t>(run));
        filled += static_cast<std::uint64_t>(run);
        if (filled > pixels) throw notAMask("is of a larger picture");
    }
    if (filled != pixels) throw notAMask("is of a smaller picture");
    return mask;
}

}  // namespace vl
