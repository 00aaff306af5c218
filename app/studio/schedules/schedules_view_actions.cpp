// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/schedules/schedules_view.h"
#include "app/studio/shell/action_registry.h"

namespace vl {

void SchedulesView::registerActions() {
    auto& actions = context_.actions;
    const QString section = tr("Schedules");
    const auto here = [this] { return active_ ? QString() : tr("Open Schedules first."); };
    QAction* undo = actions.add(
        QStringLiteral("schedules.undo"), tr("Undo schedule change"), section, QKeySequence(Qt::CTRL | Qt::Key_Z),
        [this] { draft_.undoStack().undo(); }, here, QStringLiteral("undo"));
    QAction* redo = actions.add(
        QStringLiteral("schedules.redo"), tr("Redo schedule change"), section,
        QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), [this] { draft_.undoStack().redo(); }, here,
        QStringLiteral("redo"));
    for (QAction* action : {undo, redo}) {
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
        panel_->addAction(action);
    }
    actions.add(
        QStringLiteral("schedules.use"), tr("Use the schedule draft"), section, {}, [this] { use(); },
        [this] { return draft_.changed() ? QString() : tr("The draft is what is in use."); }, QStringLiteral("tick"));
    actions.add(
        QStringLiteral("schedules.discard"), tr("Discard the schedule draft"), section, {},
        [this] { draft_.discard(); },
        [this] { return draft_.changed() ? QString() : tr("The draft is what is in use."); });
    actions.add(
        QStringLiteral("schedules.export"), tr("Export schedule…"), section, {},
        [this] { Q_EMIT header_->exportRequested(); }, {}, QStringLiteral("download"));
    actions.addCanvasKey(QStringLiteral("schedules.key.select"), tr("Previous, next node"), section,
                         QStringLiteral("PgUp, PgDown"));
    actions.addCanvasKey(QStringLiteral("schedules.key.move"), tr("Move the node, with Shift ten times as far"),
                         section, QStringLiteral("Left, Up, Down, Right"));
    actions.addCanvasKey(QStringLiteral("schedules.key.marker"), tr("Move the preview"), section,
                         QStringLiteral("Ctrl+Left, Ctrl+Right"));
    actions.addCanvasKey(QStringLiteral("schedules.key.add"), tr("Add a node at the preview"), section,
                         QStringLiteral("Ins"));
    actions.addCanvasKey(QStringLiteral("schedules.key.remove"), tr("Remove the node"), section, QStringLiteral("Del"));
}

void SchedulesView::prepareForScreenshot() {
    if (!draft_.changed()) {
        const double length = draft_.length();
        SoftMaskSettings shape;
        shape.schedule = "piecewise";
        shape.cutoffEpochs = length / 2;
        shape.nodes = {{0, 1, false},
                       {length * 0.1, 1, true},
                       {length * 0.3, 0.4, true},
                       {length * 0.5, 0, false},
                       {length, 0, false}};
        draft_.setCutoff(length / 2);
        draft_.choosePreset("piecewise");
        while (draft_.settings().nodes.size() > 1)
            draft_.removeNode(static_cast<int>(draft_.settings().nodes.size()) - 1);
        for (std::size_t i = 1; i < shape.nodes.size(); ++i)
            draft_.addNode(shape.nodes[i].epoch, shape.nodes[i].value);
        for (std::size_t i = 0; i < shape.nodes.size(); ++i)
            draft_.setLinear(static_cast<int>(i), shape.nodes[i].linear);
    }
    editor_->setSelected(2);
    panel_->setSelected(2);
    setMarker(draft_.length() * 0.23);
    job_.wait();
}

}  // namespace vl
