// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QHash>
#include <QString>

class QGridLayout;
class QLabel;
class QPushButton;

namespace vl {

class ActionRegistry;

/// Every key in one window (`?`), by section; a click on a key waits for another one. A key that is taken is refused
/// with the name of its holder. Esc while waiting keeps the old key, Backspace takes it away.
class HelpWindow : public QDialog {
    Q_OBJECT
public:
    HelpWindow(ActionRegistry& actions, QWidget* parent);

    /// Begins waiting for the new key of that action; for tests too.
    void beginRebind(const QString& id);
    QString message() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* section(const QString& name);
    void endRebind();
    void showKey(const QString& id);
    QString nameOf(const QString& id) const;

    ActionRegistry& actions_;
    QHash<QString, QPushButton*> keys_;
    QLabel* message_;
    QString waitingFor_;
};

}  // namespace vl
