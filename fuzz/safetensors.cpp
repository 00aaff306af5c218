// SPDX-License-Identifier: Apache-2.0
#include "engine/io/safetensors.h"
#include "fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static vl::fuzz::MemoryFile file;
    return vl::fuzz::run([&] {
        const auto opened = vl::SafetensorsFile::open(file.holding(data, size));
        std::size_t total = 0;
        for (const auto& tensor : opened.tensors())
            for (std::size_t i = 0; i < tensor.bytes; ++i)
                total += std::to_integer<std::size_t>(tensor.data[i]);
        if (total > 255 * size) std::abort();
    });
}
