// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/dense/dense_feed.h"

#include <utility>

#include <QStringList>

namespace vl {
namespace {

constexpr int kPeriodMs = 100, kIdlePolls = 50;

}  // namespace

DenseFeed::DenseFeed(Engine& engine, ModelTask task, std::uint64_t idBase, QObject* parent)
    : QObject(parent), engine_(engine), task_(task), idBase_(idBase) {
    timer_.setInterval(kPeriodMs);
    connect(&timer_, &QTimer::timeout, this, &DenseFeed::poll);
}

void DenseFeed::wake() {
    idlePolls_ = 0;
    timer_.start();
}

void DenseFeed::ask(DenseRequest request) {
    request_ = std::move(request);
    look_ = {};
    renewing_ = renewed_ = false;
    const RunStatus run = engine_.status();
    followed_ = {run.generation, run.savedStep};
    send();
    poll();
}

void DenseFeed::send() {
    request_.id = idBase_ + ++serial_;
    request_.task = task_;
    forgetAnswer();
    engine_.lookAtPictures(request_);
    wake();
}

void DenseFeed::follow(const RunStatus& run) {
    const Checkpoint newest{run.generation, run.savedStep};
    if (!asked() || !request_.live || busy() || run.savedStep == 0 || newest == followed_) return;
    followed_ = newest;
    renewing_ = true;
    send();
    Q_EMIT changed();
}

QString DenseFeed::progressText() const {
    if (!busy() && !look_.cancelled) return {};
    const bool segments = task_ == ModelTask::Segment;
    if (busy() && renewing_) return segments ? tr("segmenting with newer weights") : tr("searching with newer weights");
    if (busy() && (look_.request == 0 || look_.all == 0)) return tr("loading the model");
    const DensePicture* last = look_.pictures.empty() ? nullptr : look_.pictures.back().get();
    QStringList at;
    if (look_.all > 1) at << tr("%1 of %2").arg(look_.done).arg(look_.all);
    if (last && last->tiles > 1 && last->tilesDone < last->tiles)
        at << tr("tile %1 of %2").arg(last->tilesDone).arg(last->tiles);
    if (!busy() && at.isEmpty()) at << tr("%1 of %2").arg(look_.done).arg(look_.all);
    const QString where = at.join(QStringLiteral(", "));
    if (!busy()) return tr("cancelled at %1").arg(where);
    return !where.isEmpty() ? where : segments ? tr("segmenting") : tr("searching");
}

double DenseFeed::share() const {
    if (look_.all <= 0) return 0;
    const DensePicture* last = look_.pictures.empty() ? nullptr : look_.pictures.back().get();
    double done = double(look_.done);
    if (last && last->tilesDone < last->tiles) done += double(last->tilesDone) / last->tiles;
    return done / double(look_.all);
}

void DenseFeed::cancel() {
    engine_.cancelPictures(task_);
    wake();
    poll();
}

void DenseFeed::question(RegionQuestion question) {
    if (renewing_) return;  // the pictures it is about are being replaced
    question.id = asked_ = idBase_ + ++questions_;
    question.task = task_;
    question.request = look_.request;
    answer_.reset();
    engine_.askAboutRegion(question);
    wake();
}

void DenseFeed::forgetAnswer() {
    asked_ = 0;
    answer_.reset();
}

void DenseFeed::save(DenseExport what) {
    what.task = task_;
    what.request = look_.request;
    engine_.exportPictures(what);
}

void DenseFeed::poll() {
    DenseLook now = engine_.pictures(task_);
    // An older request's pictures are no answer to this one.
    const bool ours = now.request == request_.id && !(renewing_ && now.busy);
    if (ours && (now.request != look_.request || now.version != look_.version || now.busy != look_.busy)) {
        if (now.request != look_.request) renewed_ = std::exchange(renewing_, false);
        look_ = std::move(now);
        Q_EMIT changed();
    }
    if (auto answer = engine_.regionAnswer(); answer && asked_ && answer->question == asked_ && answer != answer_) {
        answer_ = std::move(answer);
        Q_EMIT answered();
    }
    if (!busy()) follow(engine_.status());  // a checkpoint written in the meantime
    const bool waiting = busy() || (asked_ && !answer_);
    idlePolls_ = look_.busy || renewing_ ? 0 : idlePolls_ + 1;
    if (!waiting || idlePolls_ > kIdlePolls) timer_.stop();
}

}  // namespace vl
