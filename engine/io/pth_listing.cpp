// SPDX-License-Identifier: Apache-2.0
#include "engine/io/pth_listing.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "engine/core/error.h"
#include "engine/io/pickle_text.h"

namespace vl::detail {
namespace {

constexpr std::size_t maxDepth = 64, maxKeyBytes = 1024, maxScalars = 4000, maxOpaque = 1000, maxTensors = 1'000'000;
// Sharing lets a short pickle describe a long list; sound files name a part a few times at most.
constexpr std::size_t maxVisits = 50'000'000, maxNameBytes = std::size_t{1} << 30;
constexpr std::size_t namesForEachTensor = 8, freeNames = 10'000;

class Lister {
public:
    Lister(const PickleTree& tree, std::size_t pickleBytes, const std::string& where)
        : tree_(tree),
          where_(where),
          visits_(std::min(16 * pickleBytes + 4096, maxVisits)),
          nameBytes_(std::min(32 * pickleBytes + (std::size_t{1} << 20), maxNameBytes)),
          tensors_(std::min(namesForEachTensor * tree.tensors.size() + freeNames, maxTensors)),
          onPath_(tree.nodes.size()) {}

    PthListing list() {
        visit(tree_.root);
        return std::move(listing_);
    }

private:
    using Entries = std::vector<std::pair<PickleId, PickleId>>;

    void visit(PickleId id);
    void visitInside(PickleId id);
    void visitItems(PickleId id, const std::string& key);
    void visitDict(const std::vector<PickleId>& items);
    void visitList(PickleId id);
    void visitObject(PickleId id);
    void visitModule(PickleId state);
    void addTensor(const PickleNode& node);
    void addScalar(PickleId id);
    void addOpaque(std::string className);
    Entries entries(const std::vector<PickleId>& items);
    std::string keyText(PickleId id) const;
    std::string uniqueName();

    [[noreturn]] void bad(const std::string& what) const {
        throw Error(ErrorCode::BadFile, where_ + " cannot be read as a PyTorch file: " + what + ".",
                    "The file was made to mislead, or is damaged; save it again.");
    }
    void spend(std::size_t& budget, std::size_t amount) const {
        if (amount > budget) bad("it repeats its parts so often that listing them would not end");
        budget -= amount;
    }

    const PickleTree& tree_;
    const std::string& where_;
    std::size_t visits_, nameBytes_, tensors_;  ///< what may still be spent
    std::vector<bool> onPath_;
    std::string name_;
    std::size_t depth_ = 0, topKeyBytes_ = 0;
    PthListing listing_;
    std::unordered_set<std::string> names_;
};

void Lister::visit(PickleId id) {
    spend(visits_, 1);
    const auto& node = tree_[id];
    if (node.kind == PickleKind::Tensor) return addTensor(node);
    if (node.kind == PickleKind::Storage) return;
    if (isPlain(tree_, id)) return addScalar(id);
    if (onPath_[id]) return;
    if (depth_ >= maxDepth) return addOpaque("nested too deep to list");
    onPath_[id] = true;
    visitInside(id);
    onPath_[id] = false;
}

void Lister::visitInside(PickleId id) {
    const auto& node = tree_[id];
    switch (node.kind) {
        case PickleKind::Dict: return visitDict(node.items);
        case PickleKind::List:
        case PickleKind::Tuple: return visitList(id);
        case PickleKind::Namespace:
            if (node.state != noPickle && tree_[node.state].kind == PickleKind::Dict)
                visitDict(tree_[node.state].items);
            return;
        default: return visitObject(id);
    }
}

/// Goes on one level below, under the name so far and `key`.
void Lister::visitItems(PickleId id, const std::string& key) {
    const auto length = name_.size();
    if (key.size() > maxKeyBytes) bad("it uses a name of more than " + std::to_string(maxKeyBytes) + " bytes");
    spend(nameBytes_, length + key.size() + 1);
    if (depth_ == 0) topKeyBytes_ = key.size();
    if (!name_.empty()) name_ += '.';
    name_ += key;
    ++depth_;
    visit(id);
    --depth_;
    name_.resize(length);
}

std::string Lister::keyText(PickleId id) const {
    const auto& node = tree_[id];
    if (node.kind == PickleKind::String) return pickleUtf8(node.text.substr(0, maxKeyBytes + 1));
    return pickleText(tree_, id, 80);
}

/// Key and value once for each key; the last value counts, at the place of the first.
Lister::Entries Lister::entries(const std::vector<PickleId>& items) {
    Entries result;
    std::unordered_map<std::string, std::size_t> seen;
    spend(visits_, items.size());
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
        auto key = keyText(items[i]);
        spend(nameBytes_, key.size());
        // 0 and "0" are two keys in Python.
        key += static_cast<char>(tree_[items[i]].kind);
        const auto [at, isNew] = seen.emplace(std::move(key), result.size());
        if (isNew)
            result.emplace_back(items[i], items[i + 1]);
        else
            result[at->second].second = items[i + 1];
    }
    return result;
}

void Lister::visitDict(const std::vector<PickleId>& items) {
    for (const auto& [key, value] : entries(items))
        visitItems(value, keyText(key));
}

void Lister::visitList(PickleId id) {
    const auto& items = tree_[id].items;
    spend(visits_, items.size());
    bool plain = true;
    for (const auto item : items)
        plain = plain && isPlain(tree_, item);
    if (plain) return addScalar(id);
    for (std::size_t i = 0; i < items.size(); ++i)
        visitItems(items[i], std::to_string(i));
}

/// A class nobody knows: whatever it holds like a dict, or as a pickled torch.nn.Module, can still be listed.
void Lister::visitObject(PickleId id) {
    const auto& node = tree_[id];
    addOpaque(pickleUtf8(node.text.substr(0, maxKeyBytes)));
    if (!node.items.empty()) visitDict(node.items);
    if (node.state != noPickle) visitModule(node.state);
}

/// A module keeps _parameters, _buffers and _modules; its state dict names leave these words out.
void Lister::visitModule(PickleId state) {
    if (tree_[state].kind != PickleKind::Dict || onPath_[state]) return;
    onPath_[state] = true;
    for (const auto& [key, value] : entries(tree_[state].items)) {
        const auto text = tree_[key].text;
        if ((text != "_parameters" && text != "_buffers" && text != "_modules") ||
            tree_[value].kind != PickleKind::Dict || onPath_[value])
            continue;
        onPath_[value] = true;
        for (const auto& [name, part] : entries(tree_[value].items))
            if (tree_[part].kind != PickleKind::None) visitItems(part, keyText(name));
        onPath_[value] = false;
    }
    onPath_[state] = false;
}

/// Keys that hold dots can make one name twice; the later one is told apart by a number.
std::string Lister::uniqueName() {
    spend(nameBytes_, name_.size() + 8);
    auto name = name_;
    for (int i = 2; !names_.insert(name).second; ++i) {
        spend(nameBytes_, name_.size() + 8);
        name = name_ + "#" + std::to_string(i);
    }
    return name;
}

void Lister::addTensor(const PickleNode& node) {
    spend(tensors_, 1);
    const auto index = static_cast<std::size_t>(node.integer);
    const auto& from = tree_.tensors[index];
    PthTensor tensor;
    tensor.name = uniqueName();
    tensor.topKeyBytes = topKeyBytes_;
    tensor.dtype = from.dtype;
    tensor.shape = from.shape;
    tensor.strides = from.strides;
    tensor.device = pickleUtf8(tree_.storages[from.storage].device.substr(0, 32));
    tensor.storageOffset = from.offset;
    tensor.parameter = from.parameter;
    listing_.tensors.push_back(std::move(tensor));
    listing_.source.push_back(index);
}

void Lister::addScalar(PickleId id) {
    if (listing_.scalars.size() >= maxScalars) return;
    spend(nameBytes_, name_.size());
    listing_.scalars.push_back({name_, pickleText(tree_, id)});
}

void Lister::addOpaque(std::string className) {
    if (listing_.opaque.size() >= maxOpaque) return;
    spend(nameBytes_, name_.size());
    listing_.opaque.push_back({name_, std::move(className)});
}

}  // namespace

PthListing listPickle(const PickleTree& tree, std::size_t pickleBytes, const std::string& where) {
    return Lister(tree, pickleBytes, where).list();
}

}  // namespace vl::detail
