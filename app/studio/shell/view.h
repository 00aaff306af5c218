// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include <QString>
#include <QWidget>

namespace vl {

class ActionRegistry;
class EngineLink;
class RunStore;
class Selection;

/// What a view may use; owned by the main window, outlives every view.
struct StudioContext {
    EngineLink& link;
    Selection& selection;
    RunStore& runs;
    ActionRegistry& actions;
    /// Shows one problem row: never a modal box. `kind`: "error", "warning" or "info".
    std::function<void(const QString& kind, const QString& message, const QString& hint)> report;
    /// Switches the workspace to the view of that id ("train", "inspect" ...).
    std::function<void(const QString& viewId)> showView;
};

/// One workspace. The main window shows it in the middle and `properties()` in the right dock.
class View : public QWidget {
    Q_OBJECT
public:
    explicit View(StudioContext& context, QWidget* parent = nullptr) : QWidget(parent), context_(context) {}

    virtual QString id() const = 0;        ///< "train"
    virtual QString title() const = 0;     ///< "Train"
    /// Panel for the right dock, owned by the view; null: the dock hides.
    virtual QWidget* properties() { return nullptr; }
    /// Called when the view is shown or hidden: a hidden view must cost nothing.
    virtual void setActive(bool active) { active_ = active; }
    /// Adds the view's own actions to the registry; called once.
    virtual void registerActions() {}
    /// For --screenshots: brings the view into a state worth a picture, using what is loaded.
    virtual void prepareForScreenshot() {}

protected:
    StudioContext& context_;
    bool active_ = false;
};

}  // namespace vl
