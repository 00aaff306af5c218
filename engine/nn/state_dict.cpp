// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/state_dict.h"

#include <cmath>
#include <string_view>
#include <vector>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/upsample_bicubic2d.h>

#include "engine/core/error.h"
#include "engine/core/text.h"

namespace vl {
namespace {

std::string shapeText(at::IntArrayRef sizes) {
    std::string text = "[";
    for (std::size_t i = 0; i < sizes.size(); ++i)
        text += (i ? ", " : "") + std::to_string(sizes[i]);
    return text + "]";
}

/// "a, b and 5 more": enough to recognise the problem, short enough to read.
std::string listed(const std::vector<std::string>& names) {
    constexpr std::size_t kShown = 3;
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < kShown; ++i)
        text += (i ? ", " : "") + names[i];
    if (names.size() > kShown) text += " and " + std::to_string(names.size() - kShown) + " more";
    return text;
}

struct Differences {
    std::vector<std::string> missing, unexpected, shapes;
    bool none() const { return missing.empty() && unexpected.empty() && shapes.empty(); }
};

Differences compare(std::span<Parameter> parameters, const TensorMap& tensors) {
    Differences found;
    std::map<std::string_view, bool> known;
    for (const Parameter& parameter : parameters) {
        known[parameter.name] = true;
        const auto it = tensors.find(parameter.name);
        if (it == tensors.end()) {
            found.missing.push_back(parameter.name);
        } else if (it->second.sizes() != parameter.tensor.sizes()) {
            found.shapes.push_back(parameter.name + " is " + shapeText(it->second.sizes()) + " instead of " +
                                   shapeText(parameter.tensor.sizes()));
        }
    }
    for (const auto& entry : tensors) {
        if (!known.contains(entry.first)) found.unexpected.push_back(printable(entry.first));
    }
    return found;
}

[[noreturn]] void refuse(const Model& model, const Differences& found) {
    std::string message = "The weights do not fit model '" + model.spec().name + "':";
    if (!found.missing.empty()) message += " missing " + listed(found.missing) + ";";
    if (!found.unexpected.empty()) message += " unexpected " + listed(found.unexpected) + ";";
    if (!found.shapes.empty()) message += " " + listed(found.shapes) + ";";
    message.back() = '.';
    throw Error(ErrorCode::Mismatch, message,
                "Choose the preset, image size and number of classes these weights were made for.");
}

}  // namespace

TensorMap stateDict(Model& model) {
    TensorMap tensors;
    for (const Parameter& parameter : model.parameters())
        tensors.emplace(parameter.name, parameter.tensor.detach());
    return tensors;
}

void loadStateDict(Model& model, const TensorMap& tensors) {
    const Differences found = compare(model.parameters(), tensors);
    if (!found.none()) refuse(model, found);
    const at::NoGradGuard noGrad;
    for (Parameter& parameter : model.parameters())
        parameter.tensor.copy_(tensors.at(parameter.name));
}

at::Tensor resizePositions(const at::Tensor& positions, int newGrid, ClassToken classToken) {
    const std::int64_t tokens = classToken == ClassToken::None ? 0 : 1;
    const std::int64_t patches = positions.dim() == 3 ? positions.size(1) - tokens : 0;
    const auto grid = static_cast<std::int64_t>(std::lround(std::sqrt(static_cast<double>(patches))));
    if (patches < 1 || positions.size(0) != 1 || grid * grid != patches) {
        throw Error(
            ErrorCode::Mismatch,
            "Position table " + shapeText(positions.sizes()) + " does not hold a square patch grid" + (tokens ? " and one class row." : "."),
            "Use weights of a model with a square input.");
    }
    const at::NoGradGuard noGrad;
    const bool last = classToken == ClassToken::Last;
    const std::int64_t width = positions.size(2);
    const at::Tensor rows = positions.narrow(1, last ? 0 : tokens, patches).to(at::kFloat);
    const at::Tensor picture = rows.reshape({1, grid, grid, width}).permute({0, 3, 1, 2}).contiguous();
    const at::Tensor resized = at::upsample_bicubic2d(picture, {newGrid, newGrid}, /*align_corners=*/false)
                                   .permute({0, 2, 3, 1})
                                   .reshape({1, std::int64_t{newGrid} * newGrid, width});
    if (tokens == 0) return resized;
    const at::Tensor classRow = positions.narrow(1, last ? patches : 0, 1).to(at::kFloat);
    return last ? at::cat({resized, classRow}, 1) : at::cat({classRow, resized}, 1);
}

}  // namespace vl
