// SPDX-License-Identifier: Apache-2.0
#include "app/cli/published_figures.h"

#include <cmath>
#include <sstream>
#include <vector>

#include "engine/core/text.h"

namespace vl::cli {
namespace {

bool isPositionTable(const std::string& name) { return name.ends_with("pos_embed"); }

/// Tables that are stored and never trained; iLLaMA's and DeiT's position tables are learned.
bool isFrozen(const LayerCost& row, const ModelSpec& spec) {
    return isPositionTable(row.name) && spec.family != "illama" && spec.family != "vit";
}

bool hiddenFromHooks(const std::string& name) {
    return isPositionTable(name) || name.ends_with("cls_token") || name.find("norm") != std::string::npos;
}

bool belongs(const std::string& layer, const std::string& parts) {
    if (parts.empty()) return true;
    std::istringstream words(parts);
    for (std::string part; words >> part;)
        if (layer == part || layer.starts_with(part + ".")) return true;
    return false;
}

}  // namespace

const char* toString(Figure figure) {
    constexpr const char* names[] = {"parameters", "trained", "as hooks count", "MACs"};
    return names[static_cast<int>(figure)];
}

PrintedNumber parsePrinted(const std::string& text) {
    std::string digits;
    double unit = 1, place = 1;
    bool fraction = false;
    for (const char c : text) {
        if (c == 'M') unit = 1e6;
        if (c == 'G') unit = 1e9;
        if (c == '.') fraction = true;
        if (c != '.' && !(c >= '0' && c <= '9')) continue;
        digits += c;
        if (fraction && c != '.') place /= 10;
    }
    return {parseNumber(digits).value_or(0) * unit, place * unit / 2};
}

std::int64_t computed(const PublishedFigure& figure) {
    ModelSpec spec = findPreset(figure.preset);
    if (figure.imageSize > 0) spec.imageSize = figure.imageSize;
    if (figure.numClasses > 0) spec.numClasses = figure.numClasses;
    std::int64_t total = 0;
    for (const LayerCost& row : layerCosts(spec)) {
        if (!belongs(row.name, figure.part)) continue;
        switch (figure.figure) {
            case Figure::Parameters:
                total += row.parameters;
                break;
            case Figure::Trained:
                total += isFrozen(row, spec) ? 0 : row.parameters;
                break;
            case Figure::HookCounted:
                total += hiddenFromHooks(row.name) ? 0 : row.parameters;
                break;
            case Figure::Macs:
                total += row.macs;
                break;
        }
    }
    return total;
}

bool agrees(const PublishedFigure& figure) {
    const PrintedNumber printed = parsePrinted(figure.printed);
    // Exact counts have no rounding to hide in.
    const double room = printed.half < 1 ? 0.5 : printed.half * (1 + 1e-9);
    return std::abs(static_cast<double>(computed(figure)) - printed.value) <= room;
}

}  // namespace vl::cli
