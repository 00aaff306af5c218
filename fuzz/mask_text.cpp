// SPDX-License-Identifier: Apache-2.0
#include "engine/data/run_mask.h"
#include "fuzz/fuzz_input.h"

/// Two bytes of size, then the text. A mask that is read fills its picture, and its text, runs, and outlines say the
/// same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
    return vl::fuzz::run([&] {
        const vl::RunMask mask = vl::runMaskFromText(text, data[0], data[1]);
        if (vl::runMaskFromText(vl::runMaskText(mask), mask.width, mask.height) != mask) std::abort();
        const vl::RunMask plain = vl::runMaskOf(vl::pixelsOf(mask), mask.width, mask.height);
        if (vl::area(plain) != vl::area(mask)) std::abort();
        std::vector<vl::RunMask> parts{plain};
        for (const auto& polygon : vl::polygonsOf(mask))
            parts.push_back(vl::runMaskOfPolygon(polygon, mask.width, mask.height));
        if (vl::unite(parts) != plain) std::abort();
        if (vl::area(plain) > 0 && vl::overlap(mask, plain, false) != 1) std::abort();
        vl::boundingBox(mask);
    });
}
