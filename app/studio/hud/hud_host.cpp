// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/hud/hud_host.h"

#include <utility>

#include <QVBoxLayout>

#include "app/studio/hud/gl_probe.h"
#include "app/studio/hud/hud_widget.h"
#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/status_row.h"

namespace vl {
namespace {

constexpr int kHeight = 184;

}  // namespace

HudHost::HudHost(EngineLink& link, QWidget* parent) : QWidget(parent), link_(link) {
    setFixedHeight(kHeight);
    setAccessibleName(tr("Live HUD"));
    auto* box = new QVBoxLayout(this);
    box->setContentsMargins(0, 0, 0, 0);
    hide();
    connect(&link_, &EngineLink::metricsAdded, this, &HudHost::takeData);
    connect(&link_, &EngineLink::runReplaced, this, &HudHost::takeData);
    connect(&link_, &EngineLink::statusChanged, this, &HudHost::takeData);
}

HudHost::~HudHost() = default;

QString HudHost::whyUnavailable() const { return whyNoGl(); }

void HudHost::takeData() {
    if (!shown_) return;
    data_.take(link_.steps().empty() ? recorded_ : link_.steps());
    data_.addMemory(float(processMemoryGb()));
    data_.memoryTotalGb = link_.engine().machine().memoryTotalGb;
    data_.state = link_.status().state;
    if (widget_) widget_->show(data_);
}

void HudHost::setRecorded(std::vector<StepMetrics> rows) {
    recorded_ = std::move(rows);
    takeData();
}

void HudHost::setShown(bool shown) {
    if (shown == shown_ || (shown && !whyUnavailable().isEmpty())) {
        Q_EMIT shownChanged(shown_);
        return;
    }
    shown_ = shown;
    if (shown && !widget_) {
        widget_ = makeHudWidget(this);
        layout()->addWidget(widget_);
    }
    setVisible(shown);
    takeData();
    Q_EMIT shownChanged(shown);
}

}  // namespace vl
