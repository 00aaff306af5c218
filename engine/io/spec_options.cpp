// SPDX-License-Identifier: Apache-2.0
#include "engine/io/spec_options.h"

#include <cmath>

#include <nlohmann/json.hpp>

#include "engine/core/error.h"

namespace vl::detail {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kLargest = 1 << 20;
constexpr std::size_t kMostItems = 4096;

// One visitor a group: `field(name, reference)` reads or writes.

template <typename Stage, typename Field>
void eachField(Stage& s, Field&& field) requires std::is_same_v<std::remove_const_t<Stage>, PyramidStage> {
    field("dim", s.dim);
    field("depth", s.depth);
    field("heads", s.heads);
    field("ffn_hidden", s.ffnHidden);
    field("reduction", s.reduction);
}

template <typename Spec, typename Group>
void eachGroup(Spec& spec, Group&& group) {
    group(
        "rope",
        [](auto& s, auto&& field) {
            field("auto_scale", s.rope.autoScale);
            field("shared_over_heads", s.rope.sharedOverHeads);
            field("ratio", s.rope.ratio);
            field("class_token_position", s.rope.classTokenPosition);
            field("ntk", s.rope.ntk);
        },
        spec);
    group(
        "pyramid",
        [](auto& s, auto&& field) {
            field("stages", s.pyramid.stages);
            field("window", s.pyramid.window);
            field("norm_after_stage", s.pyramid.normAfterStage);
        },
        spec);
    group(
        "masked",
        [](auto& s, auto&& field) {
            field("decoder_dim", s.masked.decoderDim);
            field("decoder_depth", s.masked.decoderDepth);
            field("decoder_heads", s.masked.decoderHeads);
            field("mask_ratio", s.masked.maskRatio);
            field("normalise_pixels", s.masked.normalisePixels);
        },
        spec);
    group(
        "diffusion",
        [](auto& s, auto&& field) {
            field("learn_sigma", s.diffusion.learnSigma);
            field("class_dropout", s.diffusion.classDropout);
            field("guided_channels", s.diffusion.guidedChannels);
            field("latent", s.diffusion.latent);
            field("prediction", s.diffusion.prediction);
            field("path", s.diffusion.path);
            field("betas", s.diffusion.betas);
        },
        spec);
    group(
        "segment",
        [](auto& s, auto&& field) {
            field("backbone", s.segment.backbone);
            field("out_layers", s.segment.outLayers);
            field("head_channels", s.segment.headChannels);
            field("aux_channels", s.segment.auxChannels);
        },
        spec);
    group(
        "detect",
        [](auto& s, auto&& field) {
            field("backbone", s.detect.backbone);
            field("window", s.detect.window);
            field("window_blocks", s.detect.windowBlocks);
            field("global_reduction", s.detect.globalReduction);
            field("fpn_channels", s.detect.fpnChannels);
            field("fc_channels", s.detect.fcChannels);
            field("mask_channels", s.detect.maskChannels);
        },
        spec);
    group(
        "autoencoder",
        [](auto& s, auto&& field) {
            field("base_channels", s.autoencoder.baseChannels);
            field("blocks_per_level", s.autoencoder.blocksPerLevel);
            field("latent_channels", s.autoencoder.latentChannels);
            field("multipliers", s.autoencoder.multipliers);
            field("scale", s.autoencoder.scale);
        },
        spec);
    group(
        "layout",
        [](auto& s, auto&& field) {
            field("absolute_positions", s.absolutePositions);
            field("layer_scale", s.layerScale);
            field("final_norm", s.finalNorm);
        },
        spec);
}

template <typename Value>
Json toJson(const Value& value) {
    return value;
}

Json toJson(const std::vector<PyramidStage>& stages) {
    Json list = Json::array();
    for (const PyramidStage& stage : stages) {
        Json row = Json::object();
        eachField(stage, [&](const char* name, const int& value) { row[name] = value; });
        list.push_back(std::move(row));
    }
    return list;
}

struct Reader {
    const std::string& file;

    [[noreturn]] void bad(const std::string& what) const {
        throw Error(ErrorCode::BadFile, file + " has checkpoint data with an impossible " + what + ".",
                    "Use a checkpoint this program wrote.");
    }
    void read(const Json& value, const std::string& name, bool& to) const {
        if (!value.is_boolean()) bad(name);
        to = value.get<bool>();
    }
    void read(const Json& value, const std::string& name, int& to) const {
        if (!value.is_number_integer() || value.get<std::int64_t>() < 0 || value.get<std::int64_t>() > kLargest)
            bad(name);
        to = value.get<int>();
    }
    void read(const Json& value, const std::string& name, double& to) const {
        if (!value.is_number() || !std::isfinite(value.get<double>())) bad(name);
        to = value.get<double>();
    }
    void read(const Json& value, const std::string& name, std::string& to) const {
        if (!value.is_string() || value.get_ref<const std::string&>().size() > 64) bad(name);
        to = value.get<std::string>();
    }
    template <typename Item>
    void read(const Json& value, const std::string& name, std::vector<Item>& to) const {
        if (!value.is_array() || value.size() > kMostItems) bad(name);
        to.clear();
        for (const Json& item : value)
            read(item, name, to.emplace_back());
    }
    void read(const Json& value, const std::string& name, PyramidStage& to) const {
        if (!value.is_object()) bad(name);
        eachField(to, [&](const char* field, int& number) {
            const auto found = value.find(field);
            if (found == value.end()) bad(name);
            read(*found, name, number);
            if (number < 1) bad(name);
        });
    }
};

}  // namespace

void writeSpecOptions(const ModelSpec& spec, Json& description) {
    const auto groupsOf = [](const ModelSpec& from) {
        Json groups = Json::object();
        eachGroup(from, [&](const char* name, auto&& fields, const ModelSpec& of) {
            Json& group = groups[name] = Json::object();
            fields(of, [&](const char* field, const auto& value) { group[field] = toJson(value); });
        });
        return groups;
    };
    const Json usual = groupsOf(ModelSpec{}), own = groupsOf(spec);
    for (const auto& [name, group] : own.items())
        if (group != usual[name]) description[name] = group;
}

void readSpecOptions(const Json& description, ModelSpec& spec, const std::string& file) {
    const Reader reader{file};
    eachGroup(spec, [&](const char* name, auto&& fields, ModelSpec& of) {
        const auto group = description.find(name);
        if (group == description.end()) return;
        if (!group->is_object()) reader.bad(name);
        fields(of, [&](const char* field, auto& value) {
            const auto found = group->find(field);
            if (found != group->end()) reader.read(*found, std::string(name) + "." + field, value);
        });
    });
}

}  // namespace vl::detail
