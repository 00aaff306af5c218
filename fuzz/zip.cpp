// SPDX-License-Identifier: Apache-2.0
#include "engine/io/zip_directory.h"
#include "fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return vl::fuzz::run([&] {
        const auto bytes = vl::fuzz::asBytes(data, size);
        const auto zip = vl::ZipDirectory::read(bytes, "input");
        for (const auto& entry : zip.entries())
            if (entry.offset > size || entry.size > size - entry.offset) std::abort();
    });
}
