// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/studio_settings.h"

#include <cstdlib>

#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <QStandardPaths>

namespace vl {
namespace {

constexpr int kRecentKept = 12;

}  // namespace

std::filesystem::path toPath(const QString& text) { return std::filesystem::path(QFile::encodeName(text).toStdString()); }

QString fromPath(const std::filesystem::path& path) {
    return QFile::decodeName(QByteArray::fromStdString(path.string()));
}

std::unique_ptr<QSettings> openStudioSettings() {
    QString folder = QFile::decodeName(qgetenv("VISIONLLAMA_CONFIG"));
    if (folder.isEmpty())
        folder = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + QStringLiteral("/visionllama");
    return std::make_unique<QSettings>(folder + QStringLiteral("/studio.ini"), QSettings::IniFormat);
}

std::filesystem::path defaultRunsFolder() {
    if (const char* folder = std::getenv("VISIONLLAMA_RUNS"); folder && *folder) return folder;
    const QDir here = QDir::current();
    if (here.exists(QStringLiteral("runs")) || here.exists(QStringLiteral("projects")))
        return toPath(here.absoluteFilePath(QStringLiteral("runs")));
    return toPath(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation)) / "visionllama" / "runs";
}

QList<RecentItem> recentItems(const QSettings& settings) {
    QList<RecentItem> items;
    const QStringList rows = settings.value(QStringLiteral("recent/items")).toStringList();
    for (const QString& row : rows) {
        const QStringList cells = row.split(QLatin1Char('\t'));
        bool isNumber = false;
        const int kind = cells.value(0).toInt(&isNumber);
        if (cells.size() != 4 || !isNumber || kind < 0 || kind > int(RecentItem::Kind::Checkpoint)) continue;
        items.append({RecentItem::Kind(kind), cells[3], cells[2], QDateTime::fromString(cells[1], Qt::ISODate)});
    }
    return items;
}

void rememberRecent(QSettings& settings, const RecentItem& item) {
    QList<RecentItem> items = recentItems(settings);
    items.removeIf([&](const RecentItem& other) { return other.path == item.path; });
    items.prepend(item);
    QStringList rows;
    for (const RecentItem& entry : items.mid(0, kRecentKept)) {
        rows << QStringList{QString::number(int(entry.kind)), entry.when.toString(Qt::ISODate), entry.detail, entry.path}
                    .join(QLatin1Char('\t'));
    }
    settings.setValue(QStringLiteral("recent/items"), rows);
}

QString agoText(const QDateTime& when, const QDateTime& now) {
    const qint64 seconds = when.secsTo(now);
    if (seconds < 2) return QStringLiteral("now");
    if (seconds < 60) return QStringLiteral("%1 s ago").arg(seconds);
    if (seconds < 3600) return QStringLiteral("%1 min ago").arg(seconds / 60);
    const qint64 days = when.date().daysTo(now.date());
    if (days == 0) return QStringLiteral("%1 h ago").arg(seconds / 3600);
    if (days == 1) return QStringLiteral("yesterday");
    const QLocale locale(QLocale::English);
    if (days < 7) return locale.dayName(when.date().dayOfWeek());
    return locale.toString(when.date(), QStringLiteral("d MMM yyyy"));
}

}  // namespace vl
