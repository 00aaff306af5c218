// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <span>
#include <vector>

#include <QString>
#include <QStringList>

#include "engine/api/types.h"

namespace vl {

class MainWindow;

/// What a window open on one view costs the training behind it; rates in optimiser steps per second.
struct GuiCost {
    QString view;
    std::vector<double> headless, open;   ///< one rate per segment, pairs by index
    double ratio() const;                 ///< median open rate over median headless rate; 0 without segments
};

/// The middle value, of an even number the mean of the two in the middle; 0 of nothing.
double median(std::vector<double> values);

/// Steps per second between the first and the last of these rows, by the engine's clock; 0 with fewer than two steps.
double stepRate(std::span<const StepMetrics> rows);

/// Runs `pairs` segments of either kind for every view, which kind comes first alternating so that a machine that slows
/// down favours neither. `segment(view, open)` runs one and returns its rate; a first one per view is thrown away.
std::vector<GuiCost> measureViews(const QStringList& views, int pairs, const std::function<double(const QString&, bool)>& segment);

/// One line per view and an overall one, all views' segments taken together.
QString costReport(const std::vector<GuiCost>& costs);

/// Draws samples with the demo denoiser, then trains the demo project in the window's runs folder and prints what an open window costs it, per view: segments of
/// `seconds` with the window hidden, the link silent and this thread asleep against segments with the view in use.
/// Takes some 36 segments and needs no display. False, with a line on standard error, when the run does not train.
bool measureGuiCost(MainWindow& window, double seconds);

}  // namespace vl
