// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFileDialog>
#include <QFileInfo>

#include "app/studio/model/model_view.h"
#include "app/studio/model/model_words.h"
#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/selection.h"
#include "app/studio/shell/studio_settings.h"

namespace vl {

void ModelView::exportTo(const QString& file) {
    if (!shown_ || file.isEmpty()) return;
    job_.write(file, shown_, pane_->table().lines().order(), [this, file](const QString& problem) {
        if (problem.isEmpty())
            context_.report(QStringLiteral("info"), tr("%1 was written").arg(QFileInfo(file).fileName()),
                            tr("One line for each row shown, values in full precision."));
        else
            context_.report(QStringLiteral("error"), tr("%1 could not be written: %2").arg(file, problem),
                            tr("Choose another folder or check its rights."));
    });
}

void ModelView::registerActions() {
    auto& actions = context_.actions;
    const QString section = tr("Model");
    const auto needFile = [this] { return whyNoFile(); };
    actions.add(QStringLiteral("model.filter"), tr("Filter tensors"), section, QKeySequence(Qt::CTRL | Qt::Key_F), [this] {
        context_.showView(id());
        pane_->focusFilter();
    }, needFile, QStringLiteral("search"));
    actions.add(QStringLiteral("model.copy"), tr("Copy selected tensors as a table"), section, {},
                [this] { pane_->table().copySelection(); }, needFile, QStringLiteral("copy"));
    actions.add(QStringLiteral("model.export"), tr("Export tensors as CSV…"), section, {}, [this] {
        const QString name = QFileInfo(fromPath(shown_->report->file)).completeBaseName() + QStringLiteral(".csv");
        exportTo(QFileDialog::getSaveFileName(this, tr("Export tensors"), name, tr("Comma-separated values (*.csv)")));
    }, needFile, QStringLiteral("download"));
    actions.add(QStringLiteral("model.inspect"), tr("Look at pictures with this model"), section, {},
                [this] { lookAtPictures(); },
                [this] { return shown_ ? whyNoPictures(shown_->report->recognition) : whyNoFile(); }, QStringLiteral("eye"));
    actions.add(QStringLiteral("model.averaged"), tr("Switch trained and averaged weights"), section, {},
                [this] { panel_->weights().setCurrent(averaged_ ? 0 : 1); }, [this] {
                    if (!shown_) return whyNoFile();
                    bool trained = false, averaged = false;
                    for (const WeightSet& set : shown_->report->weights)
                        (set.averaged ? averaged : trained) = true;
                    return trained && averaged ? QString() : tr("The file has one kind of weights only.");
                });
    actions.add(QStringLiteral("model.cancel"), tr("Stop reading values"), section, {},
                [this] { context_.link.engine().cancelCheckpoint(); },
                [this] { return context_.link.checkpoint().busy ? QString() : tr("Nothing is being read."); },
                QStringLiteral("stop"));
    const QStringList pages{tr("tensor"), tr("file"), tr("comparison")};
    for (int page = 0; page < pages.size(); ++page)
        actions.add(QStringLiteral("model.page.%1").arg(page), tr("Show the %1 panel").arg(pages[page]), section, {},
                    [this, page] {
                        context_.showView(id());
                        panel_->showPage(page);
                    }, needFile);
}

void ModelView::prepareForScreenshot() {
    if (context_.selection.checkpoint().empty()) openDemo();
}

}  // namespace vl
