// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/problem_list.h"

#include <algorithm>
#include <utility>

namespace vl {
namespace {

constexpr std::size_t kKept = 200;

}  // namespace

int ProblemList::add(Problem problem) {
    std::erase_if(problems_, [&](const Problem& old) { return old.message == problem.message && old.hint == problem.hint; });
    if (problems_.size() >= kKept) problems_.erase(problems_.begin());
    problem.id = nextId_++;
    if (!problem.when.isValid()) problem.when = QDateTime::currentDateTime();
    if (problem.word.isEmpty()) problem.word = problem.kind == Problem::Kind::Info ? tr("Note") : tr("Problem");
    problems_.push_back(std::move(problem));
    Q_EMIT changed();
    return problems_.back().id;
}

void ProblemList::dismiss(int id) {
    for (Problem& problem : problems_) {
        if (problem.id != id || problem.dismissed) continue;
        problem.dismissed = true;
        Q_EMIT changed();
        return;
    }
}

void ProblemList::dismissAll() {
    for (Problem& problem : problems_) problem.dismissed = true;
    Q_EMIT changed();
}

int ProblemList::openCount() const {
    return int(std::count_if(problems_.begin(), problems_.end(), [](const Problem& p) { return !p.dismissed; }));
}

Problem::Kind problemKind(const QString& kind) {
    if (kind == QLatin1String("error")) return Problem::Kind::Error;
    if (kind == QLatin1String("info")) return Problem::Kind::Info;
    return Problem::Kind::Warning;
}

}  // namespace vl
