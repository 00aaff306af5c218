// SPDX-License-Identifier: Apache-2.0
// The few callables of Python's own library that checkpoints hold.
#include "engine/io/pickle_builder.h"

namespace vl::detail {
namespace {

bool isOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
    for (const auto candidate : names)
        if (name == candidate) return true;
    return false;
}

/// Below protocol 3 bytes travel as text whose every character is one byte.
PickleId encodeLatin1(PickleBuilder& builder, const PickleNode& text) {
    std::string bytes;
    builder.charge(text.text.size());
    bytes.reserve(text.text.size());
    for (std::size_t i = 0; i < text.text.size(); ++i) {
        const auto lead = static_cast<unsigned char>(text.text[i]);
        if (lead < 0x80) {
            bytes += static_cast<char>(lead);
            continue;
        }
        const auto next = ++i < text.text.size() ? static_cast<unsigned char>(text.text[i]) : 0u;
        if ((lead != 0xc2 && lead != 0xc3) || (next & 0xc0) != 0x80)
            builder.bad("its pickle holds bytes written in an unknown way");
        bytes += static_cast<char>(((lead & 3) << 6) | (next & 0x3f));
    }
    return builder.ownText(PickleKind::Bytes, std::move(bytes));
}

/// OrderedDict(list of pairs), as Python 2 wrote it, or of another dict.
PickleId makeDict(PickleBuilder& builder, const PickleNode& arguments) {
    if (arguments.items.empty()) return builder.sequence(PickleKind::Dict);
    const auto& source = builder.node(arguments.items[0]);
    if (source.kind == PickleKind::Dict) return arguments.items[0];
    if (source.kind != PickleKind::List) return noPickle;
    std::vector<PickleId> items;
    builder.charge(source.items.size() * 8);
    for (const auto id : source.items) {
        const auto& pair = builder.node(id);
        if (pair.items.size() != 2) return noPickle;
        items.insert(items.end(), {pair.items[0], pair.items[1]});
    }
    return builder.sequence(PickleKind::Dict, std::move(items));
}

/// pathlib's paths are called with their parts.
PickleId joinPath(PickleBuilder& builder, const PickleNode& parts) {
    std::string path;
    for (const auto id : parts.items) {
        const auto& part = builder.node(id);
        if (part.kind != PickleKind::String) return noPickle;
        builder.charge(part.text.size() + 1);
        if (!path.empty() && path.back() != '/') path += '/';
        path += part.text;
    }
    return builder.ownText(PickleKind::String, std::move(path));
}

}  // namespace

PickleId callPython(PickleBuilder& builder, std::string_view name, const PickleNode& arguments) {
    const auto& items = arguments.items;
    if (isOneOf(name, {"collections.OrderedDict", "collections.Counter", "builtins.dict"}))
        return makeDict(builder, arguments);
    if (name == "collections.defaultdict") return builder.sequence(PickleKind::Dict);
    if (isOneOf(name, {"builtins.set", "builtins.frozenset", "builtins.list", "builtins.tuple", "collections.deque"})) {
        if (items.empty()) return builder.sequence(PickleKind::List);
        const auto kind = builder.node(items[0]).kind;
        return kind == PickleKind::List || kind == PickleKind::Tuple ? items[0] : noPickle;
    }
    if (name == "_codecs.encode" && items.size() == 2 && builder.node(items[0]).kind == PickleKind::String &&
        builder.node(items[1]).text == "latin1")
        return encodeLatin1(builder, builder.node(items[0]));
    if (isOneOf(name, {"builtins.bytearray", "builtins.bytes"})) {
        if (items.empty()) return builder.text(PickleKind::Bytes, {});
        const auto& source = builder.node(items[0]);
        if (source.kind == PickleKind::Bytes) return items[0];
        return source.kind == PickleKind::String ? encodeLatin1(builder, source) : noPickle;
    }
    if (name.substr(0, 8) == "pathlib.") return joinPath(builder, arguments);
    // (class, base, base's state): how protocols 0 and 1 make a plain object.
    if (isOneOf(name, {"copyreg._reconstructor", "copy_reg._reconstructor"}) && !items.empty() &&
        builder.node(items[0]).kind == PickleKind::Symbol)
        return builder.newObject(items[0], builder.emptyTuple());
    return noPickle;
}

}  // namespace vl::detail
