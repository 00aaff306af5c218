// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>

#include <QDateTime>
#include <QList>
#include <QSettings>
#include <QString>

namespace vl {

/// The studio's own settings (layout, theme, keys, recent items): an INI file in $VISIONLLAMA_CONFIG, or in the user's
/// configuration folder.
std::unique_ptr<QSettings> openStudioSettings();

/// Where new runs go: $VISIONLLAMA_RUNS, ./runs when it or ./projects is there (the command line's place), else the
/// user's data folder.
std::filesystem::path defaultRunsFolder();

std::filesystem::path toPath(const QString& text);
QString fromPath(const std::filesystem::path& path);

/// Something opened before; the newest comes first.
struct RecentItem {
    enum class Kind { Run, Image, ImageFolder, Checkpoint } kind = Kind::Image;
    QString path;
    QString detail;          ///< "image, 28 × 28"; a run's detail is read anew
    QDateTime when;
};
QList<RecentItem> recentItems(const QSettings& settings);
/// Puts the item first; an older entry of the same path goes, and so does what exceeds twelve.
void rememberRecent(QSettings& settings, const RecentItem& item);

/// "now", "12 s ago", "5 min ago", "3 h ago", "yesterday", "Tuesday", "3 Mar 2026".
QString agoText(const QDateTime& when, const QDateTime& now);

}  // namespace vl
