// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "app/studio/shell/problem_list.h"
#include "engine/api/engine.h"

class QLabel;
class QPlainTextEdit;
class QStackedWidget;

namespace vl {

class EngineLink;
class TabRow;
class ThinProgress;

/// Log, Problems, Jobs: what happened, what went wrong, what is under way. Hidden until asked for.
class BottomPanel : public QWidget {
    Q_OBJECT
public:
    BottomPanel(EngineLink& link, ProblemList& problems, QWidget* parent = nullptr);

    void showPage(int page);
    int page() const;
    void log(const QString& line);
    /// Jobs under way besides the run, for the Jobs page.
    void setFileJobs(int count);
    QString logText() const;

Q_SIGNALS:
    void closeRequested();

private:
    QWidget* makeJobs();
    void showRunJob();

    EngineLink& link_;
    TabRow* tabs_;
    QStackedWidget* pages_;
    QPlainTextEdit* log_;
    QLabel *runJob_, *runCount_, *runLeft_, *fileJob_, *noJob_;
    ThinProgress* runProgress_;
    QWidget* runRow_;
    int fileJobs_ = 0;
};

}  // namespace vl
