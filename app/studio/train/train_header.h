// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QLabel>
#include <QMenu>
#include <QSlider>
#include <QWidget>

#include "app/studio/train/run_timeline.h"
#include "widgets/buttons.h"

namespace vl {

/// Title, chart controls and the big numbers of the run.
class TrainHeader : public QWidget {
    Q_OBJECT
public:
    explicit TrainHeader(QWidget* parent = nullptr);

    void setRun(const QString& name, const QString& detail);
    /// The text of a big number; "–" when unknown. Order: loss, accuracy, throughput, step time, epoch, time left,
    /// gradient norm, memory.
    enum Number { Loss, Accuracy, Throughput, StepTime, Epoch, TimeLeft, GradientNorm, Memory, NumberCount };
    void setNumber(Number number, const QString& value, const QString& unit);
    QString number(Number number) const;
    /// Another run may be judged by another number.
    void setNumberName(Number number, const QString& name);
    QString numberName(Number number) const;

    double smoothing() const;
    void setSmoothing(double beta);
    void setLog(bool log);
    void setXMode(XMode mode);
    QMenu* exportMenu() { return exportMenu_; }

Q_SIGNALS:
    void smoothingChanged(double beta);
    void xModeChanged(vl::XMode mode);
    void logChanged(bool log);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Cell {
        QWidget* box = nullptr;
        QLabel *name = nullptr, *value = nullptr, *unit = nullptr;
    };
    QWidget* makeControls();
    QWidget* makeNumbers();

    QLabel *title_, *detail_, *smoothingLabel_, *smoothingValue_;
    QSlider* slider_;
    SegmentedControl *mode_, *scale_;
    QPushButton* export_;
    QMenu* exportMenu_;
    std::vector<Cell> cells_;
};

/// The slider is finer near 1, where smoothing matters: position 0..100 to beta 0..0.999.
double smoothingAt(int position);
int smoothingPosition(double beta);

}  // namespace vl
