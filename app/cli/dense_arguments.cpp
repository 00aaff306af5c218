// SPDX-License-Identifier: Apache-2.0
#include "app/cli/dense_arguments.h"

#include <algorithm>
#include <vector>

#include "app/cli/console.h"
#include "engine/core/error.h"
#include "engine/core/text.h"

namespace vl::cli {

void addSegmentHow(CLI::App& command, SegmentHow& how) {
    command.add_option("--scales", how.scales, "Segmentation: sizes whose probabilities are averaged: 0.5,1,1.5 (default 1)");
    command.add_flag("--flip", how.flip, "Segmentation: the mirrored picture counts too");
    auto* sliding = command.add_flag("--sliding", how.sliding, "Segmentation: windows of the model's size");
    command.add_flag("--whole", how.whole, "Segmentation: the picture at once")->excludes(sliding);
}

SegmentTesting testingOf(const SegmentHow& how) {
    SegmentTesting testing;
    if (how.sliding) testing.way = SegmentTesting::Way::Sliding;
    if (how.whole) testing.way = SegmentTesting::Way::Whole;
    testing.flip = how.flip;
    if (how.scales.empty()) return testing;
    testing.scales.clear();
    for (std::size_t from = 0; from <= how.scales.size();) {
        const std::size_t comma = std::min(how.scales.find(',', from), how.scales.size());
        const auto scale = parseNumber(how.scales.substr(from, comma - from));
        if (!scale || !(*scale >= 0.1 && *scale <= 10))
            throw Error(ErrorCode::Usage, "'" + printable(how.scales) + "' are no scales.",
                        "Write numbers from 0.1 to 10, such as 0.5,1,1.5.");
        testing.scales.push_back(*scale);
        from = comma + 1;
    }
    return testing;
}

std::string describe(const SegmentTesting& testing) {
    using Way = SegmentTesting::Way;
    std::string text = testing.way == Way::Sliding ? "sliding windows" : testing.way == Way::Whole ? "whole" : "auto";
    if (testing.scales != std::vector<double>{1}) {
        text += ", scales";
        for (const double scale : testing.scales)
            text += " " + formatNumber(scale);
    }
    return testing.flip ? text + ", mirrored" : text;
}


std::string progressText(std::int64_t done, std::int64_t all, double seconds) {
    std::string text = thousands(done) + " of " + thousands(all) + " pictures";
    if (done > 0) text += ", " + duration(seconds / static_cast<double>(done) * static_cast<double>(all - done)) + " left";
    return text;
}

std::string className(const ClassList& list, int index) {
    const auto i = static_cast<std::size_t>(index);
    return i < list.names.size() ? list.names[i] : std::to_string(index);
}

}  // namespace vl::cli
