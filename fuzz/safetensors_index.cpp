// SPDX-License-Identifier: Apache-2.0
#include "engine/io/safetensors_index.h"

#include <fstream>

#include "fuzz/fuzz_input.h"
#include "tests/io/safetensors_builder.h"

namespace {

/// The input as a table of contents beside one sound file of weights, in memory where the machine has a place for it.
class Folder {
public:
    Folder()
        : path_((std::filesystem::exists("/dev/shm") ? "/dev/shm" : std::filesystem::temp_directory_path()) /
                ("vl_fuzz_" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(path_);
        const auto header = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
        std::ofstream(path_ / "one.safetensors", std::ios::binary)
            << vl::test::safetensorsBytes(vl::test::padded(header), std::string(8, 'd'));
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::filesystem::path holding(const std::uint8_t* data, std::size_t size) const {
        const auto file = path_ / "weights.safetensors.index.json";
        std::ofstream(file, std::ios::binary)
            .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
        return file;
    }

private:
    std::filesystem::path path_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Folder folder;
    return vl::fuzz::run([&] {
        const auto set = vl::SafetensorsSet::open(folder.holding(data, size));
        if (set.tensors().size() > 1) std::abort();  // there is one tensor to be found
    });
}
