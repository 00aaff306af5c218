// SPDX-License-Identifier: Apache-2.0
#include "engine/data/idx.h"
#include "fuzz/fuzz_input.h"

/// The first byte chooses how many dimensions are asked for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static vl::fuzz::MemoryFile file;
    if (size == 0) return 0;
    return vl::fuzz::run([&] {
        const auto array = vl::readIdx(file.holding(data + 1, size - 1), 1 + data[0] % 4);
        std::size_t count = 1;
        for (const auto extent : array.shape)
            count *= static_cast<std::size_t>(extent);
        if (count != array.values.size()) std::abort();
    });
}
