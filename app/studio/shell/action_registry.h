// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

#include <QAction>
#include <QHash>
#include <QKeySequence>
#include <QObject>
#include <QString>

namespace vl {

/// Everything the program can do, in one place: menus, command palette, help, rebinding and tests read it.
class ActionRegistry : public QObject {
    Q_OBJECT
public:
    struct Entry {
        QString id;               ///< stable, e.g. "run.pause"
        QString text;             ///< sentence case, e.g. "Pause run"
        QString section;          ///< heading in help and palette, e.g. "Run"
        QKeySequence defaultKey;
        QString icon;             ///< name in resources/icons, may be empty
        QAction* action = nullptr;
        bool canvasOnly = false;  ///< single letters: act only while the canvas has focus; listed, not installed as shortcut
        QString canvasKeys;       ///< of those, as written: "[, ]" are two keys
    };

    explicit ActionRegistry(QObject* parent = nullptr) : QObject(parent) {}

    /// Registers an action; `enabled` (may be empty) is asked on refresh() and gives the reason when it is not:
    /// empty string = enabled, otherwise the tooltip says why not.
    QAction* add(const QString& id, const QString& text, const QString& section, const QKeySequence& key,
                 std::function<void()> run, std::function<QString()> whyDisabled = {}, const QString& icon = {});
    /// A key a canvas handles itself; shown in help only.
    void addCanvasKey(const QString& id, const QString& text, const QString& section, const QString& keyText);

    QAction* find(const QString& id) const;
    const std::vector<Entry>& entries() const { return entries_; }
    /// Re-evaluates every `whyDisabled`.
    void refresh();
    /// Throws nothing: false when another action holds the key (its id in `conflict`).
    bool rebind(const QString& id, const QKeySequence& key, QString* conflict = nullptr);
    /// Why the action is off at this moment; empty when it is on.
    QString whyDisabled(const QString& id) const;

Q_SIGNALS:
    void keyChanged(const QString& id);

private:
    void describe(const Entry& entry, const QString& reason);

    std::vector<Entry> entries_;
    QHash<QString, std::function<QString()>> whyDisabled_;
};

}  // namespace vl
