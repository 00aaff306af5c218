// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "app/studio/shell/problem_list.h"

class QVBoxLayout;

namespace vl {

class ProblemRow;

/// Rows of the list's problems, newest first. Above the status bar: the undismissed ones, at most two; in the panel: all.
class ProblemRows : public QWidget {
    Q_OBJECT
public:
    enum class Show { OpenOnes, All };
    ProblemRows(ProblemList& list, Show show, QWidget* parent = nullptr);

    int count() const;

Q_SIGNALS:
    void rowsChanged(int count);

private:
    void rebuild();
    ProblemRow* makeRow(const Problem& problem);

    ProblemList& list_;
    Show show_;
    QVBoxLayout* box_;
};

}  // namespace vl
