// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace vl::test {

inline std::string little(std::uint64_t value, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i)
        out += i < 8 ? static_cast<char>((value >> (8 * i)) & 0xff) : char{0};
    return out;
}

// Opcodes of the pickle machine, spelled out byte by byte.
namespace op {

inline const std::string proto("\x80\x02"), mark("("), tuple("t"), emptyTuple(")"), emptyDict("}"), emptyList("]"),
    setItem("s"), setItems("u"), append("a"), appends("e"), reduce("R"), build("b"), newObject("\x81"), persistent("Q"),
    none("N"), yes("\x88"), no("\x89"), stop(".");

inline std::string text(const std::string& value) { return "X" + little(value.size(), 4) + value; }
inline std::string bytes(const std::string& value) { return "C" + little(value.size(), 1) + value; }
inline std::string small(int value) { return "K" + little(static_cast<std::uint64_t>(value), 1); }
inline std::string whole(std::int64_t value) { return "\x8a\x08" + little(static_cast<std::uint64_t>(value), 8); }
inline std::string global(const std::string& module, const std::string& name) {
    return "c" + module + "\n" + name + "\n";
}
inline std::string put(int index) { return "q" + little(static_cast<std::uint64_t>(index), 1); }
inline std::string get(int index) { return "h" + little(static_cast<std::uint64_t>(index), 1); }
inline std::string tupleOf(std::initializer_list<std::string> items) {
    auto out = mark;
    for (const auto& item : items)
        out += item;
    return out + tuple;
}
inline std::string sizes(std::initializer_list<std::int64_t> values) {
    auto out = mark;
    for (const auto value : values)
        out += whole(value);
    return out + tuple;
}
inline std::string dict(std::initializer_list<std::pair<std::string, std::string>> items) {
    auto out = emptyDict + mark;
    for (const auto& [key, value] : items)
        out += text(key) + value;
    return out + setItems;
}
inline std::string call(const std::string& module, const std::string& name, const std::string& arguments) {
    return global(module, name) + arguments + reduce;
}
inline std::string orderedDict() { return call("collections", "OrderedDict", emptyTuple); }
inline std::string storage(const std::string& cls, const std::string& key, std::int64_t elements,
                           const std::string& view = {}) {
    return tupleOf({text("storage"), global("torch", cls), text(key), text("cpu"), whole(elements), view}) + persistent;
}
inline std::string tensor(const std::string& storage, std::int64_t offset, std::initializer_list<std::int64_t> shape,
                          std::initializer_list<std::int64_t> strides) {
    return call("torch._utils", "_rebuild_tensor_v2",
                tupleOf({storage, whole(offset), sizes(shape), sizes(strides), no, orderedDict()}));
}

}  // namespace op

struct ZipPart {
    std::string name, data;
    int method = 0;
};

/// An archive laid out by hand, without padding and without ZIP64.
inline std::string zipBytes(const std::vector<ZipPart>& parts) {
    std::string out, directory;
    for (const auto& [name, data, method] : parts) {
        const auto common = little(20, 2) + little(0, 2) + little(static_cast<std::uint64_t>(method), 2) +
                            little(0, 8) + little(data.size(), 4) + little(data.size(), 4) + little(name.size(), 2) +
                            little(0, 2);
        directory += "PK\x01\x02" + little(20, 2) + common + little(0, 10) + little(out.size(), 4) + name;
        out += "PK\x03\x04" + common + name + data;
    }
    const auto begin = out.size();
    return out + directory + "PK\x05\x06" + little(0, 4) + little(parts.size(), 2) + little(parts.size(), 2) +
           little(directory.size(), 4) + little(begin, 4) + little(0, 2);
}

/// A checkpoint as torch.save lays it out; `pickle` without protocol and stop.
inline std::string zipPth(const std::string& pickle, const std::vector<std::string>& storages,
                          const std::string& order = "little") {
    std::vector<ZipPart> parts{{"best/data.pkl", op::proto + pickle + op::stop}, {"best/byteorder", order}};
    for (std::size_t i = 0; i < storages.size(); ++i)
        parts.push_back({"best/data/" + std::to_string(i), storages[i]});
    parts.push_back({"best/version", "3\n"});
    return zipBytes(parts);
}

/// The format before torch 1.6; storages as (key, element bytes, data).
struct LegacyStorage {
    std::string key;
    std::size_t elementBytes;
    std::string data;
};
inline std::string legacyPth(const std::string& pickle, const std::vector<LegacyStorage>& storages,
                             bool littleEndian = true) {
    std::string out = op::proto + std::string("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 12) + op::stop;
    out += op::proto + "M" + little(1001, 2) + op::stop;
    out += op::proto +
           op::dict({{"protocol_version", op::small(1)}, {"little_endian", littleEndian ? op::yes : op::no}}) +
           op::stop;
    out += op::proto + pickle + op::stop + op::proto + op::emptyList + op::mark;
    for (const auto& storage : storages)
        out += op::text(storage.key);
    out += op::appends + op::stop;
    for (const auto& storage : storages)
        out += little(storage.data.size() / storage.elementBytes, 8) + storage.data;
    return out;
}

}  // namespace vl::test
