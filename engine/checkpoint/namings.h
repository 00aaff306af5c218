// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace vl {

/// One rule of a name table. In `pattern` every # stands for a number and a last * for the rest of the name. In `name`
/// $0, $1 ... are the numbers, ~0 the first number counted from the other end (of the table's levels), * the rest.
struct NameRow {
    std::string_view pattern, name;
};

/// How one source spells a model's tensors. The first row that fits a name decides; names no row fits stay.
struct Naming {
    std::string_view label;  ///< "mmpretrain", "CompVis" ...
    std::string_view sign;   ///< pattern of a tensor that shows this spelling; empty: it can be any file
    std::span<const NameRow> rows;
    std::string_view only = {};    ///< names that do not begin with it belong to something else and are left out
    std::string_view levels = {};  ///< prefix whose numbers ~0 counts back from
};

/// The published spelling first (no rows: names stay), then one table a source.
std::span<const Naming> namings();

/// Whether `pattern` fits the whole of `name`.
bool nameFits(std::string_view pattern, std::string_view name);

/// `name` after `naming`; `levels`: how many there are of what ~0 counts.
std::string translatedName(const Naming& naming, std::string_view name, int levels);

// The tables, a file each (names_<source>.cpp).
extern const std::span<const NameRow> kMmpretrainVitNames, kMmpretrainEncoderNames, kBackboneNames, kOldDiffusersNames,
    kCompVisNames, kLlamaNames;

}  // namespace vl
