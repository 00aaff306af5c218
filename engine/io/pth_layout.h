// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/io/pickle_tree.h"
#include "engine/io/pth_file.h"

namespace vl::detail {

/// Where a storage's data lie in the file.
struct PthData {
    std::uint64_t offset = 0, bytes = 0;
};

/// The two formats brought to one form: a pickle tree and the place of every storage.
struct PthLayout {
    PthFormat format = PthFormat::Zip;
    PickleTree tree;
    std::size_t pickleBytes = 0;
    std::unordered_map<std::string_view, PthData> data;  ///< by storage key

    /// Throws Error(BadFile) when the file does not hold the storage, or less of it than promised.
    PthData dataOf(const PickleStorage& storage, const std::string& where) const;
};

/// `bytes`: the whole file, which must outlive the result. Throws Error(BadFile).
PthLayout readPthLayout(std::span<const std::byte> bytes, const std::string& where);

}  // namespace vl::detail
