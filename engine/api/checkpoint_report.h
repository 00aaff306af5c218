// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/model_spec.h"

namespace vl {

/// What the values of a tensor look like. Computed over finite values; integers and booleans count as numbers.
struct TensorStatistics {
    double mean = 0, std = 0, min = 0, max = 0;
    std::int64_t elements = 0, nan = 0, infinite = 0, zeros = 0;
    std::vector<std::uint32_t> histogram;  ///< 64 equal bins from min to max; empty when nothing is finite
};

/// What a tensor is there for.
enum class TensorRole { Weights, Averaged, TrainingState };
const char* toString(TensorRole role);  ///< "weights", "averaged weights", "training state"

struct TensorRow {
    std::string name;                 ///< as in the file
    std::string dtype;                ///< "F32", "BF16" ...
    std::vector<std::int64_t> shape;
    std::uint64_t bytes = 0;
    TensorRole role = TensorRole::Weights;
    std::string modelName;            ///< the recognised model's name for it, empty: it has none
    std::optional<TensorStatistics> statistics;
};

/// One set of weights of a file, and which was taken.
struct WeightSet {
    std::string prefix;               ///< removed from names: "model_ema.module."
    std::size_t tensors = 0;
    std::uint64_t elements = 0;
    bool averaged = false;
    bool chosen = false;
};

/// A number or text beside the tensors: epoch, best accuracy, arguments.
struct ScalarRow {
    std::string name, text;
};

/// A shape that is not the model's.
struct ShapeDifference {
    std::string name;                 ///< the model's
    std::vector<std::int64_t> expected, found;
    std::string remedy;               ///< "resized from 14 x 14 to 24 x 24", "new head", empty: it cannot be loaded
};

/// Which model the weights belong to, from names and shapes alone.
struct Recognition {
    bool known = false;
    ModelSpec spec;                   ///< preset's name when the sizes are a preset's, else a made-up one
    bool preset = false;
    std::string naming;               ///< "official", "timm", "mmpretrain", "mmseg", "mmdet", "LLaMA"
    double confidence = 0;            ///< 0 to 1: share of the model's tensors found with fitting shapes, less the extra ones
    std::string explanation;          ///< one sentence: what decided
    std::vector<std::string> missing, unexpected;
    std::vector<ShapeDifference> differences;
    std::vector<std::string> notes;   ///< "pos_embed is stored and never used", "read as pooled features: no class token"
};

/// Everything the program can say about a checkpoint file.
struct CheckpointReport {
    std::filesystem::path file;
    std::string format;               ///< "safetensors", "safetensors shards (3)", "PyTorch zip", "PyTorch legacy"
    std::uint64_t fileBytes = 0;
    std::vector<TensorRow> tensors;
    std::vector<WeightSet> weights;
    std::vector<ScalarRow> scalars;
    std::vector<std::string> opaque;  ///< parts of unknown classes: "args: argparse.Namespace"
    Recognition recognition;
    bool statisticsDone = false;
};

/// How far a long read is.
struct ReadProgress {
    std::uint64_t doneBytes = 0, totalBytes = 0;
    std::string what;                 ///< tensor at hand
};
/// Called now and then; returning false cancels, which throws Error(Cancelled) from the reader.
using ReadWatcher = std::function<bool(const ReadProgress&)>;

struct CheckpointOptions {
    bool averaged = false;            ///< take averaged weights (EMA) where there are some
    std::string preset;               ///< compare with this preset instead of the recognised one
    bool statistics = false;          ///< read every tensor's data
};

}  // namespace vl
