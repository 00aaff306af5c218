// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vl {

enum class ClassToken { Last, First, None };

/// What a model is for; decides which programs and views offer it.
enum class ModelTask { Classify, Pretrain, Generate, Segment, Detect, Autoencode };
const char* toString(ModelTask task);  ///< "classify", "pretrain", ...

/// Options of the published rotary embeddings (models.md 2.2 to 2.4). Defaults are the presets'.
struct RopeOptions {
    bool autoScale = false;          ///< AS2DRoPE: positions scaled by trained size / present size (2.3)
    bool sharedOverHeads = true;     ///< false: every head turns by its own slice of the frequencies
    double ratio = 1;                ///< share of a head's channels that turn
    double classTokenPosition = -1;  ///< -1: the published place above the top right patch (Q4); else both coordinates
    double ntk = 0;                  ///< pyramid: theta of the queries alone times this, 0: off (Q8)
};

/// One stage of a pyramid.
struct PyramidStage {
    int dim = 64;
    int depth = 2;
    int heads = 2;
    int ffnHidden = 256;
    int reduction = 8;               ///< global attention pools keys and values over squares of this side
};

struct PyramidOptions {
    std::vector<PyramidStage> stages;  ///< not empty: the sizes of a pyramid; dim, depth ... hold the last stage's and totals
    int window = 7;                  ///< side of local attention's windows, tokens
    bool normAfterStage = false;     ///< dense backbones: LayerNorm after each stage, fed onward too (8.1, Q24)
};

/// Decoder and masking of masked pre-training (models.md 6).
struct MaskedOptions {
    int decoderDim = 512, decoderDepth = 8, decoderHeads = 16;
    double maskRatio = 0.75;
    bool normalisePixels = true;     ///< targets per patch: mean 0, unbiased variance 1 (Q20)
};

/// Class-conditional denoisers (models.md 7). imageSize is the latent's side, inChannels the latent's.
struct DiffusionOptions {
    bool learnSigma = true;          ///< twice the channels out; the flow models drop the second half (Q28)
    double classDropout = 0.1;       ///< labels replaced by the null class in training
    int guidedChannels = 3;          ///< channels that guidance acts on (Q27)
    bool latent = true;              ///< false: works on pixels in -1..1, without an autoencoder
    // What the model was trained to predict; a sampler has to know.
    std::string prediction;          ///< "": the family's own, noise (DiT) or velocity (SiT); else "clean", "velocity" (DiT), "noise", "score" (SiT)
    std::string path = "Linear";     ///< SiT: "Linear", "GVP" or "VP"
    std::string betas = "linear";    ///< DiT: "linear" or "cosine", 1000 steps
};

/// Dense heads on a backbone (models.md 8). The backbone's own sizes stand in the fields they have in a classifier.
struct SegmentOptions {
    std::string backbone = "pyramid";  ///< "pyramid", "plain" (mmpretrain names) or "illama"
    std::vector<int> outLayers;        ///< plain backbones: 0-based layers whose output feeds the heads
    int headChannels = 512, auxChannels = 256;
};

/// Mask R-CNN (models.md 9.1) and its ViTDet form (9.2).
struct DetectOptions {
    std::string backbone = "pyramid";  ///< "pyramid" (FPN) or "windowed" (SimpleFPN)
    int window = 14;                   ///< windowed backbone
    std::vector<int> windowBlocks;     ///< blocks with windows; the others see the whole grid
    std::string globalReduction;       ///< "", "conv" or "average": ViTDet V1 pools the global blocks' keys by 4
    int fpnChannels = 256, fcChannels = 1024, maskChannels = 256;
};

/// AutoencoderKL in the layout of Stable Diffusion.
struct AutoencoderOptions {
    int baseChannels = 128, blocksPerLevel = 2, latentChannels = 4;
    std::vector<int> multipliers;
    double scale = 0.18215;            ///< latent times this is what denoisers see
};

/// Everything that defines a model's function. A preset is one of these with a name; variants are data.
/// The option groups count only for the families that name them.
struct ModelSpec {
    std::string name;
    std::string family = "illama";
    int dim = 192;
    int depth = 12;
    int heads = 3;
    int ffnHidden = 512;       ///< SwiGLU width; width of the hidden layer in families with a GELU MLP
    int patchSize = 16;
    int imageSize = 224;       ///< square input, pixels (latent cells for denoisers)
    int inChannels = 3;
    int numClasses = 1000;
    double ropeTheta = 10000;
    double normEps = 1e-6;
    ClassToken classToken = ClassToken::Last;
    bool absolutePositions = true;  ///< learned (or frozen) table added to the patches
    bool layerScale = false;        ///< gamma_1 and gamma_2 on the branches (models.md 1.4)
    bool finalNorm = true;
    double alpha = 0;          ///< soft-mask rate after loading: 1 bidirectional, 0 causal; 1 in families without one
    RopeOptions rope;
    PyramidOptions pyramid;
    MaskedOptions masked;
    DiffusionOptions diffusion;
    SegmentOptions segment;
    DetectOptions detect;
    AutoencoderOptions autoencoder;
    std::string citation;      ///< where the numbers come from
    std::string note;          ///< one line for lists

    int grid() const { return imageSize / patchSize; }
    int patches() const { return grid() * grid(); }
    int tokens() const { return patches() + (classToken == ClassToken::None ? 0 : 1); }
    int headDim() const { return dim / heads; }
    ModelTask task() const;
    /// Learned and frozen tensors, without batch statistics.
    std::int64_t parameterCount() const;
    /// Multiply-accumulates of one image's forward pass, both attention products included.
    std::int64_t macs() const;
};

/// One part of a model: what it holds and what it costs for one image of the spec's size.
struct LayerCost {
    std::string name;              ///< prefix of its tensors: "blocks.3.attn", "head"
    std::int64_t parameters = 0;
    std::int64_t macs = 0;
};
/// In the order of the forward pass; the sums are parameterCount() and macs().
std::vector<LayerCost> layerCosts(const ModelSpec& spec);

/// All presets, in the order lists show them.
std::span<const ModelSpec> modelPresets();
/// Those of one task, in the same order.
std::vector<ModelSpec> presetsFor(ModelTask task);
/// The preset of that name; throws Error(NotFound) naming the nearest one.
const ModelSpec& findPreset(std::string_view name);
/// Throws Error(Usage) when sizes cannot form a model (dim not divisible by heads, odd head dim, image not a multiple of the patch ...).
void validate(const ModelSpec& spec);

/// The table of iLLaMA and VisionLLaMA hidden widths: trunc(2 * dim * ratio / 3) rounded up to a multiple of 256.
int swigluHidden(int dim, double ratio = 4);
/// The width mmpretrain's module takes from feed-forward channels: trunc(8 * channels / 3) rounded the same way (Q1).
int wideSwigluHidden(int feedForwardChannels);

}  // namespace vl
