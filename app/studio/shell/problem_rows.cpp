// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/problem_rows.h"

#include <QVBoxLayout>

#include "widgets/problem_row.h"

namespace vl {
namespace {

constexpr int kOpenShown = 2;

Tone toneOf(Problem::Kind kind) {
    switch (kind) {
        case Problem::Kind::Error: return Tone::Error;
        case Problem::Kind::Warning: return Tone::Warning;
        case Problem::Kind::Info: return Tone::Accent;
    }
    return Tone::Warning;
}

}  // namespace

ProblemRows::ProblemRows(ProblemList& list, Show show, QWidget* parent)
    : QWidget(parent), list_(list), show_(show), box_(new QVBoxLayout(this)) {
    box_->setContentsMargins(0, 0, 0, 0);
    box_->setSpacing(show == Show::All ? 4 : 1);
    if (show == Show::All) {
        box_->setContentsMargins(16, 8, 16, 8);
        box_->setAlignment(Qt::AlignTop);
    }
    connect(&list_, &ProblemList::changed, this, &ProblemRows::rebuild);
    rebuild();
}

int ProblemRows::count() const { return int(findChildren<ProblemRow*>(QString(), Qt::FindDirectChildrenOnly).size()); }

ProblemRow* ProblemRows::makeRow(const Problem& problem) {
    auto* row = new ProblemRow(toneOf(problem.kind), this);
    row->setProblem(toneOf(problem.kind), problem.word, problem.message, problem.hint);
    row->setAction(problem.actionText);
    row->setDismissable(show_ == Show::OpenOnes);
    const int id = problem.id;
    connect(row, &ProblemRow::dismissed, this, [this, id] { list_.dismiss(id); });
    connect(row, &ProblemRow::actionTriggered, this, [this, id, action = problem.action] {
        if (action) action();
        list_.dismiss(id);
    });
    return row;
}

void ProblemRows::rebuild() {
    for (ProblemRow* row : findChildren<ProblemRow*>(QString(), Qt::FindDirectChildrenOnly)) {
        box_->removeWidget(row);
        row->setParent(nullptr);
        row->deleteLater();  // it may be the one whose button is being handled
    }
    int shown = 0;
    for (auto it = list_.all().rbegin(); it != list_.all().rend(); ++it) {
        if (show_ == Show::OpenOnes && (it->dismissed || shown == kOpenShown)) continue;
        box_->addWidget(makeRow(*it));
        ++shown;
    }
    updateGeometry();
    Q_EMIT rowsChanged(shown);
}

}  // namespace vl
