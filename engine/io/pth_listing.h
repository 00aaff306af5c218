// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/io/pickle_tree.h"
#include "engine/io/pth_file.h"

namespace vl::detail {

/// What a pickle tree holds under dotted names. Of the tensors only what the pickle knows is filled in; `source` gives
/// the tensor's index in the tree.
struct PthListing {
    std::vector<PthTensor> tensors;
    std::vector<std::size_t> source;
    std::vector<PthScalar> scalars;
    std::vector<PthOpaque> opaque;
};

/// Walks dicts, lists, namespaces and pickled modules; shared parts are listed once for each name, cycles are not
/// followed. `pickleBytes` bounds the work, since sharing can make names grow without end. Throws Error(BadFile).
PthListing listPickle(const PickleTree& tree, std::size_t pickleBytes, const std::string& where);

}  // namespace vl::detail
