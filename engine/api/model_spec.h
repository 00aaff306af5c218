// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace vl {

enum class ClassToken { Last, First };

/// Everything that defines a model's function. A preset is one of these with a name; variants are data.
struct ModelSpec {
    std::string name;
    std::string family = "illama";
    int dim = 192;
    int depth = 12;
    int heads = 3;
    int ffnHidden = 512;       ///< SwiGLU width
    int patchSize = 16;
    int imageSize = 224;       ///< square input, pixels
    int inChannels = 3;
    int numClasses = 1000;
    double ropeTheta = 10000;
    double normEps = 1e-6;
    ClassToken classToken = ClassToken::Last;
    double alpha = 0;          ///< soft-mask rate after loading: 1 bidirectional, 0 causal
    std::string citation;      ///< where the numbers come from
    std::string note;          ///< one line for lists

    int grid() const { return imageSize / patchSize; }
    int patches() const { return grid() * grid(); }
    int tokens() const { return patches() + 1; }
    int headDim() const { return dim / heads; }
    std::int64_t parameterCount() const;
    /// Multiply-accumulates of one image's forward pass, both attention products included.
    std::int64_t macs() const;
};

/// All presets, in the order lists show them.
std::span<const ModelSpec> modelPresets();
/// The preset of that name; throws Error(NotFound) naming the nearest one.
const ModelSpec& findPreset(std::string_view name);
/// Throws Error(Usage) when sizes cannot form a model (dim not divisible by heads, odd head dim, image not a multiple of the patch ...).
void validate(const ModelSpec& spec);

/// The table of iLLaMA and VisionLLaMA hidden widths: trunc(2 * dim * ratio / 3) rounded up to a multiple of 256.
int swigluHidden(int dim, double ratio = 4);

}  // namespace vl
