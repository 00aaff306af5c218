// SPDX-License-Identifier: Apache-2.0
#include "engine/io/checkpoint_metadata.h"

#include <array>
#include <cmath>

#include <nlohmann/json.hpp>

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/io/safetensors.h"
#include "engine/io/spec_options.h"
#include "engine/io/strict_json.h"

namespace vl {
namespace {

using Json = nlohmann::json;
using Metadata = std::map<std::string, std::string>;

constexpr const char* specKey = "visionllama.spec";
constexpr const char* classesKey = "visionllama.classes";
constexpr std::int64_t largestSize = 1 << 20;  // of any dimension; beyond it products could overflow

/// Visits the fields of a spec by name; `field(name, reference)` decides whether it reads or writes.
template <typename Spec, typename Field>
void eachSpecField(Spec& spec, Field&& field) {
    field("name", spec.name);
    field("family", spec.family);
    field("dim", spec.dim);
    field("depth", spec.depth);
    field("heads", spec.heads);
    field("ffn_hidden", spec.ffnHidden);
    field("patch_size", spec.patchSize);
    field("image_size", spec.imageSize);
    field("in_channels", spec.inChannels);
    field("num_classes", spec.numClasses);
    field("rope_theta", spec.ropeTheta);
    field("norm_eps", spec.normEps);
    field("alpha", spec.alpha);
    field("citation", spec.citation);
    field("note", spec.note);
}

template <typename Info, typename Field>
void eachNumber(Info& info, Field&& field) {
    field("visionllama.step", info.step);
    field("visionllama.epoch", info.epoch);
    field("visionllama.accuracy", info.accuracy);
    field("visionllama.alpha", info.alpha);
    field("visionllama.mean", info.mean);
    field("visionllama.std", info.std);
}

struct Reader {
    std::string file;

    [[noreturn]] void bad(const std::string& what) const {
        throw Error(ErrorCode::BadFile, file + " has checkpoint data with " + what + ".", "Use a checkpoint this program wrote.");
    }
    void operator()(const Json& value, const char* name, std::string& to) const {
        if (!value.is_string()) bad(std::string("no text for ") + name);
        to = value.get<std::string>();
    }
    void operator()(const Json& value, const char* name, int& to) const {
        if (!value.is_number_integer() || value.get<std::int64_t>() < 1 || value.get<std::int64_t>() > largestSize)
            bad(std::string("an impossible ") + name);
        to = value.get<int>();
    }
    void operator()(const Json& value, const char* name, double& to) const {
        if (!value.is_number() || !std::isfinite(value.get<double>())) bad(std::string("an impossible ") + name);
        to = value.get<double>();
    }
    ModelSpec spec(const std::string& text) const {
        const auto json = detail::parseStrictJson(text, "The model description in " + file, 6);
        if (!json.is_object()) bad("a malformed model description");
        ModelSpec spec;
        eachSpecField(spec, [&](const char* name, auto& field) {
            const auto found = json.find(name);
            if (found == json.end()) bad(std::string("no ") + name);
            (*this)(*found, name, field);
        });
        const auto token = json.value("class_token", Json("last"));
        if (token != "last" && token != "first" && token != "none") bad("an unknown place of the class token");
        spec.classToken = token == "first" ? ClassToken::First : token == "none" ? ClassToken::None : ClassToken::Last;
        detail::readSpecOptions(json, spec, file);
        return spec;
    }
    std::vector<std::string> classNames(const std::string& text) const {
        const auto json = detail::parseStrictJson(text, "The class names in " + file, 2);
        if (!json.is_array()) bad("malformed class names");
        std::vector<std::string> names;
        for (const auto& name : json) names.emplace_back(), (*this)(name, "class name", names.back());
        return names;
    }
};

}  // namespace

Metadata toMetadata(const CheckpointInfo& info) {
    Json spec = Json::object();
    eachSpecField(info.spec, [&](const char* name, const auto& field) { spec[name] = field; });
    constexpr std::array places{"last", "first", "none"};
    spec["class_token"] = places[static_cast<std::size_t>(info.spec.classToken)];
    detail::writeSpecOptions(info.spec, spec);
    constexpr auto replace = Json::error_handler_t::replace;  // class names come from folder names, which may be any bytes

    Metadata metadata{{"format", "pt"}, {specKey, spec.dump(-1, ' ', false, replace)},
                      {classesKey, Json(info.classNames).dump(-1, ' ', false, replace)}, {"visionllama.dataset", info.dataset}};
    eachNumber(info, [&](const char* name, const auto& number) {
        if constexpr (std::is_integral_v<std::remove_cvref_t<decltype(number)>>) metadata[name] = std::to_string(number);
        else metadata[name] = formatNumber(number);
    });
    return metadata;
}

CheckpointInfo fromMetadata(const Metadata& metadata, const std::filesystem::path& file) {
    const Reader reader{file.string()};
    const auto spec = metadata.find(specKey);
    if (spec == metadata.end())
        throw Error(ErrorCode::BadFile, file.string() + " does not say which model it is for.", "Use a checkpoint this program wrote.");
    CheckpointInfo info;
    info.file = file;
    info.spec = reader.spec(spec->second);
    try {
        validate(info.spec);
    } catch (const Error& problem) {
        throw Error(ErrorCode::BadFile, file.string() + " describes an impossible model: " + problem.message(), "Use a checkpoint this program wrote.");
    }
    if (const auto classes = metadata.find(classesKey); classes != metadata.end()) info.classNames = reader.classNames(classes->second);
    if (const auto dataset = metadata.find("visionllama.dataset"); dataset != metadata.end()) info.dataset = dataset->second;
    eachNumber(info, [&](const char* name, auto& number) {
        const auto found = metadata.find(name);
        if (found == metadata.end()) return;
        using Number = std::remove_cvref_t<decltype(number)>;
        std::optional<Number> value;
        if constexpr (std::is_integral_v<Number>) value = parseInteger(found->second);
        else value = parseNumber(found->second);
        if (!value || !std::isfinite(static_cast<double>(*value))) reader.bad(std::string("an impossible ") + name);
        number = *value;
    });
    if (info.std <= 0 || info.step < 0) reader.bad("an impossible step or deviation");
    return info;
}

CheckpointInfo readCheckpointInfo(const std::filesystem::path& file) {
    return fromMetadata(SafetensorsFile::open(file).metadata(), file);
}

}  // namespace vl
