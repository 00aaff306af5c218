// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStatusBar>

#include "engine/api/types.h"

class QLabel;
class QPushButton;

namespace vl {

class StateChip;

/// The last row, 28 high: device, confirmed state, throughput, memory, what is saved; Log, Problems, Jobs at the right.
class StatusRow : public QStatusBar {
    Q_OBJECT
public:
    explicit StatusRow(QWidget* parent = nullptr);

    void showMachine(const MachineInfo& machine);
    void showRun(const RunStatus& status, double nowWallSeconds);
    void showMemory(double usedGb, double totalGb);
    void showCounts(int problems, int jobs);

Q_SIGNALS:
    void deviceClicked();
    void stateClicked();
    void panelClicked(int page);     ///< 0 log, 1 problems, 2 jobs

private:
    QPushButton *device_, *log_, *problems_, *jobs_;
    StateChip* chip_;
    QWidget* rateBox_;
    QLabel *rate_, *memory_, *savedIcon_, *saved_;
};

/// "CPU, 16 threads, bf16" or the GPU's name; "looking at the machine…" until it is known.
QString deviceText(const MachineInfo& machine);
/// Memory this process holds, in GB; 0 where the system does not tell.
double processMemoryGb();

}  // namespace vl
