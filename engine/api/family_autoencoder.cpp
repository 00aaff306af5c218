// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "engine/api/families.h"

namespace vl {
namespace {

/// dim, depth and heads describe the two attention layers, for lists; the autoencoder's own options decide.
std::vector<ModelSpec> autoencoderPresets() {
    ModelSpec spec;
    spec.name = "sd_vae_ft_ema";
    spec.family = "autoencoder_kl";
    spec.autoencoder.multipliers = {1, 2, 4, 4};
    spec.imageSize = 256;
    spec.patchSize = 8;  // one latent cell
    spec.dim = spec.ffnHidden = 512;
    spec.depth = 2;
    spec.heads = 1;
    spec.numClasses = 1;
    spec.classToken = ClassToken::None;
    spec.absolutePositions = false;
    spec.alpha = 1;
    spec.citation = "High-Resolution Image Synthesis with Latent Diffusion Models, 2022; fine-tuned EMA weights";
    spec.note = "83.7 M parameters; pictures to the 4 x 32 x 32 latents of DiT and SiT and back";
    return {spec};
}

void checkAutoencoder(const ModelSpec& spec) {
    const AutoencoderOptions& options = spec.autoencoder;
    const auto levels = static_cast<int>(options.multipliers.size());
    requireSpec(levels >= 1 && levels <= 8, spec, "it has " + std::to_string(levels) + " levels",
                "Give 1 to 8 channel multipliers; the published ones are 1, 2, 4, 4.");
    const auto within = [](int value, int most) { return value >= 1 && value <= most; };
    requireSpec(within(options.baseChannels, 4096) && options.baseChannels % 32 == 0, spec,
                "its first width is " + std::to_string(options.baseChannels),
                "Group norms have 32 groups, so give a multiple of 32.");
    requireSpec(std::all_of(options.multipliers.begin(), options.multipliers.end(),
                            [&](int multiplier) { return within(multiplier, 64); }) &&
                    within(options.blocksPerLevel, 64) && within(options.latentChannels, 1024),
                spec, "its multipliers, blocks or latent channels are out of range",
                "The published values are 1, 2, 4, 4 with 2 blocks and 4 channels.");
    requireSpec(options.scale > 0, spec, "its latent scale is not positive", "The published value is 0.18215.");
    requireSpec(spec.patchSize == 1 << (levels - 1), spec,
                "its patch size is not the " + std::to_string(1 << (levels - 1)) + " pixels of a latent cell",
                "Every level but the first halves the picture.");
}

/// Collects the parts in the order of the forward pass; `pixels` is the present number of positions.
class Tally {
public:
    explicit Tally(std::int64_t pixels) : pixels_(pixels) {}

    void conv(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel) {
        costs_.push_back(cost::conv(name, in, out, kernel, pixels_));
    }
    void resnet(const std::string& name, std::int64_t in, std::int64_t out) {
        costs_.push_back(cost::norm(name + ".norm1", in));
        conv(name + ".conv1", in, out, 3);
        costs_.push_back(cost::norm(name + ".norm2", out));
        conv(name + ".conv2", out, out, 3);
        if (in != out) conv(name + ".conv_shortcut", in, out, 1);
    }
    void middle(const std::string& name, std::int64_t channels) {
        resnet(name + ".resnets.0", channels, channels);
        costs_.push_back(cost::norm(name + ".attentions.0.group_norm", channels));
        costs_.push_back(cost::attention(name + ".attentions.0", channels, pixels_, pixels_));
        resnet(name + ".resnets.1", channels, channels);
    }
    void norm(const std::string& name, std::int64_t channels) { costs_.push_back(cost::norm(name, channels)); }
    void halve() { pixels_ /= 4; }
    void twice() { pixels_ *= 4; }
    std::vector<LayerCost> take() { return std::move(costs_); }

private:
    std::int64_t pixels_;
    std::vector<LayerCost> costs_;
};

void addEncoder(Tally& tally, const ModelSpec& spec) {
    const AutoencoderOptions& options = spec.autoencoder;
    const auto levels = options.multipliers.size();
    std::int64_t width = options.baseChannels;
    tally.conv("encoder.conv_in", spec.inChannels, width, 3);
    for (std::size_t level = 0; level < levels; ++level) {
        const std::string name = "encoder.down_blocks." + std::to_string(level);
        const std::int64_t wanted = std::int64_t{options.baseChannels} * options.multipliers[level];
        for (int j = 0; j < options.blocksPerLevel; ++j, width = wanted)
            tally.resnet(name + ".resnets." + std::to_string(j), width, wanted);
        if (level + 1 == levels) continue;
        tally.halve();
        tally.conv(name + ".downsamplers.0.conv", width, width, 3);
    }
    tally.middle("encoder.mid_block", width);
    tally.norm("encoder.conv_norm_out", width);
    tally.conv("encoder.conv_out", width, 2 * std::int64_t{options.latentChannels}, 3);
}

void addDecoder(Tally& tally, const ModelSpec& spec) {
    const AutoencoderOptions& options = spec.autoencoder;
    const auto levels = options.multipliers.size();
    std::int64_t width = std::int64_t{options.baseChannels} * options.multipliers.back();
    tally.conv("decoder.conv_in", options.latentChannels, width, 3);
    tally.middle("decoder.mid_block", width);
    for (std::size_t level = 0; level < levels; ++level) {
        const std::string name = "decoder.up_blocks." + std::to_string(level);
        const std::int64_t wanted = std::int64_t{options.baseChannels} * options.multipliers[levels - 1 - level];
        for (int j = 0; j <= options.blocksPerLevel; ++j, width = wanted)
            tally.resnet(name + ".resnets." + std::to_string(j), width, wanted);
        if (level + 1 == levels) continue;
        tally.twice();
        tally.conv(name + ".upsamplers.0.conv", width, width, 3);
    }
    tally.norm("decoder.conv_norm_out", width);
    tally.conv("decoder.conv_out", width, spec.inChannels, 3);
}

std::vector<LayerCost> autoencoderCosts(const ModelSpec& spec) {
    const std::int64_t latent = spec.autoencoder.latentChannels;
    Tally tally(std::int64_t{spec.imageSize} * spec.imageSize);
    addEncoder(tally, spec);
    tally.conv("quant_conv", 2 * latent, 2 * latent, 1);
    tally.conv("post_quant_conv", latent, latent, 1);
    addDecoder(tally, spec);
    return tally.take();
}

}  // namespace

const Family kAutoencoderFamily{"autoencoder_kl",     "AutoencoderKL",  ModelTask::Autoencode,
                                autoencoderPresets, checkAutoencoder, autoencoderCosts};

}  // namespace vl
