// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/help_window.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "app/studio/shell/action_registry.h"
#include "widgets/marks.h"
#include "widgets/theme.h"

namespace vl {
namespace {

QLabel* text(const QString& words, const char* tone, int size, int weight = QFont::Normal) {
    auto* label = new QLabel(words);
    label->setProperty("tone", tone);
    label->setFont(Theme::uiFont(size, weight));
    return label;
}

/// Keys a picture handles itself: shown as caps, fixed.
QWidget* canvasKeys(const QString& keys) {
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    static const QHash<QString, QString> arrows = {{"Left", "←"}, {"Up", "↑"}, {"Down", "↓"}, {"Right", "→"}};
    for (const QString& key : keys.split(QStringLiteral(", "))) row->addWidget(new KeyCap(arrows.value(key, key)));
    box->setToolTip(QObject::tr("Acts while the picture has the focus; fixed."));
    return box;
}

QStringList sectionsOf(const ActionRegistry& actions) {
    QStringList names;
    for (const auto& entry : actions.entries())
        if (!names.contains(entry.section)) names << entry.section;
    return names;
}

/// A modifier alone is not a key yet.
bool isModifier(int key) {
    return key == Qt::Key_Control || key == Qt::Key_Shift || key == Qt::Key_Alt || key == Qt::Key_Meta || key == Qt::Key_AltGr;
}

}  // namespace

HelpWindow::HelpWindow(ActionRegistry& actions, QWidget* parent)
    : QDialog(parent), actions_(actions), message_(text({}, "text2", 12)) {
    setWindowTitle(tr("Shortcuts"));
    setModal(false);
    resize(880, 640);
    message_->setText(tr("Click a key to change it."));

    // Two columns of about the same length.
    auto* page = new QWidget;
    auto* columns = new QHBoxLayout(page);
    columns->setContentsMargins(16, 8, 16, 16);
    columns->setSpacing(32);
    QVBoxLayout* column[2] = {new QVBoxLayout, new QVBoxLayout};
    int rows[2] = {0, 0};
    for (const QString& name : sectionsOf(actions_)) {
        const int side = rows[1] < rows[0] ? 1 : 0;
        column[side]->addWidget(section(name));
        for (const auto& entry : actions_.entries()) rows[side] += entry.section == name;
        rows[side] += 2;
    }
    for (QVBoxLayout* each : column) {
        each->setSpacing(16);
        each->addStretch(1);
        columns->addLayout(each, 1);
    }
    auto* scroll = new QScrollArea;
    scroll->setWidget(page);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);

    auto* head = new QHBoxLayout;
    head->setContentsMargins(16, 16, 16, 8);
    head->addWidget(text(tr("Shortcuts"), "text", 15, QFont::DemiBold));
    head->addSpacing(12);
    head->addWidget(message_, 1);
    auto* reset = new QPushButton(tr("Restore defaults"));
    reset->setAutoDefault(false);
    head->addWidget(reset);
    auto* box = new QVBoxLayout(this);
    box->setContentsMargins(0, 0, 0, 0);
    box->setSpacing(0);
    box->addLayout(head);
    box->addWidget(scroll, 1);

    connect(reset, &QPushButton::clicked, this, [this] {
        for (const auto& entry : actions_.entries())
            if (entry.action) actions_.rebind(entry.id, {});
        for (const auto& entry : actions_.entries())
            if (entry.action) actions_.rebind(entry.id, entry.defaultKey);
        message_->setText(tr("All keys are as they came."));
    });
    connect(&actions_, &ActionRegistry::keyChanged, this, &HelpWindow::showKey);
}

QWidget* HelpWindow::section(const QString& name) {
    auto* box = new QWidget;
    auto* grid = new QGridLayout(box);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(0, 1);
    grid->addWidget(text(name, "text", 12, QFont::DemiBold), 0, 0);
    int row = 1;
    for (const auto& entry : actions_.entries()) {
        if (entry.section != name) continue;
        grid->addWidget(text(entry.text, "text2", 12), row, 0);
        if (!entry.action) {
            grid->addWidget(canvasKeys(entry.canvasKeys), row++, 1, Qt::AlignRight);
            continue;
        }
        auto* key = new QPushButton;
        key->setAutoDefault(false);
        key->setFont(Theme::monoFont(11));
        key->setStyleSheet(QStringLiteral("QPushButton { font-size: 11px; font-weight: 400; padding: 0 6px; min-height: 16px; border-radius: 3px; }"));
        key->setAccessibleName(tr("Key of %1").arg(entry.text));
        grid->addWidget(key, row++, 1, Qt::AlignRight);
        keys_.insert(entry.id, key);
        connect(key, &QPushButton::clicked, this, [this, id = entry.id] { beginRebind(id); });
        showKey(entry.id);
    }
    return box;
}

QString HelpWindow::nameOf(const QString& id) const {
    for (const auto& entry : actions_.entries())
        if (entry.id == id) return entry.text;
    return id;
}

QString HelpWindow::message() const { return message_->text(); }

void HelpWindow::showKey(const QString& id) {
    QPushButton* button = keys_.value(id);
    const QAction* action = actions_.find(id);
    if (!button || !action) return;
    const QString key = action->shortcut().toString(QKeySequence::NativeText);
    button->setText(key.isEmpty() ? QStringLiteral("–") : key);
}

void HelpWindow::beginRebind(const QString& id) {
    if (!keys_.contains(id)) return;
    endRebind();
    waitingFor_ = id;
    keys_[id]->setText(tr("press a key"));
    keys_[id]->installEventFilter(this);
    keys_[id]->setFocus();
    message_->setText(tr("New key for “%1”; Esc keeps the old one, Backspace takes it away.").arg(nameOf(id)));
}

void HelpWindow::endRebind() {
    if (waitingFor_.isEmpty()) return;
    keys_[waitingFor_]->removeEventFilter(this);
    showKey(waitingFor_);
    waitingFor_.clear();
}

bool HelpWindow::eventFilter(QObject* watched, QEvent* event) {
    if (waitingFor_.isEmpty()) return QDialog::eventFilter(watched, event);
    if (event->type() == QEvent::ShortcutOverride) {  // this key press is not for the program
        event->accept();
        return true;
    }
    if (event->type() == QEvent::FocusOut) endRebind();
    if (event->type() != QEvent::KeyPress) return false;
    const auto* press = static_cast<QKeyEvent*>(event);
    if (isModifier(press->key())) return true;
    const QString id = waitingFor_;
    if (press->key() == Qt::Key_Escape) {
        endRebind();
        message_->setText(tr("“%1” keeps its key.").arg(nameOf(id)));
        return true;
    }
    const bool remove = press->key() == Qt::Key_Backspace && press->modifiers() == Qt::NoModifier;
    const QKeySequence key = remove ? QKeySequence() : QKeySequence(press->keyCombination());
    QString holder;
    const bool done = actions_.rebind(id, key, &holder);
    endRebind();
    const QString shown = key.toString(QKeySequence::NativeText);
    if (!done)
        message_->setText(tr("%1 belongs to “%2”; change that one first.").arg(shown, nameOf(holder)));
    else
        message_->setText(remove ? tr("“%1” has no key now.").arg(nameOf(id)) : tr("“%1” is %2 now.").arg(nameOf(id), shown));
    return true;
}

}  // namespace vl
