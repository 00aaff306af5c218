// SPDX-License-Identifier: Apache-2.0
#include "engine/io/pth_file.h"
#include "engine/io/weight_trees.h"
#include "fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static vl::fuzz::MemoryFile file;
    return vl::fuzz::run([&] {
        const auto pth = vl::PthFile::open(file.holding(data, size));
        vl::findWeights(pth.tensors());
        for (const auto& tensor : pth.tensors())
            if (tensor.bytes <= 65536 && pth.read(tensor).size() != tensor.bytes) std::abort();
    });
}
