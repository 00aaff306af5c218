// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/train/setting_effect.h"

#include <QObject>

#include "engine/api/denoiser_presets.h"

namespace vl {

bool sectionMatters(std::string_view section, ModelTask task) {
    if (section == "soft_mask") return task != ModelTask::Generate;
    if (section == "generate") return task == ModelTask::Generate;
    return true;
}

QString whyWithoutEffect(std::string_view key, const ModelSpec& model) {
    if (model.task() != ModelTask::Generate) return {};
    if (key == "train.label_smoothing") return QObject::tr("Denoisers learn noise, not labels.");
    if (key == "model.class_token") return QObject::tr("Denoisers have no class token.");
    const bool flow = isFlowDenoiser(model);
    if (!flow && (key == "generate.path" || key == "generate.loss_weight"))
        return QObject::tr("Only flow models (SiT) take a path.");
    if (flow && key == "generate.betas") return QObject::tr("Flow models have no noise schedule of 1000 steps.");
    if (!model.diffusion.latent && key == "generate.autoencoder")
        return QObject::tr("This model makes pixels; nothing is to be decoded.");
    if (model.diffusion.latent && (key == "generate.judge" || key == "generate.frechet_samples"))
        return QObject::tr("Samples of latent models are judged afterwards, with evaluate-samples.");
    return {};
}

}  // namespace vl
