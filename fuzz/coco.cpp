// SPDX-License-Identifier: Apache-2.0
#include "engine/data/coco_truth.h"
#include "engine/data/run_mask.h"
#include "fuzz/fuzz_input.h"

/// Annotations and results. The objects of each picture come out with masks that fill it, or with one sentence.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    vl::fuzz::run([&] {
        const vl::CocoTruth truth(vl::parseCocoFile(text, "input"));
        for (std::size_t i = 0; i < truth.size() && i < 8; ++i)
            vl::fuzz::run([&] {
                for (const vl::TrueObject& object : truth.objects(i)) {
                    if (object.label < 0 || object.area < 0) std::abort();
                    const auto pixels =
                        static_cast<std::uint64_t>(object.mask.width) * static_cast<std::uint64_t>(object.mask.height);
                    if (pixels < 1 << 20 && vl::pixelsOf(object.mask).size() != pixels) std::abort();
                }
            });
    });
    return vl::fuzz::run([&] { vl::parseCocoResults(text, "input"); });
}
