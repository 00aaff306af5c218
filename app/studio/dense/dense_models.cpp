// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/dense/dense_models.h"

#include <algorithm>
#include <utility>

#include <QCoreApplication>
#include <QLocale>

#include "app/studio/shell/run_store.h"
#include "app/studio/shell/studio_settings.h"
#include "engine/core/error.h"

namespace vl {

DenseModels::DenseModels(RunStore& runs, ModelTask task, std::filesystem::path demoFolder, QObject* parent)
    : QObject(parent), runs_(runs), task_(task), demoFolder_(std::move(demoFolder)) {
    pool_.setMaxThreadCount(1);
    connect(&runs_, &RunStore::runAdded, this, &DenseModels::scan);
}

DenseModels::~DenseModels() {
    pool_.clear();
    pool_.waitForDone();
}

void DenseModels::scan() {
    std::vector<CheckpointInfo> known;
    for (const auto& run : runs_.runs()) {
        const auto& files = run->record.checkpoints;  // newest first
        for (std::size_t i = 0; i < files.size(); ++i)
            if ((i == 0 || files[i].file == run->record.best) && files[i].spec.task() == task_)
                known.push_back(files[i]);
    }
    pool_.start([this, task = task_, folder = demoFolder_, known = std::move(known)]() mutable {
        std::vector<CheckpointInfo> found;
        std::error_code error;
        for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
            if (it->path().extension() != ".safetensors") continue;
            try {
                CheckpointInfo info = readCheckpointInfo(it->path());
                if (info.spec.task() == task) found.push_back(std::move(info));
            } catch (const std::exception&) {
                continue;  // the one who opens it by hand is told, a listing leaves it out
            }
        }
        std::ranges::sort(found, {}, &CheckpointInfo::file);
        found.insert(found.end(), known.begin(), known.end());
        QMetaObject::invokeMethod(this, [this, found = std::move(found)]() mutable { add(std::move(found)); });
    });
}

void DenseModels::add(std::vector<CheckpointInfo> found) {
    bool fresh = false;
    for (CheckpointInfo& info : found) {
        if (find(info.file) >= 0) continue;
        const QString stem = fromPath(info.file.stem());
        const QString run = fromPath(info.file.parent_path().parent_path().filename());
        QString name = stem;
        if (info.file.parent_path() != demoFolder_ && info.step > 0)
            name = tr("%1, step %2")
                       .arg(run.isEmpty() ? stem : run, QLocale(QLocale::English).toString(qlonglong(info.step)));
        models_.push_back({name, std::move(info)});
        fresh = true;
    }
    if (fresh) Q_EMIT changed();
}

int DenseModels::find(const std::filesystem::path& file) const {
    const auto found = std::ranges::find_if(models_, [&](const DenseChoice& each) { return each.info.file == file; });
    return found == models_.end() ? -1 : static_cast<int>(found - models_.begin());
}

void DenseModels::open(const std::filesystem::path& file, std::function<void(int, const QString&)> done) {
    pool_.start([this, task = task_, file, done = std::move(done)] {
        QString why;
        std::vector<CheckpointInfo> found;
        try {
            CheckpointInfo info = readCheckpointInfo(file);
            if (info.spec.task() == task)
                found.push_back(std::move(info));
            else
                why = tr("%1 holds %2, a model of another task.")
                          .arg(fromPath(file.filename()), QString::fromStdString(info.spec.name));
        } catch (const Error& error) {
            why = QString::fromStdString(error.message());
        } catch (const std::exception&) {
            why = tr("%1 could not be read.").arg(fromPath(file.filename()));
        }
        QMetaObject::invokeMethod(this, [this, file, done, why, found = std::move(found)] {
            if (!found.empty()) add(found);
            done(found.empty() ? -1 : find(file), why);
        });
    });
}

void DenseModels::wait() {
    pool_.waitForDone();
    QCoreApplication::sendPostedEvents(this, QEvent::MetaCall);
}

}  // namespace vl
