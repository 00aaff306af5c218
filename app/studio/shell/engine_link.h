// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <QObject>
#include <QTimer>

#include "engine/api/engine.h"

namespace vl {

/// The studio's only ear on the engine: one 10 Hz timer pulls bulk data, the engine's listener wakes it for small
/// events. Signals fire on the GUI thread and only when something changed.
class EngineLink : public QObject {
    Q_OBJECT
public:
    explicit EngineLink(Engine& engine, QObject* parent = nullptr);
    ~EngineLink() override;

    Engine& engine() { return engine_; }
    const RunStatus& status() const { return status_; }
    const std::vector<StepMetrics>& steps() const { return steps_; }      ///< of the live run, all of them
    const std::vector<EvalMetrics>& evals() const { return evals_; }
    const std::vector<RunEvent>& events() const { return events_; }
    std::shared_ptr<const Inspection> inspection() const { return inspection_; }
    std::shared_ptr<const Gallery> gallery() const { return gallery_; }
    const std::vector<std::shared_ptr<const FilmFrame>>& film() const { return film_; }  ///< of the live run, oldest first
    const CheckpointLook& checkpoint() const { return checkpoint_; }
    /// Pulls now; the timer and the listener call it, tests may too.
    void poll();
    /// Off: neither timer nor listener, as if no studio were there; on again pulls what was missed. On at first.
    void setListening(bool on);

Q_SIGNALS:
    void statusChanged();
    void runReplaced();                   ///< another run's metrics: drop what you drew
    void metricsAdded(std::size_t firstStep, std::size_t firstEval);
    void eventsAdded(std::size_t first);
    void inspectionChanged();
    void galleryChanged();
    void filmAdded();
    void checkpointChanged();             ///< another answer, more of it, or progress
    void noticed(const vl::Notice& notice);

private:
    struct Wakeup;                        ///< shared with the engine's threads, which may outlive this object
    void pullRun();
    void pullPictures();
    void pullCheckpoint();

    Engine& engine_;
    QTimer timer_;
    std::shared_ptr<Wakeup> wakeup_;
    RunStatus status_;
    std::size_t nextStep_ = 0, nextEval_ = 0;
    std::vector<StepMetrics> steps_;
    std::vector<EvalMetrics> evals_;
    std::vector<RunEvent> events_;
    std::shared_ptr<const Inspection> inspection_;
    std::shared_ptr<const Gallery> gallery_;
    std::vector<std::shared_ptr<const FilmFrame>> film_;
    CheckpointLook checkpoint_;
};

}  // namespace vl
