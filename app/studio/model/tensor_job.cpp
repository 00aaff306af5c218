// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/model/tensor_job.h"

#include <utility>

#include <QSaveFile>

namespace vl {

TensorJob::TensorJob(QObject* parent) : QObject(parent) { pool_.setMaxThreadCount(1); }

TensorJob::~TensorJob() {
    pool_.clear();
    pool_.waitForDone();
}

void TensorJob::start(std::shared_ptr<const CheckpointReport> report, const TensorQuery& query) {
    const std::uint64_t number = ++newest_;
    pool_.start([this, number, query, known = list_, report = std::move(report)] {
        const auto list = known && known->report == report ? known : listTensors(report);
        auto order = arrange(*list, query);
        QMetaObject::invokeMethod(this, [this, number, list, order = std::move(order)] {
            if (number != newest_) return;
            list_ = list;
            Q_EMIT ready(list, order);
        });
    });
}

void TensorJob::clear() {
    ++newest_;
    list_.reset();
}

void TensorJob::write(const QString& file, std::shared_ptr<const TensorList> list, std::vector<int> order,
                      std::function<void(const QString&)> done) {
    pool_.start([this, file, list = std::move(list), order = std::move(order), done = std::move(done)] {
        QSaveFile out(file);
        const QByteArray text = tensorsAsText(*list, order, QLatin1Char(',')).toUtf8();
        const bool written = out.open(QIODevice::WriteOnly) && out.write(text) == text.size() && out.commit();
        QMetaObject::invokeMethod(this, [done, problem = written ? QString() : out.errorString()] { done(problem); });
    });
}

void TensorJob::release(std::shared_ptr<const TensorList> list) {
    pool_.start([list = std::move(list)]() mutable { list.reset(); });
}

}  // namespace vl
