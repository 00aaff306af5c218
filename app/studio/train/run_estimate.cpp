// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/train/run_estimate.h"

#include <QObject>
#include <algorithm>
#include <cmath>

#include "engine/api/model_spec.h"
#include "widgets/chart_axis.h"

namespace vl {
namespace {

constexpr std::int64_t kFashionMnistTraining = 60'000;
/// Range of useful multiply-accumulates a second and core in training, small models on current processors.
constexpr double kSlowCore = 3e9, kFastCore = 20e9;
/// Forward and backward pass against the forward pass alone.
constexpr double kTrainingFactor = 3;

}  // namespace

QString roughTime(double seconds) {
    if (seconds < 90) return QObject::tr("about %1 s").arg(std::max(1, int(std::lround(seconds))));
    if (seconds < 90 * 60) return QObject::tr("about %1 min").arg(int(std::lround(seconds / 60)));
    return QObject::tr("about %1 h").arg(seconds / 3600, 0, 'f', seconds < 36000 ? 1 : 0);
}

RunEstimate estimateRun(const RunSettings& settings, const MachineInfo& machine,
                        const std::optional<MeasuredPace>& pace) {
    ModelSpec spec = findPreset(settings.model.preset);
    if (settings.model.imageSize > 0) spec.imageSize = settings.model.imageSize;
    if (settings.model.numClasses > 0)
        spec.numClasses = settings.model.numClasses;
    else if (settings.data.dataset == "fashion-mnist")
        spec.numClasses = 10;
    RunEstimate out;
    out.parameters = spec.parameterCount();
    out.macs = spec.macs();
    std::int64_t samples = settings.data.dataset == "fashion-mnist" ? kFashionMnistTraining : 0;
    if (samples > 0 && settings.data.validationShare > 0)
        samples = std::llround(double(samples) * (1 - settings.data.validationShare));
    if (settings.data.limit > 0)
        samples = samples > 0 ? std::min<std::int64_t>(samples, settings.data.limit) : settings.data.limit;
    const int batch = std::max(1, settings.data.batch);
    const std::int64_t perEpoch = samples / batch;
    out.steps =
        settings.train.maxSteps > 0 ? settings.train.maxSteps : std::llround(settings.train.epochs * double(perEpoch));
    out.images = out.steps * batch;
    if (out.steps <= 0) {
        out.time = QObject::tr("The number of pictures decides; it is known once the folder is read.");
        return out;
    }
    out.known = true;
    if (pace && pace->imagesPerSecond > 0 && pace->macs > 0) {
        const double speed = pace->imagesPerSecond * double(pace->macs) / double(out.macs);
        const QString source = pace->model.toStdString() == settings.model.preset
                                   ? QObject::tr("from the %1 img/s the last run reached here")
                                   : QObject::tr("scaled from the %1 img/s of %2 here, a rough guide")
                                         .arg(QStringLiteral("%1"), pace->model);
        out.time = roughTime(double(out.images) / speed) + ", " + source.arg(countText(pace->imagesPerSecond));
        return out;
    }
    const int cores = std::max(1, settings.train.threads > 0 ? settings.train.threads : machine.threads);
    const double work = double(out.images) * double(out.macs) * kTrainingFactor;
    out.time = QObject::tr("%1 to %2 on %3 threads; exact after the first steps")
                   .arg(roughTime(work / (kFastCore * cores)),
                        roughTime(work / (kSlowCore * cores)).remove(QObject::tr("about ")))
                   .arg(cores);
    return out;
}

}  // namespace vl
