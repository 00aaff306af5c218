// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/action_registry.h"

#include <algorithm>
#include <utility>

namespace vl {
namespace {

bool holds(const ActionRegistry::Entry& entry, const QKeySequence& key) {
    if (entry.action) return entry.action->shortcut() == key;
    // A window-wide key would take the canvas its own.
    const QStringList parts = entry.canvasKeys.split(QStringLiteral(", "));
    return std::any_of(parts.begin(), parts.end(), [&](const QString& part) { return QKeySequence(part) == key; });
}

}  // namespace

QAction* ActionRegistry::add(const QString& id, const QString& text, const QString& section, const QKeySequence& key,
                             std::function<void()> run, std::function<QString()> whyDisabled, const QString& icon) {
    Q_ASSERT_X(!find(id), "ActionRegistry", qPrintable(id));
    auto* action = new QAction(text, this);
    action->setObjectName(id);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WindowShortcut);
    connect(action, &QAction::triggered, this, [run = std::move(run)] { run(); });
    entries_.push_back({id, text, section, key, icon, action, false, {}});
    if (whyDisabled) whyDisabled_.insert(id, std::move(whyDisabled));
    describe(entries_.back(), {});
    return action;
}

void ActionRegistry::addCanvasKey(const QString& id, const QString& text, const QString& section,
                                  const QString& keyText) {
    entries_.push_back({id, text, section, {}, {}, nullptr, true, keyText});
}

QAction* ActionRegistry::find(const QString& id) const {
    for (const Entry& entry : entries_)
        if (entry.id == id) return entry.action;
    return nullptr;
}

QString ActionRegistry::whyDisabled(const QString& id) const {
    const auto it = whyDisabled_.find(id);
    return it == whyDisabled_.end() ? QString() : it.value()();
}

void ActionRegistry::describe(const Entry& entry, const QString& reason) {
    const QString key = entry.action->shortcut().toString(QKeySequence::NativeText);
    QString tip = key.isEmpty() ? entry.text : QStringLiteral("%1 (%2)").arg(entry.text, key);
    if (!reason.isEmpty()) tip += QLatin1Char('\n') + reason;
    entry.action->setToolTip(tip);
}

void ActionRegistry::refresh() {
    for (const Entry& entry : entries_) {
        if (!whyDisabled_.contains(entry.id)) continue;
        const QString reason = whyDisabled(entry.id);
        entry.action->setEnabled(reason.isEmpty());
        describe(entry, reason);
    }
}

bool ActionRegistry::rebind(const QString& id, const QKeySequence& key, QString* conflict) {
    const Entry* target = nullptr;
    for (const Entry& entry : entries_) {
        if (entry.id == id) {
            target = &entry;
            continue;
        }
        if (key.isEmpty() || !holds(entry, key)) continue;
        if (conflict) *conflict = entry.id;
        return false;
    }
    if (!target || !target->action) return false;
    target->action->setShortcut(key);
    describe(*target, whyDisabled(id));
    Q_EMIT keyChanged(id);
    return true;
}

}  // namespace vl
