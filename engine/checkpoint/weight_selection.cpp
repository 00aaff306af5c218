// SPDX-License-Identifier: Apache-2.0
#include "engine/checkpoint/weight_selection.h"

#include <array>
#include <cmath>

#include <ATen/ops/cat.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/index_select.h>

#include "engine/checkpoint/namings.h"
#include "engine/checkpoint/recognise.h"
#include "engine/checkpoint/tensor_reader.h"
#include "engine/core/error.h"

namespace vl {
namespace {

/// Student tensor, and the teacher tensors whose rows it is selected from, one below the other.
struct SelectionRow {
    std::string_view student;
    std::array<std::string_view, 3> teachers;
};
constexpr std::array kRows{
    SelectionRow{"norm1.weight", {"input_layernorm.weight"}},
    SelectionRow{"norm2.weight", {"post_attention_layernorm.weight"}},
    SelectionRow{"attn.qkv.weight", {"self_attn.q_proj.weight", "self_attn.k_proj.weight", "self_attn.v_proj.weight"}},
    SelectionRow{"attn.proj.weight", {"self_attn.o_proj.weight"}},
    SelectionRow{"mlp.fc1.weight", {"mlp.gate_proj.weight"}},
    SelectionRow{"mlp.fc2.weight", {"mlp.down_proj.weight"}},
    SelectionRow{"mlp.fc3.weight", {"mlp.up_proj.weight"}}};

WeightNames llamaNames(const CheckpointFile& file) {
    const Naming naming{"LLaMA", "", kLlamaNames};
    std::vector<NamedWeight> weights;
    const auto trees = findWeights(file.tensors());
    if (!trees.empty()) {
        for (const NamedTensor& tensor : tensorsOf(trees.front(), file.tensors()))
            weights.push_back({translatedName(naming, tensor.name, 0), tensor.tensor});
    }
    return WeightNames(std::move(weights));
}

at::Tensor smaller(at::Tensor tensor, at::IntArrayRef sizes) {
    for (std::int64_t axis = 0; axis < tensor.dim(); ++axis) {
        auto indices = selectedIndices(tensor.size(axis), sizes[static_cast<std::size_t>(axis)]);
        tensor = at::index_select(
            tensor, axis, at::from_blob(indices.data(), {static_cast<std::int64_t>(indices.size())}, at::kLong));
    }
    return tensor.contiguous();
}

/// `count` float32 points from 0 to `last`, with the rounding of the vectorised linspace the published selection was
/// made with: eight at a time from the first of them, counted from the nearer end. One index in a thousand depends on
/// it.
std::vector<float> evenPoints(std::int64_t last, std::int64_t count) {
    constexpr std::int64_t kLanes = 8;
    const auto end = static_cast<float>(last);
    const float step = count > 1 ? end / static_cast<float>(count - 1) : 0;
    const auto point = [&](std::int64_t k) {
        return k < count / 2 ? step * static_cast<float>(k) : end - step * static_cast<float>(count - 1 - k);
    };
    std::vector<float> points;
    for (std::int64_t k = 0; k < count;) {
        const float base = point(k);
        const std::int64_t lanes = k + kLanes <= count ? kLanes : 1;
        for (std::int64_t lane = 0; lane < lanes; ++lane)
            points.push_back(base + static_cast<float>(lane) * step);
        k += lanes;
    }
    return points;
}

}  // namespace

std::vector<std::int64_t> selectedIndices(std::int64_t from, std::int64_t to) {
    if (to < 1 || to > from)
        throw Error(ErrorCode::Mismatch,
                    std::to_string(to) + " rows cannot be selected from " + std::to_string(from) + ".",
                    "Choose a model that is smaller than the checkpoint.");
    std::vector<std::int64_t> indices(static_cast<std::size_t>(to));
    const auto points = from % to == 0 ? std::vector<float>() : evenPoints(from - 1, to);
    for (std::int64_t k = 0; k < to; ++k)
        indices[static_cast<std::size_t>(k)] =
            points.empty() ? k * (from / to) : std::llrint(points[static_cast<std::size_t>(k)]);
    return indices;
}

TensorMap selectWeights(const std::filesystem::path& llama, const ModelSpec& spec, const ReadWatcher& watch) {
    if (spec.family != "illama")
        throw Error(ErrorCode::Mismatch, "Weights can be selected for iLLaMA models only, not for '" + spec.name + "'.",
                    "Choose illama_tiny, illama_small or illama_base.");
    const auto file = CheckpointFile::open(llama);
    const auto weights = llamaNames(file);
    const int layers = weights.count("layers.");
    if (layers < spec.depth)
        throw Error(ErrorCode::Mismatch,
                    llama.string() + " has " + std::to_string(layers) + " layers of a LLaMA model, but '" + spec.name +
                        "' needs " + std::to_string(spec.depth) + ".",
                    "Choose a LLaMA checkpoint, or a model with fewer layers.");
    ReadMeter meter(watch, file.bytes() * static_cast<std::uint64_t>(spec.depth) / static_cast<std::uint64_t>(layers));
    TensorMap selected;
    const auto wanted = describeParameters(spec);
    for (const Parameter& parameter : wanted) {
        for (const SelectionRow& row : kRows) {
            if (!parameter.name.starts_with("blocks.") || !parameter.name.ends_with("." + std::string(row.student)))
                continue;
            const auto layer = parameter.name.substr(7, parameter.name.find('.', 7) - 7);
            std::vector<at::Tensor> parts;
            for (const std::string_view teacher : row.teachers) {
                if (teacher.empty()) continue;
                const auto* source = weights.find("layers." + layer + "." + std::string(teacher));
                if (!source || source->tensor->shape.size() != static_cast<std::size_t>(parameter.tensor.dim()))
                    throw Error(ErrorCode::Mismatch,
                                llama.string() + " lacks " + std::string(teacher) + " of layer " + layer + ".",
                                "Choose a complete LLaMA checkpoint.");
                parts.push_back(readTensor(file, *source->tensor, meter).to(at::kFloat));
            }
            const at::Tensor teacher = parts.size() == 1 ? parts.front() : at::cat(parts, 0);
            selected.emplace(parameter.name, smaller(teacher, parameter.tensor.sizes()));
        }
    }
    return selected;
}

}  // namespace vl
