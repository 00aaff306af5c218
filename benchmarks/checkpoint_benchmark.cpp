// SPDX-License-Identifier: Apache-2.0
// Reading checkpoints against a plain read of the same file, both from the page cache into new memory. The files are
// made in the temporary folder and removed.
#include <benchmark/benchmark.h>

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/checkpoint/checkpoint.h"
#include "engine/io/checkpoint_file.h"
#include "engine/io/pth_writer.h"
#include "engine/nn/weights_file.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

/// Files that live as long as the program.
class Files {
public:
    static Files& get() {
        static Files files;
        return files;
    }
    ~Files() {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }

    /// illama_base, 346 MB.
    fs::path weights() {
        const auto file = folder_ / "illama_base.safetensors";
        if (!fs::exists(file)) {
            const auto model = makeModel(findPreset("illama_base"));
            model->initialise(1);
            saveWeights(*model, file);
        }
        return file;
    }

    /// A gigabyte in 400 tensors.
    fs::path large() {
        const auto file = folder_ / "large.pth";
        if (fs::exists(file)) return file;
        const std::vector<std::byte> data(std::size_t{2'621'440});
        std::vector<TensorView> tensors;
        for (int i = 0; i < 400; ++i)
            tensors.push_back(
                {"blocks." + std::to_string(i) + ".weight", "F32", {640, 1024}, data.data(), data.size()});
        writePth(file, tensors, {"model", {}});
        return file;
    }

private:
    Files() : folder_(fs::temp_directory_path() / ("vl-bench-" + std::to_string(::getpid()))) {
        fs::create_directories(folder_);
    }
    fs::path folder_;
};

/// Memory is given back after every load: otherwise a second one would find its pages in place and beat any read.
const bool kFreshMemory = mallopt(M_MMAP_THRESHOLD, 1 << 17) != 0;

void countBytes(benchmark::State& state, const fs::path& file) {
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                            static_cast<std::int64_t>(fs::file_size(file)));
}

void plainRead(benchmark::State& state) {
    const auto file = Files::get().weights();
    const auto size = fs::file_size(file);
    for (auto _ : state) {
        const std::unique_ptr<char[]> memory(new char[size]);
        const int descriptor = ::open(file.c_str(), O_RDONLY);
        std::size_t done = 0;
        for (ssize_t got; done < size && (got = ::read(descriptor, memory.get() + done, size - done)) > 0;)
            done += static_cast<std::size_t>(got);
        ::close(descriptor);
        benchmark::DoNotOptimize(memory.get());
    }
    countBytes(state, file);
}
BENCHMARK(plainRead)->Unit(benchmark::kMillisecond)->UseRealTime();

void loadSafetensors(benchmark::State& state) {
    const auto file = Files::get().weights();
    if (!kFreshMemory) state.SkipWithError("the allocator keeps memory");
    for (auto _ : state)
        benchmark::DoNotOptimize(openModel(file));
    countBytes(state, file);
}
BENCHMARK(loadSafetensors)->Unit(benchmark::kMillisecond)->UseRealTime();

void statistics(benchmark::State& state) {
    const auto file = Files::get().weights();
    CheckpointOptions options;
    options.statistics = true;
    for (auto _ : state)
        benchmark::DoNotOptimize(inspectCheckpoint(file, options));
    countBytes(state, file);
}
BENCHMARK(statistics)->Unit(benchmark::kMillisecond)->UseRealTime();

void listLargePth(benchmark::State& state) {
    const auto file = Files::get().large();
    for (auto _ : state)
        benchmark::DoNotOptimize(CheckpointFile::open(file).tensors().size());
}
BENCHMARK(listLargePth)->Unit(benchmark::kMillisecond)->UseRealTime();

void inspectLargePth(benchmark::State& state) {
    const auto file = Files::get().large();
    for (auto _ : state)
        benchmark::DoNotOptimize(inspectCheckpoint(file).tensors.size());
}
BENCHMARK(inspectLargePth)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace vl
