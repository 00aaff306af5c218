// SPDX-License-Identifier: Apache-2.0
// Layout: numpy's "NPY format" (numpy.lib.format): magic, version, length, a Python dictionary in letters, padding.
#include "engine/io/npy_header.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/io/byte_order.h"
#include "engine/io/safetensors.h"

namespace vl {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::uint64_t kMostHeaderBytes = 1u << 20;
constexpr std::size_t kMostDimensions = 64;
constexpr std::size_t kAlignment = 64;

struct TypeName {
    std::string_view numpy, dtype;
};
constexpr std::array kTypes{TypeName{"|u1", "U8"},  TypeName{"|i1", "I8"},  TypeName{"|b1", "BOOL"},
                            TypeName{"<u2", "U16"}, TypeName{"<i2", "I16"}, TypeName{"<u4", "U32"},
                            TypeName{"<i4", "I32"}, TypeName{"<u8", "U64"}, TypeName{"<i8", "I64"},
                            TypeName{"<f2", "F16"}, TypeName{"<f4", "F32"}, TypeName{"<f8", "F64"}};

bool multiply(std::uint64_t& product, std::int64_t extent) {
    return extent >= 0 && !__builtin_mul_overflow(product, static_cast<std::uint64_t>(extent), &product) &&
           product <= (std::uint64_t{1} << 62);
}

/// Reads the dictionary; what numpy writes and nothing else.
class Literal {
public:
    Literal(std::string_view text, const std::string& where) : text_(text), where_(where) {}

    NpyHeader parse() {
        NpyHeader header;
        std::string type;
        bool fortran = false, structured = false;
        std::array<bool, 3> seen{};
        expect('{');
        while (!accept('}')) {
            const auto key = string();
            expect(':');
            if (key == "descr" && !std::exchange(seen[0], true)) {
                structured = peek() == '[';
                if (structured) break;  // fields of their own: nothing behind is of use
                type = string();
            } else if (key == "fortran_order" && !std::exchange(seen[1], true)) {
                fortran = boolean();
            } else if (key == "shape" && !std::exchange(seen[2], true)) {
                header.shape = tuple();
            } else {
                bad();
            }
            if (!accept(',') && peek() != '}') bad();
        }
        if (structured) {
            header.problem = "holds records instead of numbers";
            return header;
        }
        skipBlanks();
        if (!text_.empty() || !(seen[0] && seen[1] && seen[2])) bad();
        finish(header, type, fortran);
        return header;
    }

private:
    [[noreturn]] void bad() const {
        throw Error(ErrorCode::BadFile, where_ + " is not a sound numpy array: its header is malformed.",
                    "The file is damaged or of another kind; write it again.");
    }
    void skipBlanks() {
        while (!text_.empty() && (text_.front() == ' ' || text_.front() == '\n'))
            text_.remove_prefix(1);
    }
    char peek() {
        skipBlanks();
        return text_.empty() ? '\0' : text_.front();
    }
    bool accept(char letter) {
        if (peek() != letter) return false;
        text_.remove_prefix(1);
        return true;
    }
    void expect(char letter) {
        if (!accept(letter)) bad();
    }
    std::string string() {
        const char quote = peek();
        if (quote != '\'' && quote != '"') bad();
        const auto end = text_.find(quote, 1);
        if (end == text_.npos) bad();
        const std::string value(text_.substr(1, end - 1));
        text_.remove_prefix(end + 1);
        return value;
    }
    bool boolean() {
        skipBlanks();
        for (const auto& [word, value] : {std::pair{std::string_view("True"), true}, {"False", false}})
            if (text_.starts_with(word)) {
                text_.remove_prefix(word.size());
                return value;
            }
        bad();
    }
    std::vector<std::int64_t> tuple() {
        std::vector<std::int64_t> values;
        expect('(');
        while (!accept(')')) {
            peek();
            std::int64_t value = 0;
            const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
            if (error != std::errc() || value < 0 || values.size() == kMostDimensions) bad();
            text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
            values.push_back(value);
            accept('L');  // numpy under Python 2 wrote its long numbers so
            if (!accept(',') && peek() != ')') bad();
        }
        return values;
    }
    void finish(NpyHeader& header, const std::string& type, bool fortran) const {
        const auto known =
            std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeName& t) { return t.numpy == type; });
        if (known == kTypes.end()) {
            header.problem = "holds elements of numpy's type \"" + printable(type, 20) + "\", which are not read here";
            return;
        }
        header.bytes = dtypeBytes(known->dtype);
        for (const auto extent : header.shape)
            if (!multiply(header.bytes, extent)) bad();
        header.dtype = known->dtype;
        if (fortran) header.problem = "is stored column by column (Fortran order)";
    }

    std::string_view text_;
    const std::string& where_;
};

}  // namespace

std::uint64_t npyDataOffset(std::string_view prefix) {
    if (prefix.size() < kNpyPrefixBytes || !prefix.starts_with(kMagic)) return 0;
    const auto bytes = std::as_bytes(std::span(prefix));
    const int version = prefix[6];
    if (version < 1 || version > 3 || prefix[7] != 0) return 0;
    const std::uint64_t length =
        version == 1 ? detail::littleEndian<std::uint16_t>(bytes, 8) : detail::littleEndian<std::uint32_t>(bytes, 8);
    const std::uint64_t offset = (version == 1 ? 10 : 12) + length;
    return length > kMostHeaderBytes || offset < kNpyPrefixBytes ? 0 : offset;
}

NpyHeader parseNpyHeader(std::string_view bytes, const std::string& where) {
    const auto fields = std::min<std::size_t>(bytes.size(), bytes.size() > 6 && bytes[6] == 1 ? 10 : 12);
    return Literal(bytes.substr(fields), where).parse();
}

std::string npyHeader(std::string_view dtype, const std::vector<std::int64_t>& shape) {
    const auto known = std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeName& t) { return t.dtype == dtype; });
    if (known == kTypes.end())
        throw Error(ErrorCode::Usage, "Numbers of type " + std::string(dtype) + " cannot be written for numpy.",
                    "Convert them to float32 first.");
    std::string text = "{'descr': '" + std::string(known->numpy) + "', 'fortran_order': False, 'shape': (";
    for (const auto extent : shape)
        text += std::to_string(extent) + ", ";
    if (shape.size() > 1) text.resize(text.size() - 2);
    if (shape.size() == 1) text.pop_back();
    text += "), }";
    const std::size_t fields = 10;
    text.append((kAlignment - (fields + text.size() + 1) % kAlignment) % kAlignment, ' ');
    text += '\n';
    std::string out(kMagic);
    out += '\1';
    out += '\0';
    detail::appendLittleEndian<std::uint16_t>(out, static_cast<std::uint16_t>(text.size()));
    return out + text;
}

std::uint64_t npyBytes(std::string_view dtype, const std::vector<std::int64_t>& shape) {
    std::uint64_t bytes = dtypeBytes(dtype);
    for (const auto extent : shape)
        if (!multiply(bytes, extent) || shape.size() > kMostDimensions)
            throw Error(ErrorCode::Usage, "An array cannot have these extents.", "Use fewer or smaller ones.");
    return bytes;
}

}  // namespace vl
