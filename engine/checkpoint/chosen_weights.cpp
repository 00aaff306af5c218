// SPDX-License-Identifier: Apache-2.0
#include "engine/checkpoint/chosen_weights.h"

#include <unordered_map>
#include <unordered_set>

#include "engine/core/error.h"

namespace vl {
namespace {

std::string_view topKey(const PthTensor& tensor) { return std::string_view(tensor.name).substr(0, tensor.topKeyBytes); }

TensorRow rowOf(const PthTensor& tensor) {
    TensorRow row;
    row.name = tensor.name;
    row.dtype = tensor.dtype;
    row.shape = tensor.shape;
    row.bytes = tensor.bytes;
    if (isTrainingState(topKey(tensor))) row.role = TensorRole::TrainingState;
    return row;
}

}  // namespace

ChosenWeights chooseWeights(const std::filesystem::path& file, const CheckpointOptions& options) {
    auto opened = CheckpointFile::open(file);
    auto trees = findWeights(opened.tensors(), options.averaged);
    ChosenWeights choice{std::move(opened), std::move(trees), 0, {}};
    for (std::size_t i = 0; i < choice.trees.size() && i < 8; ++i) {
        auto recognised = recognise(choice.file, choice.trees[i], options.preset);
        const bool settled = recognised.recognition.known || recognised.recognition.naming == "LLaMA";
        if (i == 0 || settled) {
            choice.chosen = i;
            choice.recognised = std::move(recognised);
        }
        if (settled || !options.preset.empty()) break;
    }
    if (choice.trees.empty()) {
        choice.recognised.weights = std::make_shared<WeightNames>(std::vector<NamedWeight>{});
        choice.recognised.recognition.explanation = "The file holds no weights.";
    }
    return choice;
}

CheckpointReport reportOn(const ChosenWeights& choice) {
    CheckpointReport report;
    report.file = choice.file.path();
    report.format = choice.file.format();
    report.fileBytes = choice.file.bytes();
    report.recognition = choice.recognised.recognition;
    const Recognition& r = report.recognition;

    std::unordered_map<const PthTensor*, std::size_t> rows;
    for (const PthTensor& tensor : choice.file.tensors()) {
        rows.emplace(&tensor, report.tensors.size());
        report.tensors.push_back(rowOf(tensor));
    }
    for (std::size_t i = 0; i < choice.trees.size(); ++i) {
        const WeightTree& tree = choice.trees[i];
        report.weights.push_back({tree.prefix, tree.tensors, tree.elements, tree.averaged, i == choice.chosen});
        if (!tree.averaged) continue;
        for (const NamedTensor& named : tensorsOf(tree, choice.file.tensors()))
            report.tensors[rows.at(named.tensor)].role = TensorRole::Averaged;
    }
    if (r.known) {
        const std::unordered_set<std::string_view> unexpected(r.unexpected.begin(), r.unexpected.end());
        for (const NamedWeight& weight : choice.recognised.weights->all()) {
            if (!unexpected.contains(weight.name)) report.tensors[rows.at(weight.tensor)].modelName = weight.name;
        }
    }
    for (const PthScalar& scalar : choice.file.scalars())
        report.scalars.push_back({scalar.name, scalar.text});
    for (const PthOpaque& part : choice.file.opaque())
        report.opaque.push_back(part.name + ": " + part.className);
    return report;
}

}  // namespace vl
