// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/api/model_spec.h"

namespace vl {

enum class RunState { Idle, Starting, Running, Pausing, Paused, Stopping, Finished, Failed };
const char* toString(RunState state);  ///< "idle", "starting", ...

/// What the engine confirms about the run; only the engine writes it.
struct RunStatus {
    RunState state = RunState::Idle;
    std::int64_t step = 0;        ///< optimiser steps done
    std::int64_t totalSteps = 0;
    std::int64_t stepsPerEpoch = 0;
    std::string runName;
    std::filesystem::path folder; ///< empty before the first run
    std::string problem;          ///< Failed: what happened, one sentence
    std::string advice;           ///< Failed: what to do
    double savedAt = 0;           ///< wall seconds of the last checkpoint, 0: none
    std::int64_t savedStep = 0;
    double imagesPerSecond = 0;
    double secondsLeft = 0;       ///< estimate, 0: unknown
    std::uint64_t generation = 0; ///< grows with every run started
};

/// One optimiser step's record.
struct StepMetrics {
    std::int64_t step = 0;
    double epoch = 0;
    double seconds = 0;           ///< since the run (or its resumption) started
    double loss = 0;
    double accuracy = 0;          ///< of the training batch, 0..1
    double lr = 0;
    double alpha = 0;
    double gradNorm = 0;
    double imagesPerSecond = 0;
    float dataMs = 0, forwardMs = 0, backwardMs = 0, optimiserMs = 0, inspectMs = 0;
};

/// Of a classifier: loss and accuracy on the validation split. Of a denoiser: its loss there at fixed times and noise,
/// and what a classifier says about fresh samples.
struct EvalMetrics {
    std::int64_t step = 0;
    double epoch = 0;
    double seconds = 0;
    double loss = 0;
    double accuracy = 0;          ///< 0..1; denoisers: share of guided samples judged as their class, -1: no judge
    std::int64_t images = 0;
    double frechet = -1;          ///< denoisers: Frechet distance of unguided samples in the judge's features, -1: not measured
    double meanIou = -1;          ///< segmenters, 0..1; -1: none
    double boxAp = -1, boxAp50 = -1, maskAp = -1;  ///< detectors, 0..1; -1: none
    std::vector<double> classScores;  ///< segmenters: IoU per class; detectors: AP of boxes; NaN or -1: does not occur
    std::vector<double> bucketLoss;  ///< denoisers: loss by time, kTimeBuckets equal parts of 0..1 from clean (0) to noise (1)
};
inline constexpr int kTimeBuckets = 10;

enum class RunEventKind { Start, Resume, Pause, Continue, Edit, Checkpoint, Evaluate, Problem, Stop, Finish, Fail };
const char* toString(RunEventKind kind);

/// A small thing worth a line in events.jsonl and a mark on the event strip; all are delivered.
struct RunEvent {
    RunEventKind kind = RunEventKind::Start;
    std::int64_t step = 0;
    double wallSeconds = 0;
    std::string text;             ///< "learning rate 0.0015 to 0.0012"
    std::string detail;           ///< advice, path or key, may be empty
};

/// An 8-bit picture, row-major, channels interleaved (1 grey, 3 RGB).
struct Image {
    int width = 0, height = 0, channels = 0;
    std::vector<std::uint8_t> pixels;
    bool empty() const { return pixels.empty(); }
};

/// Mean and deviation of ImageNet's red, green and blue, of values in 0..1: what published colour models expect.
inline constexpr double kImagenetMean[3] = {0.485, 0.456, 0.406};
inline constexpr double kImagenetStd[3] = {0.229, 0.224, 0.225};

struct Prediction {
    int classIndex = 0;
    std::string className;
    double probability = 0;
};

/// How tokens lie on the picture; declared by the model, never guessed by a view.
struct AttentionGeometry {
    int queryRows = 0, queryCols = 0;   ///< patch grid of the queries
    int keyRows = 0, keyCols = 0;       ///< patch grid of the keys
    int tokens = 0;                     ///< N, class token included
    int classTokenIndex = -1;           ///< -1: none
    int firstPatchToken = 0;            ///< token index of patch (0, 0)
    bool maskAfterSoftmax = false;      ///< iLLaMA: rows need not sum to one
    int window = 0;                     ///< local attention: side of a window in tokens, 0: the whole grid
    int windowRows = 0, windowCols = 0; ///< local: windows down and across; together they may reach past the grid (padding)
    int keyStep = 1;                    ///< keys stand for squares of keyStep x keyStep patches
    int stage = 0;                      ///< of a pyramid
    double pixelsPerPatch = 0;          ///< side of a query patch on the input, 0: the spec's patch size
    bool guidedHalves = false;          ///< a guided batch holds the conditional half first, then the unconditional one
};

/// Attention of one layer: softmax before any mask, [heads][query][key], row-major.
struct LayerAttention {
    int heads = 0;
    int tokens = 0;
    std::vector<float> softmax;
    const float* row(int head, int query) const { return softmax.data() + (static_cast<std::size_t>(head) * tokens + query) * tokens; }
};

/// Factor the mask puts on (query i, key j): 1 for j <= i, alpha otherwise (models.md 3.3).
inline double softMaskFactor(double alpha, int query, int key) { return key <= query ? 1.0 : alpha; }

/// One picture looked at by one model: everything Inspect and Schedules draw.
struct Inspection {
    std::uint64_t request = 0;          ///< the request this answers
    std::string modelName;              ///< preset
    std::string source;                 ///< "demo checkpoint", "run fmnist at step 4,212"
    std::int64_t step = -1;             ///< of the live run, -1: from a checkpoint
    bool live = false;
    double alpha = 0;
    int patchSize = 0;
    Image input;                        ///< the picture as the model saw it (resized, cropped)
    AttentionGeometry geometry;
    std::vector<LayerAttention> layers;
    std::vector<Prediction> predictions;  ///< best first, all classes
    double milliseconds = 0;
};

struct GallerySample {
    std::int64_t index = 0;             ///< in the evaluation split
    Image image;
    int label = 0;
    int predicted = 0;
    double confidence = 0;
    double loss = 0;
};

/// Validation samples with their current prediction, wrong ones first, most confident mistake first.
struct Gallery {
    std::int64_t step = 0;
    double epoch = 0;
    std::int64_t wrong = 0, total = 0;
    std::vector<GallerySample> samples;
    std::vector<std::string> classNames;
};

/// Samples that a training denoiser drew at one step from the seeds and classes of every other such frame.
struct FilmFrame {
    std::int64_t step = 0;
    double epoch = 0;
    std::vector<Image> cells;           ///< sorted by label
    std::vector<int> labels;            ///< of the cells
    double guidance = 1;
    std::filesystem::path file;         ///< the same cells as one picture, in the run folder
};

struct MachineInfo {
    std::string cpuName, isa, blas, torchVersion, compiler, version;
    int cores = 0, threads = 0;
    double memoryTotalGb = 0, memoryFreeGb = 0, memoryUsedGb = 0;  ///< used: by this process
    bool cudaPlugin = false;            ///< libvl_cuda.so was found and loaded
    std::vector<std::string> gpus;
    std::string gpuReason;              ///< why there is none, one sentence
    bool bf16Units = false;
};

}  // namespace vl
