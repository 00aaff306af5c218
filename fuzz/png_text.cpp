// SPDX-License-Identifier: Apache-2.0
#include "engine/data/png_text.h"
#include "fuzz/fuzz_input.h"

/// What was put in comes out, and what a file says stays readable after it was written once more.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return vl::fuzz::run([&] {
        const std::string_view png(reinterpret_cast<const char*>(data), size);
        const std::string other = vl::withPngText(png, "other", "a text", "input");
        if (vl::pngText(other, "other", "input") != "a text") std::abort();
        const auto text = vl::pngText(png, "key", "input");
        if (vl::pngText(other, "key", "input") != text) std::abort();
        if (text && vl::pngText(vl::withPngText(png, "key", *text, "input"), "key", "input") != text) std::abort();
    });
}
