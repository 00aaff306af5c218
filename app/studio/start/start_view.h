// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/studio/shell/view.h"

class QLabel;
class QVBoxLayout;

namespace vl {

class StartCard;

/// The first window: four ways to begin, what was open before, this machine, and a place to drop things.
class StartView : public View {
    Q_OBJECT
public:
    explicit StartView(StudioContext& context, QWidget* parent = nullptr);

    QString id() const override { return QStringLiteral("start"); }
    QString title() const override { return tr("Start"); }
    void setActive(bool active) override;
    void registerActions() override;
    void prepareForScreenshot() override;

    /// How many recent items are listed; for tests.
    int recentRows() const;

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeHead();
    QWidget* makeCards();
    QWidget* makeRecent();
    QWidget* makeMachine();
    void fillRecent();
    void showMachine();
    void loadPictures();

    QWidget* content_ = nullptr;
    StartCard* cards_[4] = {};
    QVBoxLayout* recent_ = nullptr;
    QLabel *machineTitle_ = nullptr, *machineText_ = nullptr;
    bool picturesLoaded_ = false;
};

View* makeStartView(StudioContext& context);

}  // namespace vl
