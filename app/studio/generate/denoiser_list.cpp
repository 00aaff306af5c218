// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/generate/denoiser_list.h"

#include <algorithm>
#include <utility>

#include <QCoreApplication>
#include <QLocale>

#include "app/studio/shell/run_store.h"
#include "app/studio/shell/studio_settings.h"
#include "engine/core/error.h"

namespace vl {
namespace {

std::optional<CheckpointInfo> denoiserIn(const std::filesystem::path& file) {
    try {
        CheckpointInfo info = readCheckpointInfo(file);
        if (info.spec.task() == ModelTask::Generate) return info;
    } catch (const std::exception&) {
        // Not ours or broken: the one who opens it by hand is told, a listing leaves it out.
    }
    return std::nullopt;
}

}  // namespace

DenoiserList::DenoiserList(RunStore& runs, std::filesystem::path demoFolder, QObject* parent)
    : QObject(parent), runs_(runs), demoFolder_(std::move(demoFolder)) {
    pool_.setMaxThreadCount(1);
    connect(&runs_, &RunStore::runAdded, this, &DenoiserList::scan);
}

DenoiserList::~DenoiserList() {
    pool_.clear();
    pool_.waitForDone();
}

void DenoiserList::scan() {
    std::vector<CheckpointInfo> known;
    for (const auto& run : runs_.runs()) {
        const auto& files = run->record.checkpoints;  // newest first
        const auto best =
            std::find_if(files.begin(), files.end(), [&](const auto& each) { return each.file == run->record.best; });
        for (auto it = files.begin(); it != files.end(); ++it)
            if ((it == files.begin() || it == best) && it->spec.task() == ModelTask::Generate) known.push_back(*it);
    }
    pool_.start([this, folder = demoFolder_, known = std::move(known)]() mutable {
        std::vector<CheckpointInfo> found;
        std::vector<std::filesystem::path> files;
        std::error_code error;
        for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
            if (it->path().extension() == ".safetensors") files.push_back(it->path());
        std::sort(files.begin(), files.end(), std::greater<>());  // the flow demo (sit…) before the other (dit…)
        for (const auto& file : files)
            if (auto info = denoiserIn(file)) found.push_back(std::move(*info));
        found.insert(found.end(), known.begin(), known.end());
        QMetaObject::invokeMethod(this, [this, found = std::move(found)]() mutable { add(std::move(found)); });
    });
}

void DenoiserList::add(std::vector<CheckpointInfo> found) {
    bool fresh = false;
    for (CheckpointInfo& info : found) {
        if (find(info.file) >= 0) continue;
        const bool demo = info.file.parent_path() == demoFolder_;
        const QString stem = fromPath(info.file.stem());
        const QString step = QLocale(QLocale::English).toString(qlonglong(info.step));
        const QString run = fromPath(info.file.parent_path().parent_path().filename());
        const QString name = demo            ? stem
                             : info.step > 0 ? tr("%1, step %2").arg(run.isEmpty() ? stem : run, step)
                                             : stem;
        models_.push_back({name, std::move(info)});
        fresh = true;
    }
    if (fresh) Q_EMIT changed();
}

int DenoiserList::find(const std::filesystem::path& file) const {
    for (std::size_t i = 0; i < models_.size(); ++i)
        if (models_[i].info.file == file) return static_cast<int>(i);
    return -1;
}

void DenoiserList::open(const std::filesystem::path& file, std::function<void(int, const QString&)> done) {
    pool_.start([this, file, done = std::move(done)] {
        QString why;
        std::optional<CheckpointInfo> info;
        try {
            info = readCheckpointInfo(file);
            if (info->spec.task() != ModelTask::Generate) {
                why = tr("%1 holds %2, which makes no pictures.")
                          .arg(fromPath(file.filename()), QString::fromStdString(info->spec.name));
                info.reset();
            }
        } catch (const Error& error) {
            why = QString::fromStdString(error.message());
        } catch (const std::exception&) {
            why = tr("%1 could not be read.").arg(fromPath(file.filename()));
        }
        QMetaObject::invokeMethod(this, [this, file, done, why, info = std::move(info)] {
            if (info) add({*info});
            done(info ? find(file) : -1, why);
        });
    });
}

void DenoiserList::wait() {
    pool_.waitForDone();
    QCoreApplication::sendPostedEvents(this, QEvent::MetaCall);
}

}  // namespace vl
