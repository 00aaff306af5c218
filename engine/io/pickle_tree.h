// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vl {

/// What a pickle describes, as plain data. Nothing in it can run: a class that is not known stays a name.
enum class PickleKind : std::uint8_t {
    None,
    Bool,       ///< `integer` 0 or 1
    Int,        ///< `integer`
    BigInt,     ///< `text`: two's complement, little-endian
    Float,      ///< `number`
    String,     ///< `text`, as it lies in the file: usually UTF-8
    Bytes,      ///< `text`
    List,       ///< `items`; sets too
    Tuple,      ///< `items`
    Dict,       ///< `items`: key, value, key, value ...; a later key replaces an earlier one
    Symbol,     ///< `text`: "module.name" of a class, function or dtype
    Storage,    ///< `integer`: index into PickleTree::storages
    Tensor,     ///< `integer`: index into PickleTree::tensors
    NumpyType,  ///< `text`: "f8", "i4" ...; `integer`: '<', '>', '=' or '|'
    Array,      ///< a numpy array; `items`: shape, type, data (all of them once it was filled)
    Namespace,  ///< argparse.Namespace; `state`: its dict
    Object,     ///< anything else; `text`: its class, `items`: what was set like a dict, `state`: its attributes
};

using PickleId = std::uint32_t;
constexpr PickleId noPickle = 0xffffffff;

struct PickleNode {
    PickleKind kind = PickleKind::None;
    std::int64_t integer = 0;
    double number = 0;
    std::string_view text;
    std::vector<PickleId> items;
    PickleId state = noPickle;
};

/// Raw data outside the pickle, by reference.
struct PickleStorage {
    std::string_view key;     ///< "0", "1" ... or an address
    std::string_view dtype;   ///< "F32" ...; "U8" for an untyped one
    std::string_view device;  ///< where it lay when saved: "cpu", "cuda:0"
    std::uint64_t elements = 0;
    std::uint64_t viewOffset = 0;  ///< elements into the storage of that key where this one begins (old files)
};

struct PickleTensor {
    std::uint32_t storage = 0;  ///< index into PickleTree::storages
    std::string_view dtype;
    std::uint64_t offset = 0;  ///< elements of `dtype` into the storage
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides;  ///< elements
    std::uint64_t extent = 0;           ///< elements from the first to one past the last touched; 0 when empty
    bool parameter = false;
};

/// Nodes refer to each other by number, so cycles and sharing are harmless. The texts point into the file's bytes.
struct PickleTree {
    std::deque<PickleNode> nodes;  // a deque: references stay good while nodes are added
    std::vector<PickleStorage> storages;
    std::vector<PickleTensor> tensors;
    std::deque<std::string> texts;  ///< texts that had to be made
    PickleId root = noPickle;

    const PickleNode& operator[](PickleId id) const { return nodes[id]; }
};

/// Bytes of an element of a dtype a .pth file may hold ("C128" besides those of safetensors), 0 if unknown.
std::size_t pickleDtypeBytes(std::string_view dtype);

/// Reads one pickle (protocols 2 to 5, the opcodes PyTorch writes) from the front of `bytes`, which must outlive the
/// tree. No code is run and no class is made: the few callables PyTorch needs are interpreted, all others become
/// Object nodes. Time and memory stay within a constant factor of the bytes read. `where` names the file in messages;
/// `used` receives the pickle's length. Throws Error(BadFile).
PickleTree readPickle(std::span<const std::byte> bytes, const std::string& where, std::size_t* used = nullptr);

}  // namespace vl
