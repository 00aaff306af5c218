// SPDX-License-Identifier: Apache-2.0
#include "engine/checkpoint/recognise.h"

#include <algorithm>
#include <cctype>

#include "engine/api/families.h"
#include "engine/checkpoint/family_rules.h"
#include "engine/checkpoint/namings.h"
#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/io/checkpoint_metadata.h"

namespace vl {
namespace {

constexpr const char* kSpecKey = "visionllama.spec";

struct Candidate {
    Recognition recognition;
    std::shared_ptr<const WeightNames> weights;
    std::size_t copied = 0;
};

/// The set's tensors in one spelling; null when the spelling shows nowhere.
std::shared_ptr<const WeightNames> spelled(const Naming& naming, const std::vector<NamedTensor>& tensors) {
    const bool shows = naming.sign.empty() || std::any_of(tensors.begin(), tensors.end(), [&](const NamedTensor& t) {
                           return nameFits(naming.sign, t.name);
                       });
    if (!shows) return nullptr;
    std::vector<NamedWeight> kept;
    for (const NamedTensor& tensor : tensors) {
        if (!tensor.name.starts_with(naming.only)) continue;
        kept.push_back({std::string(tensor.name.substr(naming.only.size())), tensor.tensor});
    }
    WeightNames before(std::move(kept));
    if (naming.rows.empty()) return std::make_shared<WeightNames>(std::move(before));
    const int levels = naming.levels.empty() ? 0 : before.count(naming.levels);
    std::vector<NamedWeight> after;
    for (const NamedWeight& weight : before.all())
        after.push_back({translatedName(naming, weight.name, levels), weight.tensor});
    return std::make_shared<WeightNames>(std::move(after));
}

/// Letters and digits of the file's name and of the values that may name a model.
std::string hintsOf(const CheckpointFile& file) {
    std::string text = file.path().stem().string();
    for (const PthScalar& scalar : file.scalars()) {
        if (scalar.name.ends_with("model") || scalar.name.ends_with("arch") || scalar.name.ends_with("model_name"))
            text += "\n" + scalar.text;
    }
    std::string hints;
    for (const char c : text)
        if (std::isalnum(static_cast<unsigned char>(c)))
            hints += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return hints;
}

/// Flow models are trained with arguments that diffusion models do not know.
bool isFlow(const CheckpointFile& file, const std::string& hints) {
    const auto scalars = file.scalars();
    return hints.find("sit") != std::string::npos ||
           std::any_of(scalars.begin(), scalars.end(),
                       [](const PthScalar& scalar) { return scalar.name.ends_with("path_type"); });
}

/// An expanded tensor costs its file nothing; sizes taken from it would cost this program memory.
bool justified(const std::vector<NamedTensor>& tensors, const CheckpointFile& file) {
    std::uint64_t bytes = 0;
    for (const NamedTensor& tensor : tensors) {
        if (__builtin_add_overflow(bytes, tensor.tensor->bytes, &bytes)) return false;
    }
    return bytes / 2 <= file.bytes() + (std::uint64_t{32} << 20);
}

void describe(const LoadPlan& plan, std::span<const Parameter> parameters, Recognition& r) {
    for (const FillRow& row : plan.rows) {
        const Parameter& parameter = parameters[row.parameter];
        if (row.fill == Fill::Copy || row.fill == Fill::Reshape) continue;
        if (!row.source && row.fill == Fill::Missing) {
            r.missing.push_back(parameter.name);
            continue;
        }
        r.differences.push_back({parameter.name, parameter.tensor.sizes().vec(),
                                 row.source ? row.source->tensor->shape : std::vector<std::int64_t>{}, row.remedy});
    }
    for (const NamedWeight* weight : plan.unexpected)
        r.unexpected.push_back(weight->name);
    r.confidence = static_cast<double>(plan.copied) /
                   static_cast<double>(std::max<std::size_t>(plan.rows.size() + plan.unexpected.size(), 1));
    r.known = r.confidence >= 0.5;
}

std::string summary(const LoadPlan& plan, const Recognition& r) {
    const auto counts = std::to_string(plan.copied) + " of " + std::to_string(plan.rows.size());
    const Family* family = findFamily(r.spec.family);
    const std::string title(family ? family->title : r.spec.family);
    if (r.preset) return counts + " tensors have the names and shapes of " + r.spec.name + ".";
    return counts + " tensors have the names and shapes of a " + title + " that is " + std::to_string(r.spec.dim) +
           " wide and " + std::to_string(r.spec.depth) + " layers deep; no preset has these sizes.";
}

/// Compares with the model; one that cannot be built is no candidate.
bool compare(Candidate& candidate, bool newHeads) {
    Recognition& r = candidate.recognition;
    try {
        const auto parameters = describeParameters(r.spec);
        const auto plan = planLoad(parameters, *candidate.weights, r.spec, newHeads);
        describe(plan, parameters, r);
        r.explanation = summary(plan, r);
        candidate.copied = plan.copied;
        return true;
    } catch (const std::exception&) {  // a forged shape may also break torch's own arithmetic
        return false;
    }
}

void noteSizes(Recognition& r) {
    if (!r.preset) return;
    const ModelSpec& preset = findPreset(r.spec.name);
    if (preset.numClasses != r.spec.numClasses)
        r.notes.push_back(thousands(r.spec.numClasses) + " classes instead of the preset's " +
                          thousands(preset.numClasses) + ".");
    if (preset.imageSize != r.spec.imageSize)
        r.notes.push_back("Built for " + std::to_string(r.spec.imageSize) + " px instead of the preset's " +
                          std::to_string(preset.imageSize) + ".");
}

std::vector<Candidate> candidates(const std::vector<NamedTensor>& tensors, const std::string& hints) {
    std::vector<Candidate> found;
    for (const Naming& naming : namings()) {
        const auto weights = spelled(naming, tensors);
        if (!weights) continue;
        for (const FamilyRule& rule : familyRules()) {
            auto sizes = rule.read(*weights);
            if (!sizes) continue;
            Candidate candidate{{}, weights};
            Recognition& r = candidate.recognition;
            r.spec = std::move(sizes->spec);
            r.preset = adoptPreset(r.spec, sizes->imageSizeSeen, sizes->classesSeen, hints);
            r.naming = naming.label == "official" ? rule.naming : naming.label;
            r.notes = std::move(sizes->notes);
            noteSizes(r);
            if (weights->all().size() < tensors.size())
                r.notes.push_back(thousands(static_cast<std::int64_t>(tensors.size() - weights->all().size())) +
                                  " tensors outside " + std::string(naming.only) + " belong to something else.");
            if (compare(candidate, false)) found.push_back(std::move(candidate));
        }
    }
    return found;
}

bool isFlowFamily(const ModelSpec& spec) { return spec.family == "sit" || spec.family == "sitllama"; }

/// LLaMA-style language models are known only as a source of weights (models.md 3.6).
std::optional<Recognition> languageModel(const std::vector<NamedTensor>& tensors) {
    const Naming naming{"LLaMA", "", kLlamaNames};
    const auto weights = spelled(naming, tensors);
    const int width = weights->extent("layers.0.self_attn.q_proj.weight", 1);
    if (width == 0 || !weights->has("layers.0.mlp.gate_proj.weight")) return std::nullopt;
    Recognition r;
    r.naming = "LLaMA";
    r.confidence = 1;
    r.spec.name = "LLaMA language model";
    r.explanation = "A LLaMA language model with " + std::to_string(weights->count("layers.")) + " layers of width " +
                    std::to_string(width) + ": not a vision model, but weights can be selected from it.";
    return r;
}

RecognisedWeights ownDescription(const CheckpointFile& file, const std::vector<NamedTensor>& tensors) {
    Candidate candidate{{}, spelled(namings().front(), tensors)};
    Recognition& r = candidate.recognition;
    r.spec = fromMetadata(file.metadata(), file.path()).spec;
    const auto presets = modelPresets();
    r.preset = std::any_of(presets.begin(), presets.end(), [&](const ModelSpec& p) { return p.name == r.spec.name; });
    r.naming = "official";
    if (compare(candidate, false)) r.explanation = "The file says that it is " + r.spec.name + "; " + r.explanation;
    return {r, candidate.weights};
}

RecognisedWeights againstPreset(const CheckpointFile& file, const WeightTree& tree, const std::string& preset) {
    Candidate candidate;
    candidate.recognition.spec = findPreset(preset);
    candidate.recognition.preset = true;
    candidate.recognition.naming = "as asked";
    candidate.weights = weightsFor(candidate.recognition.spec, file, tree);
    if (!compare(candidate, true))
        candidate.recognition.explanation = "Model " + preset + " cannot be built in this program.";
    return {candidate.recognition, candidate.weights};
}

}  // namespace

RecognisedWeights recognise(const CheckpointFile& file, const WeightTree& tree, const std::string& preset) {
    if (!preset.empty()) return againstPreset(file, tree, preset);
    const auto tensors = tensorsOf(tree, file.tensors());
    RecognisedWeights unknown{{}, spelled(namings().front(), tensors)};
    unknown.recognition.explanation = "No known model has tensors of these names and shapes.";
    if (!justified(tensors, file)) return unknown;
    if (file.metadata().contains(kSpecKey)) return ownDescription(file, tensors);
    if (auto language = languageModel(tensors)) return {*language, unknown.weights};

    const auto hints = hintsOf(file);
    auto found = candidates(tensors, hints);
    const bool flow = isFlow(file, hints);
    const auto best = std::max_element(found.begin(), found.end(), [&](const Candidate& a, const Candidate& b) {
        if (a.recognition.confidence != b.recognition.confidence)
            return a.recognition.confidence < b.recognition.confidence;
        return (isFlowFamily(a.recognition.spec) == flow) < (isFlowFamily(b.recognition.spec) == flow);
    });
    return best == found.end() ? unknown : RecognisedWeights{best->recognition, best->weights};
}

std::shared_ptr<const WeightNames> weightsFor(const ModelSpec& spec, const CheckpointFile& file,
                                              const WeightTree& tree) {
    static constexpr NameRow kInto[]{{"*", "backbone.*"}};
    const auto tensors = tensorsOf(tree, file.tensors());
    std::vector<Naming> spellings(namings().begin(), namings().end());
    spellings.push_back({"official", "", kInto});
    spellings.push_back({"official", "backbone.*", kBackboneNames});
    std::shared_ptr<const WeightNames> best;
    std::size_t most = 0;
    for (const Naming& naming : spellings) {
        const auto weights = spelled(naming, tensors);
        if (!weights) continue;
        Candidate candidate{{}, weights};
        candidate.recognition.spec = spec;
        if (!compare(candidate, true)) return weights;
        if (!best || candidate.copied > most) best = weights, most = candidate.copied;
    }
    return best;
}

}  // namespace vl
