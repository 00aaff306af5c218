// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/model/model_words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <QCoreApplication>
#include <QLocale>

#include "engine/api/families.h"

namespace vl {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("ModelView", text); }

bool namesLanguageModel(const Recognition& r) { return r.naming == "LLaMA"; }

/// "small", "XL": the word in a preset's name that says how large it is; empty: none does.
QString sizeWord(const std::string& preset) {
    for (const QString& part : QString::fromStdString(preset).toLower().split(QLatin1Char('_')))
        for (const QString& piece : part.split(QLatin1Char('-'))) {
            if (piece == QLatin1String("xl")) return QStringLiteral("XL");
            if (piece == QLatin1String("s") || piece == QLatin1String("small")) return tr("small");
            if (piece == QLatin1String("b") || piece == QLatin1String("base")) return tr("base");
            if (piece == QLatin1String("l") || piece == QLatin1String("large")) return tr("large");
            if (piece == QLatin1String("tiny") || piece == QLatin1String("micro")) return piece;
        }
    return {};
}

QString bodyText(const ModelSpec& spec, bool preset) {
    const Family* family = findFamily(spec.family);
    QString text = family ? QString::fromUtf8(family->title.data(), int(family->title.size())) : QString::fromStdString(spec.family);
    const QString size = preset ? sizeWord(spec.name) : QString();
    if (!size.isEmpty()) return text + QLatin1Char(' ') + size;
    return text + tr(", %1 wide, %2 layers").arg(spec.dim).arg(spec.depth);
}

QString inputText(const ModelSpec& spec) {
    switch (spec.task()) {
        case ModelTask::Generate: return tr("%1 × %1 latents").arg(spec.imageSize);
        case ModelTask::Autoencode: return tr("%1 latent channels").arg(spec.autoencoder.latentChannels);
        default: return tr("%1 px").arg(spec.imageSize);
    }
}

}  // namespace

QString recognitionText(const Recognition& r) {
    if (!r.known) return namesLanguageModel(r) ? tr("LLaMA language model") : tr("Not a model this program knows");
    QString text = bodyText(r.spec, r.preset) + QStringLiteral(", ") + inputText(r.spec);
    const ModelTask task = r.spec.task();
    if (task != ModelTask::Autoencode && task != ModelTask::Pretrain)
        text += tr(", %1 classes").arg(QLocale().toString(r.spec.numClasses));
    // Nearly all is not all: 99.96 % must not read as 100 %.
    const int percent = r.confidence >= 1 ? 100 : std::min(99, int(std::lround(100 * r.confidence)));
    return text + tr(", recognised with %1 %").arg(percent);
}

QString whyNoPictures(const Recognition& r) {
    if (!r.known) return tr("Pictures need a model that was recognised.");
    if (r.spec.task() != ModelTask::Classify) return tr("This model does not classify pictures.");
    const auto cannotLoad = std::count_if(r.differences.begin(), r.differences.end(),
                                          [](const ShapeDifference& d) { return d.remedy.empty(); });
    if (!r.missing.empty() || cannotLoad > 0) return tr("Weights of the model are missing or have other shapes.");
    if (r.spec.family == "visionllama_pyramid" || r.spec.family == "twins")
        return tr("Inspect cannot draw its windowed attention yet.");
    return {};
}

QString useText(const Recognition& r) {
    if (!r.known) {
        if (namesLanguageModel(r)) return tr("Layers of it can start an iLLaMA: its weights are selected by width and depth.");
        return tr("Its tensors can be looked through here and compared with any preset in the panel on the right.");
    }
    switch (r.spec.task()) {
        case ModelTask::Classify: break;
        case ModelTask::Pretrain:
            return tr("A masked autoencoder restores hidden patches and names no classes; the forward command runs it.");
        case ModelTask::Generate: return tr("A denoiser draws latents of a class, step by step; the forward command runs one step.");
        case ModelTask::Segment: return tr("A segmentation model gives every pixel a class; the forward command runs it.");
        case ModelTask::Detect: return tr("A detector finds objects with boxes and masks; the forward command runs it.");
        case ModelTask::Autoencode:
            return tr("An autoencoder turns pictures into the latents denoisers work on, and back; the forward command runs it.");
    }
    const QString why = whyNoPictures(r);
    if (!why.isEmpty()) return why + QLatin1Char(' ') + (r.missing.empty() ? tr("The forward command runs it.") : tr("The panel on the right lists what differs."));
    return tr("It can look at pictures: open it in Inspect for predictions and attention.");
}

}  // namespace vl
