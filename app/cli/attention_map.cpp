// SPDX-License-Identifier: Apache-2.0
#include "app/cli/attention_map.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace vl::cli {
namespace {

struct Colour {
    double r, g, b;
};

/// A dark-blue to yellow map of steadily rising lightness, from a few stops with linear interpolation between.
Colour perceptual(double value) {
    static constexpr std::array<Colour, 6> stops = {
        {{13, 8, 60}, {72, 20, 120}, {150, 38, 120}, {214, 72, 88}, {246, 140, 52}, {252, 232, 120}}};
    const double at = std::clamp(value, 0.0, 1.0) * (stops.size() - 1);
    const auto low = std::min(static_cast<std::size_t>(at), stops.size() - 2);
    const double t = at - static_cast<double>(low);
    const auto mix = [t](double a, double b) { return a + t * (b - a); };
    return {mix(stops[low].r, stops[low + 1].r), mix(stops[low].g, stops[low + 1].g),
            mix(stops[low].b, stops[low + 1].b)};
}

double greyAt(const Image& image, double x, double y) {
    const int column = std::clamp(static_cast<int>(x * image.width), 0, image.width - 1);
    const int row = std::clamp(static_cast<int>(y * image.height), 0, image.height - 1);
    const std::uint8_t* p =
        image.pixels.data() + (static_cast<std::size_t>(row) * image.width + column) * image.channels;
    return image.channels == 1 ? p[0] : 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2];
}

double patchDistance(const AttentionGeometry& geometry, int query, const std::vector<float>& weights) {
    const int from = query - geometry.firstPatchToken;
    if (query == geometry.classTokenIndex || from < 0) return 0;
    double sum = 0, mass = 0;
    for (int patch = 0; patch < geometry.keyRows * geometry.keyCols; ++patch) {
        const double weight = weights[static_cast<std::size_t>(geometry.firstPatchToken + patch)];
        const double dx = patch % geometry.keyCols - from % geometry.queryCols,
                     dy = patch / geometry.keyCols - from / geometry.queryCols;
        sum += weight * std::hypot(dx, dy);
        mass += weight;
    }
    return mass > 0 ? sum / mass : 0;
}

}  // namespace

AttentionRow attentionRow(const Inspection& inspection, int layer, int head, int query, bool masked) {
    const LayerAttention& maps = inspection.layers.at(static_cast<std::size_t>(layer));
    const auto tokens = static_cast<std::size_t>(maps.tokens);
    std::vector<float> softmax(tokens, 0.f);
    const int first = head < 0 ? 0 : head, last = head < 0 ? maps.heads : head + 1;
    for (int h = first; h < last; ++h)
        for (std::size_t key = 0; key < tokens; ++key)
            softmax[key] += maps.row(h, query)[key] / static_cast<float>(last - first);
    AttentionRow row;
    row.weights.resize(tokens);
    for (std::size_t key = 0; key < tokens; ++key) {
        const double kept = softmax[key] * softMaskFactor(inspection.alpha, query, static_cast<int>(key));
        row.keptMass += kept;
        row.weights[key] = masked ? static_cast<float>(kept) : softmax[key];
        if (softmax[key] > 0) row.entropy -= softmax[key] * std::log2(softmax[key]);
    }
    row.distance = patchDistance(inspection.geometry, query, softmax);
    return row;
}

Image drawAttention(const Inspection& inspection, const AttentionRow& row, int side) {
    const AttentionGeometry& geometry = inspection.geometry;
    const auto patches = static_cast<std::size_t>(geometry.keyRows) * geometry.keyCols;
    const auto begin = row.weights.begin() + geometry.firstPatchToken;
    const double largest =
        std::max(1e-12, static_cast<double>(*std::max_element(begin, begin + static_cast<std::ptrdiff_t>(patches))));
    Image out{side, side, 3, std::vector<std::uint8_t>(static_cast<std::size_t>(side) * side * 3)};
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
            const double u = (x + 0.5) / side, v = (y + 0.5) / side;
            const int patch =
                static_cast<int>(v * geometry.keyRows) * geometry.keyCols + static_cast<int>(u * geometry.keyCols);
            const Colour heat = perceptual(begin[patch] / largest);
            const double grey = greyAt(inspection.input, u, v);
            std::uint8_t* pixel = out.pixels.data() + (static_cast<std::size_t>(y) * side + x) * 3;
            constexpr double opacity = 0.7;
            pixel[0] = static_cast<std::uint8_t>(opacity * heat.r + (1 - opacity) * grey + 0.5);
            pixel[1] = static_cast<std::uint8_t>(opacity * heat.g + (1 - opacity) * grey + 0.5);
            pixel[2] = static_cast<std::uint8_t>(opacity * heat.b + (1 - opacity) * grey + 0.5);
        }
    }
    return out;
}

}  // namespace vl::cli
