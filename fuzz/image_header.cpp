// SPDX-License-Identifier: Apache-2.0
#include "engine/data/image_header.h"
#include "fuzz/fuzz_input.h"

/// A size that was announced is positive and comes with the format the first bytes name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return vl::fuzz::run([&] {
        const std::string_view bytes(reinterpret_cast<const char*>(data), size);
        const auto header = vl::readImageHeader(bytes);
        if (!header) return;
        if (header->width < 1 || header->height < 1 || header->format != vl::imageFormat(bytes)) std::abort();
    });
}
