// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

class QLabel;
class QMenuBar;
class QPushButton;

namespace vl {

class FindField;

/// The first row, 32 high: product name (home), menus, project, find field.
class TopRow : public QWidget {
    Q_OBJECT
public:
    explicit TopRow(QWidget* parent = nullptr);

    QMenuBar* menus() const { return menus_; }
    QWidget* findField() const;
    void setProject(const QString& name);

Q_SIGNALS:
    void homeRequested();
    void findRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QMenuBar* menus_;
    QLabel* project_;
    FindField* find_;
};

}  // namespace vl
