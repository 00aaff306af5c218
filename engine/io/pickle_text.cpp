// SPDX-License-Identifier: Apache-2.0
#include "engine/io/pickle_text.h"

#include <algorithm>

#include "engine/core/text.h"

namespace vl {
namespace {

constexpr std::size_t maxShownIntegerBytes = 32;

/// Decimal digits by repeated division; only for integers of a few words.
std::string bigIntegerText(std::string_view twosComplement) {
    if (twosComplement.size() > maxShownIntegerBytes)
        return "integer of " + std::to_string(twosComplement.size()) + " bytes";
    std::string bytes(twosComplement);
    const bool negative = bytes.back() & 0x80;
    if (negative) {
        int carry = 1;
        for (auto& byte : bytes) {
            carry += static_cast<unsigned char>(~byte);
            byte = static_cast<char>(carry & 0xff);
            carry >>= 8;
        }
    }
    std::string digits;
    for (bool any = true; any;) {
        any = false;
        int rest = 0;
        for (std::size_t i = bytes.size(); i-- > 0;) {
            rest = rest * 256 + static_cast<unsigned char>(bytes[i]);
            bytes[i] = static_cast<char>(rest / 10);
            any = any || bytes[i] != 0;
            rest %= 10;
        }
        digits.insert(digits.begin(), static_cast<char>('0' + rest));
    }
    return (negative ? "-" : "") + digits;
}

/// At most about `room` bytes as UTF-8, whole characters, control characters as '?'.
std::string shown(std::string_view text, std::size_t room) {
    auto cut = text.substr(0, room);
    while (cut.size() < text.size() && !cut.empty() && (text[cut.size()] & 0xc0) == 0x80)
        cut.remove_suffix(1);
    auto clean = pickleUtf8(cut);
    for (auto& byte : clean)
        if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f) byte = '?';
    return cut.size() < text.size() ? clean + "..." : clean;
}

/// Python's repr keeps a point; formatNumber writes 2 for 2.0.
std::string floatText(double value) {
    auto text = formatNumber(value);
    if (text.find_first_not_of("-0123456789") == text.npos) text += ".0";
    return text;
}

void append(const PickleTree& tree, PickleId id, std::size_t maxBytes, int depth, std::string& out);

void appendSequence(const PickleTree& tree, const PickleNode& node, std::size_t maxBytes, int depth, std::string& out) {
    const bool isTuple = node.kind == PickleKind::Tuple, isDict = node.kind == PickleKind::Dict;
    out += isTuple ? '(' : isDict ? '{' : '[';
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        if (i > 0) out += isDict && i % 2 == 1 ? ": " : ", ";
        if (out.size() >= maxBytes || depth >= 4) {
            out += "...";
            break;
        }
        append(tree, node.items[i], maxBytes, depth + 1, out);
    }
    out += isTuple ? ')' : isDict ? '}' : ']';
}

void append(const PickleTree& tree, PickleId id, std::size_t maxBytes, int depth, std::string& out) {
    const auto& node = tree[id];
    const auto room = std::max<std::size_t>(maxBytes - std::min(maxBytes, out.size()), 8);
    switch (node.kind) {
        case PickleKind::None: out += "None"; return;
        case PickleKind::Bool: out += node.integer ? "True" : "False"; return;
        case PickleKind::Int: out += std::to_string(node.integer); return;
        case PickleKind::BigInt: out += bigIntegerText(node.text); return;
        case PickleKind::Float: out += floatText(node.number); return;
        case PickleKind::String: out += shown(node.text, room); return;
        case PickleKind::Bytes: out += std::to_string(node.text.size()) + " bytes"; return;
        case PickleKind::Symbol: out += shown(node.text, room); return;
        case PickleKind::NumpyType: out += "numpy " + shown(node.text, 16); return;
        case PickleKind::List:
        case PickleKind::Tuple:
        case PickleKind::Dict: return appendSequence(tree, node, maxBytes, depth, out);
        case PickleKind::Array:
            out += "array";
            if (node.items.size() == 3 && depth < 4) {
                out += " " + shown(tree[node.items[1]].text, 16) + " ";
                append(tree, node.items[0], maxBytes, depth + 1, out);
            }
            return;
        case PickleKind::Tensor: out += "tensor"; return;
        case PickleKind::Storage: out += "storage"; return;
        case PickleKind::Namespace: out += "<argparse.Namespace>"; return;
        case PickleKind::Object: out += "<" + shown(node.text, room) + ">"; return;
    }
}

}  // namespace

bool isPlain(const PickleTree& tree, PickleId id) {
    switch (tree[id].kind) {
        case PickleKind::List:
        case PickleKind::Tuple:
        case PickleKind::Dict:
        case PickleKind::Tensor:
        case PickleKind::Storage:
        case PickleKind::Namespace:
        case PickleKind::Object: return false;
        default: return true;
    }
}

std::string pickleText(const PickleTree& tree, PickleId id, std::size_t maxBytes) {
    std::string out;
    append(tree, id, maxBytes, 0, out);
    return out;
}

std::string pickleUtf8(std::string_view text) {
    if (isUtf8(text)) return std::string(text);
    std::string utf8;
    for (const char byte : text) {
        const auto code = static_cast<unsigned char>(byte);
        if (code < 0x80) {
            utf8 += byte;
        } else {
            utf8 += static_cast<char>(0xc0 | (code >> 6));
            utf8 += static_cast<char>(0x80 | (code & 0x3f));
        }
    }
    return utf8;
}

}  // namespace vl
