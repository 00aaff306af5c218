// SPDX-License-Identifier: Apache-2.0
#include "engine/io/npz_file.h"
#include "fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static vl::fuzz::MemoryFile file;
    return vl::fuzz::run([&] {
        const auto npz = vl::NpzFile::open(file.holding(data, size));
        for (const auto& array : npz.arrays())
            vl::fuzz::run([&] {
                if (npz.read(array, 65536).size() != array.bytes) std::abort();
            });
    });
}
