// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <thread>

#include <QWidget>

class QLabel;
class QPushButton;

namespace vl {

class EngineLink;

/// Closing in order: asks once while a run is in progress, then lets the engine save, stop and join its threads on a
/// thread of its own while the row says so; the window goes last.
class CloseGuard : public QWidget {
    Q_OBJECT
public:
    explicit CloseGuard(EngineLink& link, QWidget* parent = nullptr);
    ~CloseGuard() override;

    enum class Phase { Open, Asking, Closing, Done };
    Phase phase() const { return phase_; }
    /// True: the window may go now. Otherwise finished() follows, or the user keeps the run.
    bool mayClose();
    void keepRunning();
    void saveAndClose();

Q_SIGNALS:
    void phaseChanged();
    void finished();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void setPhase(Phase phase);

    EngineLink& link_;
    Phase phase_ = Phase::Open;
    QLabel *title_, *detail_;
    QPushButton *keep_, *close_;
    std::thread worker_;
};

}  // namespace vl
