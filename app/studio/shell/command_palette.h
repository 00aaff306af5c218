// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QFrame>
#include <QString>

class QLabel;
class QLineEdit;
class QListView;
class QStandardItemModel;

namespace vl {

class ActionRegistry;

/// Every action by name, Ctrl+K: fuzzy match with the used letters highlighted, keyboard only if wished. A frameless
/// panel over the window; it goes away on Esc, on a choice and when the focus leaves it.
class CommandPalette : public QFrame {
    Q_OBJECT
public:
    CommandPalette(ActionRegistry& actions, QWidget* window);

    void open();
    /// What the list shows, best first; for tests.
    QStringList shownIds() const;
    QLineEdit* field() const { return field_; }
    /// Runs the row under the cursor; a disabled one shows its reason instead.
    void accept();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void fill(const QString& pattern);
    void place();
    void moveBy(int rows);

    ActionRegistry& actions_;
    QLineEdit* field_;
    QLabel* count_;
    QLabel* reason_;
    QListView* list_;
    QStandardItemModel* model_;
};

}  // namespace vl
