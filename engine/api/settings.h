// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vl {

/// When an edit made while a run is in progress takes effect.
enum class Applies { Now, NextEpoch, NextRun };

/// One node of a hand-drawn soft-mask curve. `linear`: ramp to the next node, otherwise hold this value until it.
struct ScheduleNode {
    double epoch = 0;
    double value = 0;
    bool linear = true;
    bool operator==(const ScheduleNode&) const = default;
};

struct ModelSettings {
    std::string preset = "illama_micro";
    int numClasses = 0;          ///< 0: the data set's number of classes
    int imageSize = 0;           ///< 0: the preset's
    std::string classToken = "last";
    std::string attention = "fused";     ///< fused | explicit (the oracle, also used where maps are asked for)
    std::string initFrom;        ///< checkpoint, or preset with demo weights, to start from
};

struct DataSettings {
    std::string dataset = "fashion-mnist";  ///< fashion-mnist | folder | latents (a cache of encoded pictures)
    std::string path;            ///< empty: the data set's usual place
    double validationShare = 0;  ///< share of the training set kept for evaluation; 0: use the test split
    int limit = 0;               ///< use only the first n training samples, 0: all
    int batch = 64;
    int workers = 1;
    int prefetch = 4;            ///< batches ready ahead
    int pad = 2;                 ///< pixels of padding before the random crop
    bool flip = true;
    double mean = 0.2860;        ///< of pixel values in 0..1 (Fashion-MNIST: mean 0.2860, std 0.3530)
    double std = 0.3530;
};

struct TrainSettings {
    double epochs = 5;
    std::int64_t maxSteps = 0;   ///< 0: epochs decide
    double lr = 2e-3;
    double minLr = 1e-6;
    double warmupEpochs = 0.5;
    double weightDecay = 0.05;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double clipNorm = 1.0;       ///< 0: off
    double labelSmoothing = 0.1;
    double dropPath = 0.0;
    std::string schedule = "cosine";  ///< cosine | poly (linear to 0) | steps (a tenth at each of rateDrops)
    std::string rateDrops;       ///< steps: epochs, such as "27, 33"
    double layerDecay = 1;       ///< rate of layer i times this to the power of the layers behind it; 1: none
    double emaDecay = 0;         ///< of an average of the weights that is evaluated and saved in their place; 0: none
    std::uint64_t seed = 0;
    int threads = 0;             ///< 0: all cores
    int parts = 1;               ///< of each batch, computed side by side with the threads shared out
};

struct SoftMaskSettings {
    std::string schedule = "linear";   ///< standard | constant | linear | piecewise
    double start = 1.0;
    double cutoffEpochs = 2;
    std::vector<ScheduleNode> nodes;   ///< piecewise only, ascending epochs
};

/// Segmenters and detectors only: how their pictures are varied and how they learn (models.md 8.4, 9.1, 9.2).
struct DenseSettings {
    int baseLong = 2048, baseShort = 512;  ///< segmentation: what ratio 1 fits a picture into
    double minRatio = 0.5, maxRatio = 2;   ///< of the random resize; detection: of the canvas, large-scale jitter
    double mostOfOneClass = 0.75;          ///< segmentation: of a crop's labelled pixels
    bool photometric = true;               ///< segmentation: random brightness, contrast, saturation and hue
    std::string shortSides;                ///< detection: multi-scale training with these instead of jitter
    int maxLong = 1333;
    double headDropout = 0.1;              ///< segmentation: share of channels
    int proposalSamples = 256, regionSamples = 512;  ///< detection: boxes of a picture that each stage learns from
    int shown = 6;                         ///< validation pictures whose overlay every evaluation draws
};

struct EvalSettings {
    std::int64_t everySteps = 500;     ///< 0: only at the end
    int batch = 256;
    int limit = 0;                     ///< 0: the whole split
};

struct CheckpointSettings {
    std::int64_t every = 500;          ///< steps between writes of last.safetensors, 0: only at the end
    int keep = 3;                      ///< numbered checkpoints kept besides last and best
};

struct InspectSettings {
    double share = 0.03;               ///< of the time that looking inside may take while training
};

/// Denoisers only: what they learn (models.md 7.4 to 7.6) and how they are watched.
struct GenerateSettings {
    std::string prediction = "default";  ///< default: noise (DiT), velocity (SiT)
    std::string path = "Linear";         ///< SiT
    std::string lossWeight = "none";     ///< SiT, without effect on velocity
    std::string betas = "linear";        ///< DiT
    double classDropout = 0.1;
    int filmClasses = 10;                ///< classes that an evaluation draws samples of, the first ones; 0: none
    int filmPerClass = 2;
    std::string sampler = "default";
    int sampleSteps = 25;
    double guidance = 4;                 ///< of the film; the Frechet distance is taken without
    int frechetSamples = 0;              ///< unguided samples an evaluation compares with the data; 0: none
    std::string judge;                   ///< classifier that judges samples; empty: the demo's where it knows the data
    std::string autoencoder;             ///< latents: shows samples decoded
};

/// Everything that defines a run. Serialises to run.toml; every field has a row in settingFields().
struct RunSettings {
    std::string name = "run";
    ModelSettings model;
    DataSettings data;
    TrainSettings train;
    SoftMaskSettings softMask;
    GenerateSettings generate;
    DenseSettings dense;
    EvalSettings eval;
    CheckpointSettings checkpoint;
    InspectSettings inspect;
};

using SettingValue = std::variant<bool, std::int64_t, double, std::string, std::vector<ScheduleNode>>;

/// One row of the settings schema: feeds TOML, command line, forms, validation and documentation.
struct SettingField {
    std::string_view key;              ///< dotted TOML key, e.g. "train.lr"
    std::string_view label;            ///< for forms, e.g. "Learning rate"
    std::string_view unit;
    std::string_view help;
    Applies applies = Applies::NextRun;
    double min = 0, max = 0;           ///< numbers only, inclusive
    std::vector<std::string_view> choices;  ///< strings only; empty: free text
    SettingValue (*get)(const RunSettings&) = nullptr;
    void (*set)(RunSettings&, const SettingValue&) = nullptr;
};

std::span<const SettingField> settingFields();
/// Throws Error(Usage) naming the nearest known key.
const SettingField& findSetting(std::string_view key);

/// Sets one field from text ("train.lr", "1e-3"); checks type, range and choices. Throws Error(Usage).
void applySetting(RunSettings& settings, std::string_view key, std::string_view text);
/// Sets one field from a value of the field's type (an integer is accepted for a real). Throws Error(Usage).
void applySetting(RunSettings& settings, std::string_view key, const SettingValue& value);
std::string settingText(const RunSettings& settings, std::string_view key);

/// Reads a TOML file; unknown keys and bad values throw Error(Usage) with file, line and the nearest key.
RunSettings loadSettings(const std::filesystem::path& file);
RunSettings parseSettings(std::string_view toml, std::string_view sourceName = "settings");
/// The resolved settings as TOML, every key written, grouped by section, with units and help as comments.
std::string settingsToToml(const RunSettings& settings);
/// Cross-field checks (warm-up longer than the run, nodes not ascending ...). Throws Error(Usage).
void validate(const RunSettings& settings);

}  // namespace vl
