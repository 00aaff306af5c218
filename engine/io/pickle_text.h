// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/io/pickle_tree.h"

namespace vl {

/// None, a number, a text, a dtype: something one line can show.
bool isPlain(const PickleTree& tree, PickleId id);
/// A value as Python would print it, in at most about `maxBytes` of UTF-8: "0.1", "None", "[1, 2]", "torch.float32",
/// "array f8 (3)", "<omegaconf.dictconfig.DictConfig>".
std::string pickleText(const PickleTree& tree, PickleId id, std::size_t maxBytes = 200);
/// A text of a pickle as UTF-8; other bytes are taken for Latin-1, as Python 2 left them.
std::string pickleUtf8(std::string_view text);

}  // namespace vl
