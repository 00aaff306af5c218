// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include <QObject>
#include <QTimer>

#include "engine/api/engine.h"

namespace vl {

/// What the engine says about the grid it makes, pulled ten times a second while one is under way, else not at all.
class GenerationFeed : public QObject {
    Q_OBJECT
public:
    explicit GenerationFeed(Engine& engine, QObject* parent = nullptr);

    /// Gives the request a number of its own and sends it.
    void ask(SampleRequest request);
    void question(CellQuestion question);
    /// Keeps pulling for a while: something was asked that may be answered after the chain has ended.
    void stayAwake();
    void poll();

    const GenerationStatus& status() const { return status_; }
    bool active() const;
    std::shared_ptr<const SampleRequest> request() const { return request_; }
    std::shared_ptr<const GenerationPlan> plan() const { return plan_; }
    const std::vector<std::shared_ptr<const SampleFrame>>& frames() const { return frames_; }
    std::shared_ptr<const CellAnswer> answer() const { return answer_; }
    double secondsPerCellStep() const { return pace_; }  ///< of the last grid, 0: not known

Q_SIGNALS:
    void replaced();  ///< another request: drop what was drawn
    void planned();
    void statusChanged();
    void framesAdded(std::size_t first);
    void ended();  ///< finished, stopped or failed
    void answered();

private:
    Engine& engine_;
    QTimer timer_;
    GenerationStatus status_;
    std::shared_ptr<const SampleRequest> request_;
    std::shared_ptr<const GenerationPlan> plan_;
    std::vector<std::shared_ptr<const SampleFrame>> frames_;
    std::shared_ptr<const CellAnswer> answer_;
    std::uint64_t serial_ = 0, questions_ = 0;
    double pace_ = 0;
    int idlePolls_ = 0;
};

}  // namespace vl
