// SPDX-License-Identifier: Apache-2.0
#include "engine/io/pickle_builder.h"

#include <utility>

#include "engine/core/error.h"
#include "engine/core/text.h"

namespace vl::detail {
namespace {

constexpr std::size_t maxNodes = 8'000'000;

std::int64_t toInteger(std::string_view twosComplement) {
    std::uint64_t bits = !twosComplement.empty() && (twosComplement.back() & 0x80) ? ~std::uint64_t{0} : 0;
    for (std::size_t i = twosComplement.size(); i-- > 0;)
        bits = (bits << 8) | static_cast<unsigned char>(twosComplement[i]);
    return static_cast<std::int64_t>(bits);
}

}  // namespace

PickleBuilder::PickleBuilder(PickleTree& tree, const std::string& where, std::size_t budget)
    : tree_(tree), where_(where), budget_(budget) {
    add({});
    for (const int value : {0, 1}) {
        PickleNode node;
        node.kind = PickleKind::Bool;
        node.integer = value;
        add(std::move(node));
    }
    sequence(PickleKind::Tuple);
}

void PickleBuilder::bad(const std::string& what) const {
    throw Error(ErrorCode::BadFile, where_ + " cannot be read as a PyTorch file: " + what + ".",
                "The file is damaged, incomplete or of another kind; fetch it or save it again.");
}

void PickleBuilder::charge(std::size_t bytes) {
    if (bytes > budget_) bad("its pickle asks for far more memory than its size explains");
    budget_ -= bytes;
}

PickleId PickleBuilder::add(PickleNode node) {
    if (tree_.nodes.size() >= maxNodes) bad("its pickle holds too many values");
    tree_.nodes.push_back(std::move(node));
    return static_cast<PickleId>(tree_.nodes.size() - 1);
}

PickleId PickleBuilder::integer(std::int64_t value) {
    PickleNode node;
    node.kind = PickleKind::Int;
    node.integer = value;
    return add(std::move(node));
}

PickleId PickleBuilder::bigInteger(std::string_view bytes) {
    return bytes.size() <= 8 ? integer(toInteger(bytes)) : text(PickleKind::BigInt, bytes);
}

PickleId PickleBuilder::number(double value) {
    PickleNode node;
    node.kind = PickleKind::Float;
    node.number = value;
    return add(std::move(node));
}

PickleId PickleBuilder::text(PickleKind kind, std::string_view view) {
    PickleNode node;
    node.kind = kind;
    node.text = view;
    return add(std::move(node));
}

PickleId PickleBuilder::ownText(PickleKind kind, std::string value) {
    charge(value.size());
    return text(kind, tree_.texts.emplace_back(std::move(value)));
}

PickleId PickleBuilder::sequence(PickleKind kind, std::vector<PickleId> items) {
    PickleNode node;
    node.kind = kind;
    node.items = std::move(items);
    return add(std::move(node));
}

PickleId PickleBuilder::object(std::string_view className, PickleId state) {
    PickleNode node;
    node.kind = className == "argparse.Namespace" ? PickleKind::Namespace : PickleKind::Object;
    node.text = className;
    node.state = state;
    return add(std::move(node));
}

PickleId PickleBuilder::symbol(std::string_view module, std::string_view name) {
    charge(module.size() + name.size());
    // Python 2 and protocol 2 say __builtin__ for what is builtins now.
    if (module == "__builtin__") module = "builtins";
    return text(PickleKind::Symbol, tree_.texts.emplace_back(std::string(module) + "." + std::string(name)));
}

PickleId PickleBuilder::call(PickleId callable, PickleId arguments) {
    if (node(arguments).kind != PickleKind::Tuple) bad("its pickle calls something without arguments");
    if (node(callable).kind != PickleKind::Symbol) return object("something unknown");
    const auto name = node(callable).text;
    for (auto* family : {callTorch, callNumpy, callPython})
        if (const auto made = family(*this, name, node(arguments)); made != noPickle) return made;
    return object(name);
}

PickleId PickleBuilder::newObject(PickleId cls, PickleId arguments) {
    if (node(cls).kind != PickleKind::Symbol || node(arguments).kind != PickleKind::Tuple)
        bad("its pickle makes an object of no class");
    const auto name = node(cls).text;
    if (name == "collections.OrderedDict" || name == "builtins.dict") return sequence(PickleKind::Dict);
    if (name == "torch.Size" && node(arguments).items.size() == 1) return call(cls, arguments);
    return object(name);
}

void PickleBuilder::build(PickleId object, PickleId state) {
    auto& target = node(object);
    switch (target.kind) {
        case PickleKind::Namespace:
        case PickleKind::Object: target.state = state; return;
        case PickleKind::NumpyType: return buildNumpyType(*this, object, node(state));
        case PickleKind::Array: return buildArray(*this, object, node(state));
        // Attributes beside the items (the _metadata of a state dict, hooks of a tensor) say nothing about weights.
        case PickleKind::Dict:
        case PickleKind::List:
        case PickleKind::Tensor:
        case PickleKind::Storage: return;
        default: bad("its pickle gives attributes to a plain value");
    }
}

PickleId PickleBuilder::addTensor(PickleTensor tensor) {
    charge(tensor.shape.size() * 16);
    tree_.tensors.push_back(std::move(tensor));
    PickleNode made;
    made.kind = PickleKind::Tensor;
    made.integer = static_cast<std::int64_t>(tree_.tensors.size() - 1);
    return add(std::move(made));
}

/// ("storage", class, key, device, elements) and, in old files, a view (key, offset, elements) or None.
PickleId PickleBuilder::persistent(PickleId id) {
    const auto& tuple = node(id);
    const auto& items = tuple.items;
    // Old files mention the source text of a module's class this way; only the class counts.
    if (tuple.kind == PickleKind::Tuple && items.size() >= 2 && node(items[0]).text == "module") return items[1];
    if (tuple.kind != PickleKind::Tuple || items.size() < 5 || items.size() > 6 || node(items[0]).text != "storage")
        bad("its pickle refers to outside data in an unknown way");
    const auto &cls = node(items[1]), &key = node(items[2]), &device = node(items[3]), &count = node(items[4]);
    if (cls.kind != PickleKind::Symbol || key.kind != PickleKind::String || device.kind != PickleKind::String ||
        count.kind != PickleKind::Int || count.integer < 0)
        bad("its pickle describes a storage in an unknown way");
    PickleStorage storage{key.text, dtypeOfStorageClass(cls.text), device.text,
                          static_cast<std::uint64_t>(count.integer), 0};
    if (items.size() == 6 && node(items[5]).kind == PickleKind::Tuple) {
        const auto& view = node(items[5]).items;
        if (view.size() != 3 || node(view[1]).kind != PickleKind::Int || node(view[2]).kind != PickleKind::Int ||
            node(view[1]).integer < 0 || node(view[2]).integer < 0)
            bad("its pickle describes the view of a storage in an unknown way");
        storage.viewOffset = static_cast<std::uint64_t>(node(view[1]).integer);
        storage.elements = static_cast<std::uint64_t>(node(view[2]).integer);
    }
    // The size of its elements is unknown, so neither it nor, in an old file, what follows it can be found.
    if (storage.dtype.empty()) bad("it holds data of the unsupported type " + printable(cls.text));
    tree_.storages.push_back(storage);
    PickleNode made;
    made.kind = PickleKind::Storage;
    made.integer = static_cast<std::int64_t>(tree_.storages.size() - 1);
    return add(std::move(made));
}

}  // namespace vl::detail
