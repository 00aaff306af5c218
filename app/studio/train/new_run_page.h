// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QWidget>

#include "app/studio/shell/view.h"
#include "app/studio/train/run_estimate.h"
#include "app/studio/train/settings_form.h"
#include "widgets/problem_row.h"

namespace vl {

/// Everything a new run needs on one page: project, name, settings, what it will cost, Start.
class NewRunPage : public QWidget {
    Q_OBJECT
public:
    explicit NewRunPage(StudioContext& context, QWidget* parent = nullptr);

    /// Reads the projects again; keeps what was typed.
    void refresh();
    void setSettings(const RunSettings& settings, const QString& origin);
    void setPace(std::optional<MeasuredPace> pace);
    /// Throws Error(Usage).
    RunSettings settings() const;
    void start();
    QPushButton& startButton() { return *start_; }
    SettingsForm& form() { return *form_; }
    QComboBox& projects() { return *project_; }
    QString estimateText() const;
    QString problem() const;

Q_SIGNALS:
    void left();  ///< back to the run
    void started();

private:
    QWidget* makeHead();
    QWidget* makeFooter();
    void loadProject(int index);
    void refreshEstimate();
    void refreshStart();
    void showProblem(const QString& message, const QString& hint);

    StudioContext& context_;
    std::optional<MeasuredPace> pace_;
    QComboBox* project_;
    QLineEdit* name_;
    SettingsForm* form_;
    QLabel *size_ = nullptr, *time_ = nullptr, *reason_ = nullptr;
    ProblemRow* problem_;
    QPushButton *start_ = nullptr, *back_ = nullptr;
};

}  // namespace vl
