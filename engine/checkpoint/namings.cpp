// SPDX-License-Identifier: Apache-2.0
#include "engine/checkpoint/namings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

namespace vl {
namespace {

struct Captures {
    std::vector<std::string_view> numbers;
    std::string_view rest;
};

bool isDigit(char c) { return c >= '0' && c <= '9'; }

std::optional<Captures> match(std::string_view pattern, std::string_view name) {
    Captures found;
    std::size_t at = 0;
    for (const char c : pattern) {
        if (c == '*') {
            found.rest = name.substr(at);
            return found.rest.empty() ? std::nullopt : std::optional(found);
        }
        if (c == '#') {
            const auto begin = at;
            while (at < name.size() && isDigit(name[at]))
                ++at;
            if (at == begin || at - begin > 5) return std::nullopt;
            found.numbers.push_back(name.substr(begin, at - begin));
        } else if (at < name.size() && name[at] == c) {
            ++at;
        } else {
            return std::nullopt;
        }
    }
    return at == name.size() ? std::optional(found) : std::nullopt;
}

int toNumber(std::string_view digits) {
    int number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

std::string filled(std::string_view target, const Captures& captures, int levels) {
    std::string name;
    for (std::size_t i = 0; i < target.size(); ++i) {
        const char c = target[i];
        if (c == '*') {
            name += captures.rest;
        } else if ((c == '$' || c == '~') && i + 1 < target.size()) {
            const auto digits = captures.numbers[static_cast<std::size_t>(target[++i] - '0')];
            name += c == '$' ? std::string(digits) : std::to_string(levels - 1 - toNumber(digits));
        } else {
            name += c;
        }
    }
    return name;
}

}  // namespace

bool nameFits(std::string_view pattern, std::string_view name) { return match(pattern, name).has_value(); }

std::string translatedName(const Naming& naming, std::string_view name, int levels) {
    for (const NameRow& row : naming.rows) {
        if (const auto captures = match(row.pattern, name)) return filled(row.name, *captures, levels);
    }
    return std::string(name);
}

std::span<const Naming> namings() {
    static const std::array all{
        Naming{"official", "", {}},
        Naming{"mmpretrain", "backbone.layers.#.ffn.layers.0.0.weight", kMmpretrainVitNames},
        Naming{"mmpretrain", "layers.#.ffn.w12.weight", kMmpretrainEncoderNames},
        Naming{"official", "backbone.patch_embed*", kBackboneNames},
        Naming{"diffusers (old attention)", "encoder.mid_block.attentions.0.query.weight", kOldDiffusersNames},
        Naming{"CompVis", "encoder.mid.block_1.*", kCompVisNames, "", "encoder.down."},
        Naming{"CompVis", "first_stage_model.encoder.mid.block_1.*", kCompVisNames, "first_stage_model.",
               "encoder.down."},
    };
    return all;
}

}  // namespace vl
