// SPDX-License-Identifier: GPL-3.0-or-later
#include <QEventLoop>
#include <QFileDialog>
#include <QMenu>

#include "app/studio/dense/dense_source.h"
#include "app/studio/detect/detect_view.h"
#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/dropped_item.h"
#include "app/studio/shell/selection.h"
#include "app/studio/shell/studio_settings.h"
#include "engine/core/resource_paths.h"
#include "engine/data/run_mask.h"

namespace vl {
namespace {

constexpr int kPatienceMs = 15'000;

}  // namespace

void DetectView::registerActions() {
    auto& actions = context_.actions;
    const QString section = tr("Detect");
    const auto add = [&](const char* id, const QString& text, std::function<void()> run,
                         std::function<QString()> why = {}, const QString& icon = {}, const QKeySequence& key = {}) {
        actions.add(QStringLiteral("detect.") + QLatin1String(id), text, section, key, std::move(run), std::move(why),
                    icon);
    };
    const auto objects = [this] {
        return shown_.marks.empty() ? tr("There are no objects to go through.") : QString();
    };
    const auto several = [this] {
        return strip_->count() > 1 ? QString() : tr("There is only one picture.");
    };
    const auto save = [this] { return whyNoExport(true); };
    const auto saveThis = [this] { return whyNoExport(false); };
    add(
        "start", tr("Search the picture again"), [this] { detect(); }, [this] { return whyNoDetect(); },
        QStringLiteral("play"));
    add(
        "cancel", tr("Cancel the search"), [this] { cancel(); },
        [this] { return feed_.busy() ? QString() : tr("Nothing is being searched."); }, QStringLiteral("stop"));
    const auto choose = [this](const QString& file) {
        if (file.isEmpty()) return;
        open(toPath(file));
        context_.showView(id());
    };
    add(
        "open", tr("Search a picture or a video…"),
        [this, choose] { choose(QFileDialog::getOpenFileName(this, tr("Open picture or video"), {}, denseFilter())); },
        {}, QStringLiteral("image"));
    add(
        "openFolder", tr("Search a folder of pictures…"),
        [this, choose] { choose(QFileDialog::getExistingDirectory(this, tr("Open folder"))); }, {},
        QStringLiteral("folder"));
    add(
        "openModel", tr("Open a detector…"), [this] { Q_EMIT panel_->openModelRequested(); }, {},
        QStringLiteral("folder"));
    add("next", tr("Next object"), [this] { step(1); }, objects, QStringLiteral("chevron-right"));
    add("previous", tr("Previous object"), [this] { step(-1); }, objects, QStringLiteral("chevron-left"));
    add("nextPicture", tr("Next picture of the search"), [this] { stepPicture(1); }, several);
    add("previousPicture", tr("Previous picture of the search"), [this] { stepPicture(-1); }, several);
    for (const auto& [what, text] :
         {std::pair{"masks", tr("Show or hide masks")}, std::pair{"boxes", tr("Show or hide boxes")},
          std::pair{"labels", tr("Show or hide labels")}})
        add(what, text, [this, name = QString::fromLatin1(what)] { panel_->toggle(name); });
    add(
        "attention", tr("Attention for the object under the cursor"),
        [this] { panel_->toggle(QStringLiteral("attention")); },
        [this] { return feed_.look().layers > 0 ? QString() : tr("Search a picture first."); });
    add("fit", tr("Fit the searched picture"), [this] { canvas_->fit(); });
    add("allClasses", tr("Show all classes of objects"), [this] { showOnly(-1); },
        [this] { return filter_.muted.empty() ? tr("All are shown.") : QString(); });
    const auto saving = [this](DenseExport::Form form, bool all) { Q_EMIT header_->exportRequested(form, all); };
    add(
        "exportOverlay", tr("Save the overlay as PNG…"), [saving] { saving(DenseExport::Form::Overlay, false); },
        saveThis, QStringLiteral("download"));
    add("exportJson", tr("Save the objects as JSON…"), [saving] { saving(DenseExport::Form::Json, true); }, save,
        QStringLiteral("download"));
    add(
        "exportCoco", tr("Save the objects as COCO results…"), [saving] { saving(DenseExport::Form::Coco, true); },
        save, QStringLiteral("download"));
    const auto key = [&](const char* id, const QString& text, const QString& keys) {
        actions.addCanvasKey(QStringLiteral("detect.key.") + QLatin1String(id), text, section, keys);
    };
    key("object", tr("Next, previous object"), QStringLiteral("N, P"));
    key("hide", tr("Hide everything while held"), QStringLiteral("H"));
    key("look", tr("Masks, boxes, labels"), QStringLiteral("M, B, L"));
    key("truth", tr("Truth alone"), QStringLiteral("T"));
    key("attention", tr("Attention for the object"), QStringLiteral("A"));
    key("zoom", tr("Closer, further, fit, one to one"), QStringLiteral("+, -, 0, 1"));
    key("picture", tr("Previous, next picture"), QStringLiteral("Alt+Left, Alt+Right"));
    connect(panel_, &DetectPanel::openModelRequested, this, [this] {
        const QString file = QFileDialog::getOpenFileName(this, tr("Open detector"), {}, checkpointFilter());
        if (!file.isEmpty()) openModel(toPath(file));
    });
    connect(header_, &DetectHeader::exportRequested, this, [this](DenseExport::Form form, bool all) {
        const bool folder = form == DenseExport::Form::Overlay && all && strip_->count() > 1;
        const QString stem =
            picture_ ? fromPath(std::filesystem::path(picture_->name).stem()) : QStringLiteral("objects");
        const QString name = form == DenseExport::Form::Overlay ? stem + QStringLiteral("-objects.png")
                             : form == DenseExport::Form::Coco  ? QStringLiteral("results.json")
                                                                : QStringLiteral("objects.json");
        const QString to = folder ? QFileDialog::getExistingDirectory(this, tr("Save overlays in"))
                                  : QFileDialog::getSaveFileName(this, tr("Save"), name);
        if (!to.isEmpty()) exportTo(toPath(to), form, all);
    });
}

void DetectView::setThreshold(double value) {
    filter_.threshold = value;
    panel_->setThreshold(value);
    refreshObjects();
    saveTimer_.start();
    figureTimer_.start();  // the strip's figures follow when the hand rests
}

void DetectView::setSide(ShownSide side) {
    filter_.side = side;
    followFirst_ = side != ShownSide::Found;
    header_->setSide(side);
    refreshObjects();
}

void DetectView::setMuted(int label, bool muted) {
    if (muted)
        filter_.muted.insert(label);
    else
        filter_.muted.erase(label);
    refreshObjects();
}

void DetectView::showOnly(int label) {
    filter_.muted.clear();
    for (int i = 0; label >= 0 && i < std::ssize(classes_.names); ++i)
        if (i != label) filter_.muted.insert(i);
    refreshObjects();
}

void DetectView::tableMenu(const QPoint& at) {
    ObjectTable& table = panel_->table();
    const QModelIndex row = table.indexAt(at);
    QMenu menu(this);
    if (row.isValid() && picture_) {
        const ObjectMark& mark = table.objects().markOf(row.row());
        const auto index = static_cast<std::size_t>(mark.index);
        const bool truth = mark.truth || filter_.side == ShownSide::Truth;
        const int label = truth ? (*picture_->truthObjects)[index].label : picture_->objects[index].label;
        connect(menu.addAction(tr("Hide %1").arg(mark.name)), &QAction::triggered, this,
                [this, label] { setMuted(label, true); });
        connect(menu.addAction(tr("Show only %1").arg(mark.name)), &QAction::triggered, this,
                [this, label] { showOnly(label); });
    }
    QAction* all = menu.addAction(tr("Show all classes"));
    all->setEnabled(!filter_.muted.empty());
    connect(all, &QAction::triggered, this, [this] { showOnly(-1); });
    menu.exec(table.viewport()->mapToGlobal(at));
}

void DetectView::hover(int mark, bool fromTable) {
    if (fromTable)
        canvas_->setHovered(mark);
    else
        panel_->table().setHovered(mark);
    if (choices_.attention && mark >= 0) attentionTimer_.start();
    refreshCursor();
}

void DetectView::select(int mark) {
    canvas_->setSelected(mark);
    panel_->table().setSelected(mark);
    if (choices_.attention && mark >= 0) attentionTimer_.start();
    refreshCursor();
}

void DetectView::step(int by) {
    const int next = panel_->table().neighbour(by);
    if (next >= 0) select(next);
}

void DetectView::askAttention() {
    const int at = canvas_->hovered() >= 0 ? canvas_->hovered() : canvas_->selected();
    if (!choices_.attention || !picture_ || at < 0 || at == askedMark_ || at >= std::ssize(shown_.marks)) return;
    askedMark_ = at;
    const ObjectMark& mark = shown_.marks[static_cast<std::size_t>(at)];
    RegionQuestion question;
    question.picture = at_;
    question.layer = choices_.layer;
    question.head = choices_.head;
    const Image& pixels = canvas_->picture()->picture;
    const auto index = static_cast<std::size_t>(mark.index);
    const bool truth = mark.truth || filter_.side == ShownSide::Truth;
    const RunMask& mask = truth ? (*picture_->truthObjects)[index].mask : picture_->objects[index].mask;
    const QRectF box = rectOf(mark.box);
    question.region = mask;
    if (mask.empty())
        question.region =
            runMaskOfBox({box.x(), box.y(), box.width(), box.height()}, pixels.width, pixels.height);
    feed_.question(question);
}

void DetectView::onAnswer() {
    const auto answer = feed_.answer();
    if (!choices_.attention || !answer || answer->picture != at_) return;
    canvas_->setMap({answer->rows, answer->columns, answer->values});
    refreshCursor();
}

void DetectView::prepareForScreenshot() {
    if (!feed_.asked()) {
        for (const char* sample : {"scenes", "scene.png"})
            if (const auto path = resourceFolder() / "samples" / sample; std::filesystem::exists(path)) {
                open(path);
                break;
            }
        if (!feed_.asked() && whyNoDetect().isEmpty()) detect();
        QEventLoop loop;
        QTimer::singleShot(kPatienceMs, &loop, &QEventLoop::quit);
        connect(&feed_, &DenseFeed::changed, &loop, [this, &loop] {
            if (!feed_.busy()) loop.quit();
        });
        if (feed_.busy()) loop.exec();
    }
    waitForPictures();
    if (!shown_.marks.empty() && canvas_->selected() < 0) select(panel_->table().neighbour(1));
}

}  // namespace vl
