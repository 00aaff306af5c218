// SPDX-License-Identifier: Apache-2.0
// Checks across fields.
#include "engine/api/denoiser_presets.h"
#include "engine/api/model_spec.h"
#include "engine/api/settings_text.h"
#include "engine/core/error.h"
#include "engine/core/text.h"

namespace vl {
namespace {

[[noreturn]] void fail(const std::string& message, std::string hint) { throw Error(ErrorCode::Usage, message, std::move(hint)); }

void checkCurve(const std::vector<ScheduleNode>& nodes) {
    if (nodes.empty()) fail("soft_mask.schedule is piecewise but soft_mask.nodes has no point.", "Add at least one point.");
    for (std::size_t i = 1; i < nodes.size(); ++i)
        if (!(nodes[i].epoch > nodes[i - 1].epoch))
            fail("soft_mask.nodes must have ascending epochs, but " + formatNumber(nodes[i].epoch) + " follows " + formatNumber(nodes[i - 1].epoch) + ".",
                 "Sort the points by epoch and keep one of each.");
}

void checkModel(const ModelSettings& model) {
    auto spec = findPreset(model.preset);
    if (model.imageSize > 0) spec.imageSize = model.imageSize;
    if (model.numClasses > 0) spec.numClasses = model.numClasses;
    validate(spec);
}

/// What only denoisers have, and what they cannot do without.
void checkGeneration(const RunSettings& settings, const ModelSpec& spec) {
    const bool flow = isFlowDenoiser(spec);
    const std::string& prediction = settings.generate.prediction;
    const bool fits = prediction == "default" || prediction == "noise" ||
                      prediction == "velocity" || prediction == (flow ? "score" : "clean");
    if (!fits)
        fail("Model '" + spec.name + "' cannot learn generate.prediction = " + prediction + ".",
             flow ? "Flow models learn velocity, noise or score." : "Gaussian models learn noise, clean or velocity.");
    if (!spec.diffusion.latent && (settings.data.mean != 0.5 || settings.data.std != 0.5))
        fail("Denoisers see pixels from -1 to 1, but data.mean and data.std give others.", "Set both to 0.5.");
    if (spec.diffusion.latent != (settings.data.dataset == "latents"))
        fail(spec.diffusion.latent ? "Model '" + spec.name + "' works on latents, but data.dataset holds pictures."
                                   : "Model '" + spec.name + "' works on pixels, but data.dataset holds latents.",
             spec.diffusion.latent ? "Encode the pictures with encode-latents and set data.dataset = \"latents\"."
                                   : "Train on the pictures, or choose a latent model.");
}

bool isDense(ModelTask task) { return task == ModelTask::Segment || task == ModelTask::Detect; }

/// Whether a data set has what a model of this task learns.
bool serves(const std::string& dataset, ModelTask task) {
    const bool pixels = dataset == "ade20k" || dataset == "coco-stuff" || dataset == "voc" || dataset == "masks";
    if (task == ModelTask::Segment) return pixels;
    if (task == ModelTask::Detect) return dataset == "coco";
    return !pixels && dataset != "coco";
}

void checkData(const DataSettings& data, const ModelSpec& spec) {
    if (!serves(data.dataset, spec.task()))
        fail("Model '" + spec.name + "' is for " + toString(spec.task()) + ", but data.dataset is " + data.dataset + ".",
             spec.task() == ModelTask::Segment  ? "Set data.dataset to ade20k, coco-stuff, voc or masks."
             : spec.task() == ModelTask::Detect ? "Set data.dataset to coco."
                                                : "Set data.dataset to fashion-mnist, folder or latents.");
    if (data.path.empty() && isDense(spec.task()))
        fail("data.dataset is " + data.dataset + " but data.path is empty.",
             "Set data.path to its folder; make-scenes writes one to try.");
    if (isDense(spec.task()) && data.validationShare > 0)
        fail("data.validation_share is not for annotated pictures, which come with a validation part.", "Set it to 0.");
}

}  // namespace

void validate(const RunSettings& settings) {
    for (const auto& field : settingFields()) detail::checkedValue(field, field.get(settings));
    if (trimmed(settings.name).empty()) fail("The run has no name.", "Set name.");
    const auto& train = settings.train;
    if (train.epochs <= 0 && train.maxSteps <= 0) fail("The run has no length.", "Set train.epochs or train.max_steps.");
    if (train.epochs > 0 && train.warmupEpochs > train.epochs)
        fail("The warm-up (train.warmup_epochs) is longer than the run (train.epochs).", "Shorten the warm-up.");
    if (train.parts > settings.data.batch)
        fail("train.parts cuts a batch into more parts than it has pictures.", "Set train.parts to at most data.batch.");
    if (train.minLr > train.lr) fail("train.min_lr is above train.lr.", "Lower train.min_lr.");
    if (settings.softMask.schedule == "piecewise") checkCurve(settings.softMask.nodes);
    if (settings.data.dataset == "latents" && settings.data.path.empty())
        fail("data.dataset is latents but data.path is empty.", "Set data.path to the folder that encode-latents wrote.");
    if (settings.data.dataset == "folder" && settings.data.path.empty())
        fail("data.dataset is folder but data.path is empty.", "Set data.path to the folder with one subfolder per class.");
    checkModel(settings.model);
    const ModelSpec& preset = findPreset(settings.model.preset);
    checkData(settings.data, preset);
    if (settings.dense.minRatio > settings.dense.maxRatio)
        fail("dense.min_ratio is above dense.max_ratio.", "Swap them.");
    if (preset.task() == ModelTask::Generate) checkGeneration(settings, preset);
}

}  // namespace vl
