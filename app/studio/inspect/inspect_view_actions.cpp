// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFileDialog>

#include "app/studio/inspect/inspect_view.h"
#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/selection.h"

namespace vl {

void InspectView::exportPicture() {
    const QString file = QFileDialog::getSaveFileName(this, tr("Export attention picture"),
                                                      QStringLiteral("attention.png"), tr("PNG (*.png)"));
    if (!file.isEmpty() && !body_->canvas().grab().save(file, "PNG"))
        context_.report(QStringLiteral("error"), tr("%1 could not be written.").arg(file),
                        tr("Choose another folder or check its rights."));
}

void InspectView::registerActions() {
    auto& actions = context_.actions;
    const QString section = tr("Inspect");
    const auto needPicture = [this] { return shown_ ? QString() : tr("Open an image first."); };
    const auto flip = [this](auto change) {
        return [this, change] {
            InspectChoices next = choices_;
            change(next);
            setChoices(next);
        };
    };
    actions.add(QStringLiteral("inspect.sample"), tr("Take a sample picture"), section, {}, [this] {
        context_.showView(id());
        takeSample();
    });
    actions.add(QStringLiteral("inspect.mask"), tr("Switch softmax and softmax × mask"), section, {},
                flip([](InspectChoices& c) { c.masked = !c.masked; }), needPicture);
    actions.add(QStringLiteral("inspect.direction"), tr("Switch attends to and attended by"), section, {},
                flip([](InspectChoices& c) {
                    c.direction = c.direction == AttentionDirection::AttendsTo ? AttentionDirection::AttendedBy
                                                                               : AttentionDirection::AttendsTo;
                }),
                needPicture);
    actions.add(QStringLiteral("inspect.rollout"), tr("Switch attention rollout"), section, {},
                flip([](InspectChoices& c) { c.rollout = !c.rollout; }), needPicture);
    actions.add(
        QStringLiteral("inspect.unpin"), tr("Unpin all patches"), section, {}, [this] { unpinAll(); }, needPicture);
    actions.add(
        QStringLiteral("inspect.live"), tr("Follow the run's weights"), section, {},
        [this] { followRun(!context_.selection.model().live); },
        [this] {
            return isActive(context_.link.status().state) || context_.selection.model().live
                       ? QString()
                       : tr("No run is in progress.");
        });
    actions.add(
        QStringLiteral("inspect.export"), tr("Export attention picture…"), section, {}, [this] { exportPicture(); },
        needPicture, QStringLiteral("download"));
    actions.addCanvasKey(QStringLiteral("inspect.key.layer"), tr("Previous, next layer"), section,
                         QStringLiteral("[, ]"));
    actions.addCanvasKey(QStringLiteral("inspect.key.head"), tr("Previous, next head"), section,
                         QStringLiteral(",, ."));
    actions.addCanvasKey(QStringLiteral("inspect.key.query"), tr("Move the query patch"), section,
                         QStringLiteral("Left, Up, Down, Right"));
    actions.addCanvasKey(QStringLiteral("inspect.key.pin"), tr("Pin or unpin the query"), section,
                         QStringLiteral("Space"));
    actions.addCanvasKey(QStringLiteral("inspect.key.opacity"), tr("Less, more opacity"), section,
                         QStringLiteral("O, Shift+O"));
    actions.addCanvasKey(QStringLiteral("inspect.key.hide"), tr("Hide the overlay while held"), section,
                         QStringLiteral("H"));
    actions.addCanvasKey(QStringLiteral("inspect.key.unpin"), tr("Unpin all"), section, QStringLiteral("Esc"));
    actions.addCanvasKey(QStringLiteral("inspect.key.zoom"), tr("Fit, actual size"), section, QStringLiteral("F, 0"));
}

void InspectView::prepareForScreenshot() {
    screenshot_ = true;
    if (context_.selection.image().image.empty())
        takeSample();
    else if (shown_)
        accept(shown_);
    job_.wait();
}

}  // namespace vl
