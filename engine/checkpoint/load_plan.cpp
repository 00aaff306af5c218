// SPDX-License-Identifier: Apache-2.0
#include "engine/checkpoint/load_plan.h"

#include <algorithm>
#include <array>

#include "engine/checkpoint/family_rules.h"

namespace vl {
namespace {

using Shape = std::vector<std::int64_t>;

/// Parts a pre-trained body gets anew in fine-tuning.
constexpr std::array<std::string_view, 6> kHeads{"head.", "decode_head.", "auxiliary_head.",
                                                 "neck.", "rpn_head.",    "roi_head."};

struct AbsentRule {
    std::string_view part;
    Fill fill;
    std::string_view remedy;
};
/// Tensors a file may lack without harm.
constexpr std::array kAbsent{AbsentRule{"gamma_1", Fill::Ones, "filled with 1"},
                             AbsentRule{"gamma_2", Fill::Ones, "filled with 1"},
                             AbsentRule{"norm_list.", Fill::Initial, "starts at 1 and 0"},
                             AbsentRule{"num_batches_tracked", Fill::Initial, "starts at 0"}};

bool isHead(std::string_view name) {
    return std::any_of(kHeads.begin(), kHeads.end(), [&](std::string_view head) { return name.starts_with(head); });
}

bool isTable(std::string_view name) { return name.ends_with("pos_embed"); }

Shape squeezed(const Shape& shape) {
    Shape kept;
    std::copy_if(shape.begin(), shape.end(), std::back_inserter(kept), [](std::int64_t size) { return size != 1; });
    return kept;
}

std::string square(std::int64_t rows) {
    const auto side = std::to_string(squareSide(static_cast<int>(std::min<std::int64_t>(rows, 1 << 24))));
    return side + " x " + side;
}

/// Tables of positions [1, rows, D] of another number of rows.
void planTable(const Parameter& parameter, const Shape& want, const Shape& have, const ModelSpec& spec, FillRow& row) {
    if (want.size() != 3 || have.size() != 3 || want[2] != have[2] || have[0] != 1) return;
    const auto token = spec.classToken == ClassToken::None ? 0 : 1;
    if (parameter.kind == ParameterKind::Frozen) {
        const bool trim = have[1] == want[1] + 1;
        row.fill = trim ? Fill::Trim : Fill::Initial;
        row.remedy = trim ? "row of the class token left out" : "computed anew for this size";
    } else if (squareSide(static_cast<int>(std::clamp<std::int64_t>(have[1] - token, 0, 1 << 24))) > 0) {
        row.fill = Fill::Resize;
        row.remedy = "resized from " + square(have[1] - token) + " to " + square(want[1] - token);
    }
}

void planPresent(const Parameter& parameter, const ModelSpec& spec, bool newHeads, FillRow& row) {
    const Shape want = parameter.tensor.sizes().vec();
    const Shape& have = row.source->tensor->shape;
    if (want == have) {
        row.fill = Fill::Copy;
    } else if (isTable(parameter.name)) {
        planTable(parameter, want, have, spec, row);
    } else if (squeezed(want) == squeezed(have)) {
        row.fill = Fill::Reshape;
        row.remedy = "dimensions of 1 dropped or added";
    } else if (newHeads && isHead(parameter.name)) {
        row.fill = Fill::Initial;
        row.remedy = "new head";
    }
}

void planAbsent(const Parameter& parameter, bool newHeads, FillRow& row) {
    const std::string_view name = parameter.name;
    for (const AbsentRule& rule : kAbsent) {
        if (name.find(rule.part) == std::string_view::npos) continue;
        row.fill = rule.fill;
        row.remedy = rule.remedy;
        return;
    }
    if (isTable(name) && parameter.kind == ParameterKind::Frozen) {
        row.fill = Fill::Initial;
        row.remedy = "computed";
    } else if (newHeads && (isHead(name) || name.starts_with("backbone.ln2."))) {
        row.fill = Fill::Initial;
        row.remedy = "new, as initialised";
    }
}

}  // namespace

bool LoadPlan::complete() const {
    return std::none_of(rows.begin(), rows.end(), [](const FillRow& row) { return row.fill == Fill::Missing; });
}

bool LoadPlan::needsInitial() const {
    return std::any_of(rows.begin(), rows.end(), [](const FillRow& row) { return row.fill == Fill::Initial; });
}

LoadPlan planLoad(std::span<const Parameter> parameters, const WeightNames& weights, const ModelSpec& spec,
                  bool newHeads) {
    LoadPlan plan;
    std::vector<const NamedWeight*> used;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        FillRow row;
        row.parameter = i;
        row.source = weights.find(parameters[i].name);
        if (row.source) {
            planPresent(parameters[i], spec, newHeads, row);
            used.push_back(row.source);
        } else {
            planAbsent(parameters[i], newHeads, row);
        }
        plan.copied += row.fill == Fill::Copy || row.fill == Fill::Reshape;
        plan.rows.push_back(std::move(row));
    }
    std::sort(used.begin(), used.end());
    for (const NamedWeight& weight : weights.all()) {
        if (!std::binary_search(used.begin(), used.end(), &weight)) plan.unexpected.push_back(&weight);
    }
    return plan;
}

}  // namespace vl
