// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

#include "app/studio/hud/hud_data.h"

namespace vl {

class EngineLink;
class HudWidget;

/// The place of the live HUD below the views: off until asked for, and then only where GL works. Nothing exists only here.
class HudHost : public QWidget {
    Q_OBJECT
public:
    explicit HudHost(EngineLink& link, QWidget* parent = nullptr);
    ~HudHost() override;

    bool isShown() const { return shown_; }
    void setShown(bool shown);
    /// Why there is no HUD on this machine, one sentence; empty when it can be shown. Probes once, on first use.
    QString whyUnavailable() const;
    const HudData& data() const { return data_; }
    /// Steps to draw while no run is in progress.
    void setRecorded(std::vector<StepMetrics> rows);

Q_SIGNALS:
    void shownChanged(bool shown);

private:
    void takeData();

    EngineLink& link_;
    HudWidget* widget_ = nullptr;
    HudData data_;
    std::vector<StepMetrics> recorded_;
    bool shown_ = false;
};

}  // namespace vl
