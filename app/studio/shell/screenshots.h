// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include <QSize>
#include <QString>
#include <QStringList>

namespace vl {

class MainWindow;

struct ScreenshotPlan {
    std::filesystem::path folder;
    QSize size;
    QString theme;                  ///< "dark", "light" or "both"
    std::filesystem::path run;      ///< empty: the newest the runs folder holds
    QStringList paths;              ///< opened first, instead of the first sample image
};

/// Writes VIEW-THEME.png for every view, the palette and the help window. Works without a display. Says what it wrote on
/// standard output; false when a file could not be written.
bool takeScreenshots(MainWindow& window, const ScreenshotPlan& plan);

}  // namespace vl
