// SPDX-License-Identifier: Apache-2.0
#include "engine/io/weight_trees.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace vl {
namespace {

struct Wrapper {
    std::string_view key;
    bool averaged;
};

/// Top keys that training scripts keep weights under, the usual one first.
constexpr std::array wrappers{
    Wrapper{"state_dict", false}, Wrapper{"model", false},         Wrapper{"model_state_dict", false},
    Wrapper{"net", false},        Wrapper{"module", false},        Wrapper{"params", false},
    Wrapper{"model_ema", true},   Wrapper{"state_dict_ema", true}, Wrapper{"ema_state_dict", true},
    Wrapper{"ema", true},         Wrapper{"params_ema", true}};
constexpr std::array inner{std::string_view("module"), std::string_view("_orig_mod"), std::string_view("state_dict"),
                           std::string_view("model")};
constexpr std::array trainingState{std::string_view("optimizer"),
                                   std::string_view("optimizers"),
                                   std::string_view("opt"),
                                   std::string_view("lr_scheduler"),
                                   std::string_view("scheduler"),
                                   std::string_view("param_schedulers"),
                                   std::string_view("scaler"),
                                   std::string_view("optimizer_states"),
                                   std::string_view("lr_schedulers"),
                                   std::string_view("loss_scaler"),
                                   std::string_view("rng_state"),
                                   std::string_view("message_hub"),
                                   std::string_view("callbacks"),
                                   std::string_view("optimizer_state_dict"),
                                   std::string_view("scheduler_state_dict")};

template <typename Range>
bool contains(const Range& range, std::string_view value) {
    return std::find(range.begin(), range.end(), value) != range.end();
}

std::size_t rankOf(std::string_view key) {
    const auto found =
        std::find_if(wrappers.begin(), wrappers.end(), [&](const Wrapper& wrapper) { return wrapper.key == key; });
    return static_cast<std::size_t>(found - wrappers.begin());
}

std::string_view topKey(const PthTensor& tensor) { return std::string_view(tensor.name).substr(0, tensor.topKeyBytes); }
bool isDirect(const PthTensor& tensor) { return tensor.topKeyBytes >= tensor.name.size(); }

std::uint64_t elementsOf(const PthTensor& tensor) {
    std::uint64_t count = 1;
    for (const auto size : tensor.shape)
        count *= static_cast<std::uint64_t>(size);
    return count;
}

/// Lengthens the prefix while every name below it begins with the same known word.
void stripInner(WeightTree& tree, std::span<const PthTensor> tensors) {
    for (bool again = true; again;) {
        again = false;
        const auto below = tensorsOf(tree, tensors);
        const auto dot = below.empty() ? std::string_view::npos : below.front().name.find('.');
        if (dot == std::string_view::npos || !contains(inner, below.front().name.substr(0, dot))) return;
        const auto word = below.front().name.substr(0, dot + 1);
        again = std::all_of(below.begin(), below.end(),
                            [&](const NamedTensor& named) { return named.name.substr(0, word.size()) == word; });
        if (again) tree.prefix += word;
    }
}

}  // namespace

bool isWeightWrapper(std::string_view key) { return rankOf(key) < wrappers.size(); }

bool isTrainingState(std::string_view key) { return contains(trainingState, key); }

std::vector<NamedTensor> tensorsOf(const WeightTree& tree, std::span<const PthTensor> tensors) {
    std::vector<NamedTensor> found;
    for (const auto& tensor : tensors) {
        const std::string_view name = tensor.name;
        // Without a prefix the weights lie at the top; what has a key of its own there is something else.
        const bool wanted = tree.prefix.empty()
                                ? isDirect(tensor)
                                : name.size() > tree.prefix.size() && name.substr(0, tree.prefix.size()) == tree.prefix;
        if (wanted) found.push_back({name.substr(tree.prefix.size()), &tensor});
    }
    return found;
}

std::vector<WeightTree> findWeights(std::span<const PthTensor> tensors, bool preferAveraged) {
    std::vector<WeightTree> trees;
    std::vector<std::string> keys;
    std::unordered_map<std::string_view, std::size_t> index;
    for (const auto& tensor : tensors) {
        const auto key = isDirect(tensor) ? std::string_view() : topKey(tensor);
        if (contains(trainingState, key)) continue;
        const auto [at, isNew] = index.emplace(key, trees.size());
        if (isNew) {
            const auto rank = rankOf(key);
            trees.push_back({key.empty() ? std::string() : std::string(key) + ".", 0, 0,
                             rank < wrappers.size() && wrappers[rank].averaged});
            keys.emplace_back(key);
        }
        ++trees[at->second].tensors;
        trees[at->second].elements += elementsOf(tensor);
    }
    std::vector<std::size_t> order(trees.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    // A known key first, then whatever is largest; a lone counter at the top never wins over a known key.
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        if (preferAveraged && trees[a].averaged != trees[b].averaged) return trees[a].averaged;
        const auto rankA = rankOf(keys[a]), rankB = rankOf(keys[b]);
        return rankA != rankB ? rankA < rankB : trees[a].elements > trees[b].elements;
    });
    std::vector<WeightTree> sorted;
    for (const auto i : order) {
        sorted.push_back(trees[i]);
        stripInner(sorted.back(), tensors);
    }
    return sorted;
}

}  // namespace vl
