// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

#include <QDateTime>
#include <QObject>
#include <QString>

namespace vl {

/// What went wrong, where, what to do: one row above the status bar and one in Problems.
struct Problem {
    enum class Kind { Error, Warning, Info } kind = Kind::Warning;
    QString word;                       ///< "Failed", "Paused", "Problem", "Note": repeats the colour in words
    QString message, hint;
    QString actionText;                 ///< the one thing offered, may be empty
    std::function<void()> action;
    QDateTime when;
    int id = 0;
    bool dismissed = false;             ///< gone from above the status bar, kept in Problems
};

/// All problems since the program started, newest last. The same message again moves its row to the end instead of adding one.
class ProblemList : public QObject {
    Q_OBJECT
public:
    explicit ProblemList(QObject* parent = nullptr) : QObject(parent) {}

    int add(Problem problem);
    void dismiss(int id);
    void dismissAll();
    const std::vector<Problem>& all() const { return problems_; }
    int openCount() const;

Q_SIGNALS:
    void changed();

private:
    std::vector<Problem> problems_;
    int nextId_ = 1;
};

/// "error" | "warning" | "info" as views report it.
Problem::Kind problemKind(const QString& kind);

}  // namespace vl
