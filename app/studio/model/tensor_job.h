// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <QObject>
#include <QThreadPool>

#include "widgets/tensor_list.h"

namespace vl {

/// Makes, filters and sorts the lines of a report off the GUI thread; only the newest question is answered.
class TensorJob : public QObject {
    Q_OBJECT
public:
    explicit TensorJob(QObject* parent = nullptr);
    ~TensorJob() override;

    void start(std::shared_ptr<const CheckpointReport> report, const TensorQuery& query);
    /// Drops the answer under way and forgets the list.
    void clear();
    /// Writes the lines as comma-separated values; `done` comes on the GUI thread with a problem, or none.
    void write(const QString& file, std::shared_ptr<const TensorList> list, std::vector<int> order,
               std::function<void(const QString& problem)> done);
    /// Large lists take their time to go; the last reference goes on the worker thread.
    void release(std::shared_ptr<const TensorList> list);
    void wait() { pool_.waitForDone(); }

Q_SIGNALS:
    void ready(const std::shared_ptr<const vl::TensorList>& list, const std::vector<int>& order);

private:
    std::shared_ptr<const TensorList> list_;
    std::uint64_t newest_ = 0;
    QThreadPool pool_;
};

}  // namespace vl
