// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include <unistd.h>

#include "engine/core/random.h"
#include "engine/data/dataset.h"
#include "engine/train/trainer.h"

namespace vl::test {

/// A folder that is gone with the test.
class TemporaryFolder {
public:
    TemporaryFolder() {
        static int number = 0;
        path_ = std::filesystem::temp_directory_path() /
                ("vl-train-" + std::to_string(getpid()) + "-" + std::to_string(number++));
        std::filesystem::create_directories(path_);
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

inline std::string bytesOf(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Noise with a bright bar whose place is the class: learnable in a few steps.
inline std::shared_ptr<const Dataset> barPictures(std::int64_t count, std::uint64_t seed) {
    constexpr int side = 16, classes = 4;
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(count) * side * side),
        labels(static_cast<std::size_t>(count));
    const RandomStream random(seed, 0);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        labels[i] = static_cast<std::uint8_t>(random.below(i, classes));
        for (int p = 0; p < side * side; ++p) {
            const bool bar = p / side / (side / classes) == labels[i];
            pixels[i * side * side + static_cast<std::size_t>(p)] = static_cast<std::uint8_t>(
                (bar ? 150 : 0) + random.below(1000 + i * side * side + static_cast<std::size_t>(p), 100));
        }
    }
    return std::make_shared<MemoryDataset>(std::vector<std::string>{"top", "upper", "lower", "bottom"}, side, 1,
                                           std::move(pixels), std::move(labels));
}

inline Datasets barSets() { return {barPictures(96, 1), barPictures(40, 2)}; }

/// The micro model at 16 px: 17 tokens, steps of milliseconds. 12 steps an epoch.
inline RunSettings smallSettings(std::int64_t steps) {
    RunSettings settings;
    settings.name = "small";
    settings.model.preset = "illama_micro";
    settings.model.imageSize = 16;
    settings.data.batch = 8;
    settings.data.mean = 0.3;
    settings.data.std = 0.3;
    settings.data.flip = false;
    settings.data.pad = 1;
    settings.train.maxSteps = steps;
    settings.train.warmupEpochs = 0.2;
    settings.train.lr = 1e-3;
    settings.train.threads = 1;  // so small a model gains nothing from a second one, and tests share the machine
    settings.train.dropPath = 0.1;
    settings.softMask.cutoffEpochs = 1;
    settings.eval.everySteps = 5;
    settings.checkpoint.every = 4;
    return settings;
}

/// Drives a trainer as a session does until `step` is reached, writing what is due.
inline void trainTo(Trainer& trainer, std::int64_t step) {
    while (true) {
        if (trainer.evaluationDue())
            trainer.evaluate({});
        else if (trainer.checkpointDue())
            trainer.saveCheckpoint();
        else if (trainer.done() || trainer.facts().step >= step)
            return;
        else
            trainer.step();
    }
}

}  // namespace vl::test
