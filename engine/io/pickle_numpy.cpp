// SPDX-License-Identifier: Apache-2.0
// numpy's scalars and arrays, which training scripts put beside the weights.
#include <bit>
#include <cmath>
#include <limits>

#include "engine/io/pickle_builder.h"

namespace vl::detail {
namespace {

/// numpy renamed numpy.core to numpy._core in 2.0.
bool isNumpy(std::string_view name, std::string_view rest) {
    for (const std::string_view module : {"numpy.core.", "numpy._core."})
        if (name.substr(0, module.size()) == module) return name.substr(module.size()) == rest;
    return false;
}

double halfToDouble(std::uint16_t bits) {
    const int exponent = (bits >> 10) & 0x1f, fraction = bits & 0x3ff;
    double value = 0;
    if (exponent == 31)
        value = fraction == 0 ? HUGE_VAL : std::numeric_limits<double>::quiet_NaN();
    else
        value = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(fraction + 1024, exponent - 25);
    return bits & 0x8000 ? -value : value;
}

/// The bytes of one number as a node; noPickle for types that are not plain numbers.
PickleId scalar(PickleBuilder& builder, const PickleNode& type, std::string_view bytes) {
    if (type.kind != PickleKind::NumpyType || type.text.size() != 2 || bytes.empty() || bytes.size() > 8)
        return noPickle;
    const auto size = static_cast<std::size_t>(type.text[1] - '0');
    if (size != bytes.size()) return noPickle;
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < size; ++i)
        bits |= std::uint64_t{static_cast<unsigned char>(bytes[type.integer == '>' ? size - 1 - i : i])} << (8 * i);
    switch (type.text[0]) {
        case 'b': return builder.boolean(bits != 0);
        case 'u': return builder.integer(static_cast<std::int64_t>(bits));
        case 'i': return builder.integer(static_cast<std::int64_t>(bits << (64 - 8 * size)) >> (64 - 8 * size));
        case 'f':
            if (size == 8) return builder.number(std::bit_cast<double>(bits));
            if (size == 4)
                return builder.number(static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits))));
            return size == 2 ? builder.number(halfToDouble(static_cast<std::uint16_t>(bits))) : noPickle;
        default: return noPickle;
    }
}

PickleId emptyArray(PickleBuilder& builder) { return builder.sequence(PickleKind::Array); }

}  // namespace

PickleId callNumpy(PickleBuilder& builder, std::string_view name, const PickleNode& arguments) {
    const auto& items = arguments.items;
    if (name == "numpy.dtype" && !items.empty() && builder.node(items[0]).kind == PickleKind::String) {
        const auto made = builder.text(PickleKind::NumpyType, builder.node(items[0]).text);
        builder.node(made).integer = '=';
        return made;
    }
    if (isNumpy(name, "multiarray.scalar") && items.size() == 2)
        return scalar(builder, builder.node(items[0]), builder.node(items[1]).text);
    if (isNumpy(name, "multiarray._reconstruct")) return emptyArray(builder);
    if (isNumpy(name, "numeric._frombuffer") && items.size() >= 3) {  // (data, type, shape, order)
        const auto made = emptyArray(builder);
        builder.node(made).items = {items[2], items[1], items[0]};
        return made;
    }
    return noPickle;
}

/// (version, byte order, ...)
void buildNumpyType(PickleBuilder& builder, PickleId type, const PickleNode& state) {
    if (state.kind != PickleKind::Tuple || state.items.size() < 2)
        builder.bad("a numpy type is described in an unknown way");
    const auto& order = builder.node(state.items[1]);
    if ((order.kind == PickleKind::String || order.kind == PickleKind::Bytes) && order.text.size() == 1)
        builder.node(type).integer = order.text[0];
}

/// (version, shape, type, is Fortran, data)
void buildArray(PickleBuilder& builder, PickleId array, const PickleNode& state) {
    if (state.kind != PickleKind::Tuple || state.items.size() < 5)
        builder.bad("a numpy array is described in an unknown way");
    builder.node(array).items = {state.items[1], state.items[2], state.items[4]};
}

}  // namespace vl::detail
