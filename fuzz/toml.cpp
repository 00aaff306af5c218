// SPDX-License-Identifier: Apache-2.0
#include "engine/api/settings.h"
#include "fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return vl::fuzz::run(
        [&] { vl::parseSettings(std::string_view(reinterpret_cast<const char*>(data), size), "input"); });
}
