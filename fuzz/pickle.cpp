// SPDX-License-Identifier: Apache-2.0
#include "engine/io/pickle_text.h"
#include "fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return vl::fuzz::run([&] {
        std::size_t used = 0;
        const auto tree = vl::readPickle(vl::fuzz::asBytes(data, size), "input", &used);
        if (used > size || vl::pickleText(tree, tree.root, 200).size() > 4000) std::abort();
    });
}
