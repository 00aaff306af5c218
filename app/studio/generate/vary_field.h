// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <QWidget>

#include "engine/api/generate.h"

class QComboBox;
class QLineEdit;
class QToolButton;

namespace vl {

/// What changes along one side of the grid, and its values as typed; classes can be picked from a list.
class VaryField : public QWidget {
    Q_OBJECT
public:
    VaryField(const QString& label, QWidget* parent = nullptr);

    Vary vary() const;
    std::vector<std::string> values() const;
    void set(Vary vary, const std::vector<std::string>& values);
    void setClassNames(const std::vector<std::string>& names);
    QComboBox& chooser() { return *vary_; }
    QLineEdit& line() { return *values_; }

Q_SIGNALS:
    void edited();

private:
    void refresh();
    void pickClasses();
    void takeClasses(const QStringList& names);
    static QString usualValues(Vary vary);

    QComboBox* vary_;
    QLineEdit* values_;
    QToolButton* pick_;
    QWidget* valuesRow_;
    std::vector<std::string> classNames_;
    bool setting_ = false;
};

}  // namespace vl
