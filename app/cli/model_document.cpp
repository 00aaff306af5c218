// SPDX-License-Identifier: Apache-2.0
#include "app/cli/model_document.h"

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "app/cli/published_figures.h"
#include "engine/api/families.h"
#include "engine/core/text.h"

namespace vl::cli {
namespace {

constexpr const char* kTop = R"(# Models

This file is the output of `visionllama models --markdown`; a test compares the two. Do not edit it by hand.

Parameters are all tensors a checkpoint stores except batch statistics, frozen position tables included. MACs are
multiply-accumulates of one picture's forward pass (one multiply-add is 1), both products of attention and the padding
of windows included; norms, activations and softmax count nothing. Detectors: the whole of what testing computes at
most.

)";

std::string giga(std::int64_t macs) { return formatFixed(static_cast<double>(macs) * 1e-9, 3) + " G"; }

void appendFamilies(std::string& text) {
    text += "## Presets\n\n`visionllama models --layers PRESET` lists what each layer holds and costs.\n";
    for (const Family& family : modelFamilies()) {
        const std::vector<ModelSpec> presets = family.presets();
        if (presets.empty()) continue;
        text += "\n### " + std::string(family.title) + " (`" + std::string(family.name) + "`, " +
                toString(family.task) +
                ")\n\n| preset | parameters | MACs | input | note |\n| --- | ---: | ---: | --- | --- |\n";
        for (const ModelSpec& spec : presets) {
            const std::string side = std::to_string(spec.imageSize);
            text += "| `" + spec.name + "` | " + thousands(spec.parameterCount()) + " | " + giga(spec.macs()) + " | " +
                    side + " x " + side + " x " + std::to_string(spec.inChannels) + " | " + spec.note + " |\n";
        }
    }
}

/// In the unit and with one place more than what was printed.
std::string inUnitOf(const std::string& printed, double value) {
    const char unit = printed.back();
    if (unit != 'M' && unit != 'G') return thousands(static_cast<std::int64_t>(std::llround(value)));
    const std::size_t point = printed.find('.');
    const std::size_t places = point == std::string::npos ? 0 : printed.size() - 2 - point - 1;
    const double scale = unit == 'M' ? 1e6 : 1e9;
    return formatFixed(value / scale, static_cast<int>(places) + 1) + " " + unit;
}

std::string whatOf(const PublishedFigure& row) {
    std::string text = "`" + std::string(row.preset) + "`";
    if (*row.part != '\0') text += " " + std::string(row.part);
    const ModelSpec& preset = findPreset(row.preset);
    if (row.imageSize > 0 && row.imageSize != preset.imageSize) text += ", " + std::to_string(row.imageSize) + " px";
    if (row.numClasses > 0) text += ", " + thousands(row.numClasses) + " classes";
    return text;
}

std::string rowOf(const PublishedFigure& row, std::map<std::string, std::size_t>& reasons) {
    const auto value = static_cast<double>(computed(row));
    const double difference = value - parsePrinted(row.printed).value;
    std::string verdict = "equal";
    if (!agrees(row)) {
        const auto [place, isNew] = reasons.emplace(row.reason, reasons.size() + 1);
        verdict = (difference > 0 ? "+" : "") + inUnitOf(row.printed, difference) + " (" +
                  std::to_string(place->second) + ")";
    }
    return "| " + whatOf(row) + " | " + toString(row.figure) + " | " + row.printed + " | " +
           inUnitOf(row.printed, value) + " | " + verdict + " | " + row.source + " |\n";
}

void appendFigures(std::string& text) {
    text +=
        "\n## Published figures\n\n"
        "\"equal\" means equal once rounded to the places that were printed; counts without a unit are exact. \"As "
        "hooks count\" leaves out norms, position table and class token. \"Published definition\" is the count of "
        "the released model code.\n";
    std::map<std::string, std::size_t> reasons;
    std::string section;
    std::size_t equal = 0;
    for (const PublishedFigure& row : publishedFigures()) {
        if (section != row.section) {
            section = row.section;
            text += "\n### " + section + "\n\n| model | figure | printed | computed | difference | source |\n" +
                    "| --- | --- | ---: | ---: | ---: | --- |\n";
        }
        text += rowOf(row, reasons);
        equal += agrees(row) ? 1 : 0;
    }
    std::vector<std::string> notes(reasons.size());
    for (const auto& [reason, number] : reasons)
        notes[number - 1] = reason;
    text += "\n" + std::to_string(equal) + " of " + std::to_string(publishedFigures().size()) +
            " figures are equal. Why the others differ:\n\n";
    for (std::size_t i = 0; i < notes.size(); ++i)
        text += std::to_string(i + 1) + ". " + notes[i] + "\n";
}

}  // namespace

std::string modelDocument() {
    std::string text = kTop;
    appendFamilies(text);
    appendFigures(text);
    return text;
}

}  // namespace vl::cli
