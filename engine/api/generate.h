// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/model_spec.h"
#include "engine/api/types.h"

namespace vl {

/// A way from noise to a picture, by name. One list feeds the command line, the form and the documents.
struct SamplerInfo {
    std::string_view name;         ///< "ddim", "heun" ...
    std::string_view label;        ///< "DDIM", "Heun, ODE" ...
    bool gaussian = false;         ///< for models of a Gaussian process (DiT)
    bool flow = false;             ///< for flow models (SiT)
    bool stochastic = false;       ///< draws fresh noise on the way
    bool adaptive = false;         ///< chooses its own steps; `steps` says only where it stops for a preview
    int callsPerStep = 1;          ///< of the model, without guidance; 0: not known beforehand
    int usualSteps = 50;
    std::string_view help;         ///< one sentence
};
std::span<const SamplerInfo> samplerList();
/// Throws Error(Usage) naming the nearest one.
const SamplerInfo& findSampler(std::string_view name);
/// Those that fit what the model was trained for, the default first; empty for models that are no denoisers.
std::vector<SamplerInfo> samplersFor(const ModelSpec& spec);

/// How one picture is made; with the model's file it says everything. Equal settings give equal pictures.
struct CellSettings {
    int label = 0;                 ///< the model's class; numClasses: the null class
    std::optional<int> labelTo;    ///< interpolation: predictions of both classes are mixed
    double labelMix = 0;           ///< share of labelTo, 0..1
    std::uint64_t seed = 0;
    std::optional<std::uint64_t> seedTo;  ///< interpolation: start noise on the great circle between both seeds'
    double seedMix = 0;            ///< place on it, 0..1
    std::string sampler;           ///< of samplerList(); empty: the model's default
    int steps = 0;                 ///< 0: the sampler's usual number
    double guidance = 4;           ///< 1: none
    double eta = 0;                ///< ddim: 0 deterministic .. 1 as noisy as ddpm
    std::string form = "sigma";    ///< SDE samplers: where noise is added (engine/diffusion/path.h lists the forms)
    double noise = 1;              ///< SDE samplers: how much of it
    std::string lastStep = "Mean"; ///< SDE samplers: "None", "Mean", "Tweedie", "Euler"
    double lastStepSize = 0.04;
    bool clip = false;             ///< Gaussian samplers: the predicted picture is cut to -1..1 at every step
    bool operator==(const CellSettings&) const = default;
};

/// What may change along the rows or the columns of a grid.
enum class Vary { Nothing, Class, Seed, Guidance, Steps, Sampler, Eta, Noise, SeedMix, LabelMix };
const char* toString(Vary vary);                ///< "class", "guidance" ...; the key in files and on the command line
/// Throws Error(Usage) for other names.
Vary varyNamed(std::string_view name);

/// A grid as people ask for it: one base, one thing along the rows, one along the columns.
struct GridRecipe {
    CellSettings base;
    Vary rows = Vary::Nothing, columns = Vary::Class;
    std::vector<std::string> rowValues, columnValues;  ///< as typed: "4", "ddim", "Boot" or a class number
    bool newSeedEachColumn = false;  ///< columns beyond the first count the seed up, as series do
    bool newSeedEachRow = false;
};
/// One row or column as it is named beside the grid: "48 steps", "Boot", "seed 7011".
struct GridCells {
    int rows = 1, columns = 1;
    std::vector<CellSettings> cells;                    ///< row-major
    std::vector<std::string> rowLabels, columnLabels;
};
/// Throws Error(Usage) for values the model or the sampler does not take, naming the value and what would do.
GridCells expandGrid(const GridRecipe& recipe, const ModelSpec& spec, const std::vector<std::string>& classNames);

/// One grid to be made.
struct SampleRequest {
    std::uint64_t id = 0;               ///< chosen by the caller
    std::filesystem::path model;        ///< empty: the flow demo
    std::filesystem::path autoencoder;  ///< latent models: decodes the result; empty: a linear projection shows it
    GridRecipe recipe;
    int previewEvery = 1;               ///< steps between two frames
    std::filesystem::path resultsFolder;  ///< a new folder is made in it for the result; empty: nothing is written
    bool startPaused = false;
};

enum class GenerationState { Idle, Loading, Running, Paused, Saving, Finished, Stopped, Failed };
const char* toString(GenerationState state);
bool isActive(GenerationState state);   ///< Loading to Saving

/// What is known once the model is open.
struct GenerationPlan {
    ModelSpec spec;
    std::vector<std::string> classNames;
    std::string modelName;              ///< for people: preset and step
    std::string modelHash;              ///< first 12 hex digits of the file's SHA-256
    GridCells grid;                     ///< sampler and steps filled in
    int totalSteps = 0;                 ///< of the longest chain
    /// Noise left after every step of each cell's chain, steps + 1 values from the start (1, or near it) to 0; cells
    /// with the same chain share it.
    std::vector<std::shared_ptr<const std::vector<double>>> noise;
};

/// What all cells looked like after `step` steps; chains with fewer steps stay at their result.
struct SampleFrame {
    int step = 0;
    std::vector<Image> noisy;           ///< x_t of each cell, as a picture
    std::vector<Image> clean;           ///< the predicted result of each cell; of the first frame: as noisy
    std::vector<int> cellSteps;         ///< steps each cell's chain has taken
};

struct GenerationStatus {
    GenerationState state = GenerationState::Idle;
    std::uint64_t request = 0;
    int step = 0, totalSteps = 0;
    double stepsPerSecond = 0;
    double secondsLeft = 0;             ///< estimate, 0: unknown
    double previewShare = 0;            ///< 0..1 of the time so far spent on frames
    double share = 0;                   ///< 0..1 of the file while Loading, of the decoding while Saving
    double firstPreviewMs = 0;          ///< from the request to the first frame, 0: none yet
    std::filesystem::path folder;       ///< of the saved result, empty before
    std::string problem, advice;        ///< Failed, or what a stop lost
};

/// State and everything new since a cursor.
struct GenerationLook {
    GenerationStatus status;
    std::shared_ptr<const SampleRequest> request;        ///< null before the first
    std::shared_ptr<const GenerationPlan> plan;          ///< null while loading
    std::vector<std::shared_ptr<const SampleFrame>> frames;  ///< from the asked one on
    std::size_t nextFrame = 0;          ///< pass back as the cursor of the next pull
};

/// Ask about one cell at one stored frame; the last question wins.
struct CellQuestion {
    std::uint64_t id = 0;
    int cell = 0;
    std::size_t frame = 0;              ///< index of a stored frame
    int layer = 0;
    int head = -1;                      ///< -1: mean over heads
    int patch = -1;                     ///< along: attention of this query; -1: mean over queries
    bool along = false;                 ///< also the chosen attention row at every stored frame
};

/// How the model sees one cell at one frame.
struct CellAnswer {
    std::uint64_t question = 0;
    int cell = 0;
    std::size_t frame = 0;
    int step = 0;
    Image noisy, clean;
    Image conditional, unconditional;   ///< the results predicted with and without the class
    double noise = 0;                   ///< level of the frame
    int layers = 0, heads = 0;
    AttentionGeometry geometry;
    LayerAttention attention;           ///< of the asked layer, all heads, of the conditional half
    struct Along {
        int step = 0;
        std::vector<float> row;         ///< over keys
    };
    std::vector<Along> along;
};

/// Write a finished or stored grid as one file; never overwrites: a number is appended to a name that is taken.
struct ExportRequest {
    std::filesystem::path result;       ///< folder of a stored result; empty: the present one
    std::filesystem::path file;         ///< .png, .gif or .mp4 decide the format
    int cell = -1;                      ///< one cell alone, -1: the grid
    int framesPerSecond = 10;
    int scale = 0;                      ///< pixels a pixel, 0: chosen so that cells are easy to see
};

}  // namespace vl
