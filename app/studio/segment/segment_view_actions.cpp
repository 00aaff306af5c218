// SPDX-License-Identifier: GPL-3.0-or-later
#include <QEventLoop>
#include <QFileDialog>
#include <QMimeData>
#include <QTimer>
#include <QUrl>

#include "app/studio/dense/dense_source.h"
#include "app/studio/segment/segment_view.h"
#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/dropped_item.h"
#include "app/studio/shell/selection.h"
#include "app/studio/shell/studio_settings.h"
#include "engine/core/resource_paths.h"

namespace vl {
namespace {

constexpr int kPatienceMs = 15'000;

bool isCheckpoint(const std::filesystem::path& file) { return file.extension() == ".safetensors"; }

/// Made-up scenes where they are installed, else the sample pictures.
std::filesystem::path demoPictures() {
    std::error_code error;
    const auto samples = resourceFolder() / "samples", scenes = samples / "scenes";
    return std::filesystem::exists(scenes, error) ? scenes : samples;
}

}  // namespace

void SegmentView::ask(DenseRequest request) {
    request.checkpoint = model_;
    request.live = panel_->live();
    request.segment = panel_->testing();
    feed_.ask(std::move(request));
    if (request_ != feed_.request().id) startRequest();
    refreshHeader();
    refreshNote();
    refreshPages();
    refreshSegment();
}

void SegmentView::open(const std::filesystem::path& source) {
    if (isCheckpoint(source)) return openModel(source);
    if (auto request = denseSource(source)) return ask(std::move(*request));
    context_.report(QStringLiteral("warning"), tr("%1 is no picture, folder or video").arg(fromPath(source.filename())),
                    tr("Open a picture, a folder of pictures or a video."));
}

bool SegmentView::open(const QMimeData& dropped) {
    for (const QUrl& url : dropped.urls())
        if (url.isLocalFile() && isCheckpoint(toPath(url.toLocalFile()))) {
            openModel(toPath(url.toLocalFile()));
            return true;
        }
    auto request = denseSource(dropped);
    if (request) ask(std::move(*request));
    return request.has_value();
}

void SegmentView::openByHand() {
    const QString file = QFileDialog::getOpenFileName(this, tr("Open picture or video"), {}, denseFilter());
    if (!file.isEmpty()) open(toPath(file));
}

void SegmentView::openFolderByHand() {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Open folder"));
    if (!folder.isEmpty()) open(toPath(folder));
}

void SegmentView::tryDemo() { open(demoPictures()); }

void SegmentView::segment() {
    if (!whyNoSegment().isEmpty()) return;
    DenseRequest again = feed_.request();
    if (!feed_.asked()) {
        again.image = context_.selection.image().image;
        again.imageName = context_.selection.image().name.toStdString();
    }
    ask(std::move(again));
}

QString SegmentView::whyNoSegment() const {
    return !feed_.asked() && context_.selection.image().image.empty()
               ? tr("Drop or open a picture, a folder or a video first.")
               : QString();
}

QString SegmentView::whyNoExport(bool all) const {
    if (!picture_) return tr("There is nothing to save yet.");
    if (feed_.busy()) return tr("Wait until all pictures are segmented.");
    return all || picture_->problem.empty() ? QString() : tr("This picture could not be segmented.");
}

void SegmentView::exportTo(const std::filesystem::path& to, DenseExport::Form form, bool all) {
    if (!whyNoExport(all).isEmpty()) return;
    DenseExport what;
    what.form = form;
    what.to = to;
    if (!all) what.pictures = {at_};
    what.threshold = panel_->choices().threshold;
    what.opacity = panel_->choices().opacity;
    for (int label = 0; label < std::min<int>(kNoClass, static_cast<int>(feed_.look().classes.names.size())); ++label)
        if (muted(label)) what.muted.push_back(static_cast<std::uint8_t>(label));
    feed_.save(std::move(what));
}

void SegmentView::saveByHand(DenseExport::Form form, bool all) {
    const bool document = form == DenseExport::Form::Json;
    QString to;
    if (all && !document) {
        to = QFileDialog::getExistingDirectory(this, tr("Folder for the pictures"));
    } else {
        const QString stem = picture_ ? fromPath(std::filesystem::path(picture_->name).stem()) : QString();
        const QString ending = document                             ? QStringLiteral(".json")
                               : form == DenseExport::Form::Overlay ? QStringLiteral("_overlay.png")
                                                                    : QStringLiteral("_mask.png");
        to = QFileDialog::getSaveFileName(this, tr("Save"), (all ? tr("segmentation") : stem) + ending,
                                          document ? tr("JSON (*.json)") : tr("Picture (*.png)"));
    }
    if (!to.isEmpty()) exportTo(toPath(to), form, all);
}

void SegmentView::openModel(const std::filesystem::path& file) {
    models_.open(file, [this, file](int at, const QString& why) {
        if (at < 0) return context_.report(QStringLiteral("error"), why, tr("Open a checkpoint of a segmenter."));
        model_ = file;
        refreshModel();
        if (feed_.asked()) segment();
    });
}

// A checkpoint dropped anywhere comes through the selection; a segmenter's belongs here.
void SegmentView::onCheckpointChosen() {
    const auto file = context_.selection.checkpoint();
    if (file.empty() || !isCheckpoint(file)) return;
    models_.open(file, [this, file](int at, const QString&) {
        if (at < 0 || context_.selection.checkpoint() != file) return;
        model_ = file;
        refreshModel();
        context_.showView(id());
    });
}

void SegmentView::registerActions() {
    auto& actions = context_.actions;
    const QString section = tr("Segment");
    const auto add = [&](const char* id, const QString& text, std::function<void()> run,
                         std::function<QString()> why = {}, const QString& icon = {}) {
        actions.add(QStringLiteral("segment.") + QLatin1String(id), text, section, {}, std::move(run), std::move(why),
                    icon);
    };
    const auto picture = [this] { return picture_ ? QString() : tr("Segment a picture first."); };
    const auto truth = [this] {
        return picture_ && picture_->truthClasses ? QString() : tr("No truth is known for this picture.");
    };
    const auto save = [this] { return whyNoExport(true); };
    const auto saveThis = [this] { return whyNoExport(false); };
    add(
        "start", tr("Segment the picture"),
        [this] {
            context_.showView(id());
            segment();
        },
        [this] { return whyNoSegment(); }, QStringLiteral("play"));
    add(
        "open", tr("Open a picture to segment…"),
        [this] {
            context_.showView(id());
            openByHand();
        },
        {}, QStringLiteral("image"));
    add(
        "openFolder", tr("Open a folder to segment…"),
        [this] {
            context_.showView(id());
            openFolderByHand();
        },
        {}, QStringLiteral("folder"));
    add("demo", tr("Segment the demo's pictures"), [this] {
        context_.showView(id());
        tryDemo();
    });
    add(
        "cancel", tr("Cancel segmenting"), [this] { cancel(); },
        [this] { return feed_.busy() ? QString() : tr("Nothing is being segmented."); }, QStringLiteral("stop"));
    add(
        "side", tr("Switch prediction, truth and split"), [this] { onToggled(QStringLiteral("side")); }, truth);
    add(
        "errors", tr("Show where prediction and truth differ"), [this] { onToggled(QStringLiteral("errors")); }, truth);
    add(
        "entropy", tr("Show how undecided the model is"), [this] { onToggled(QStringLiteral("entropy")); }, picture);
    add(
        "attention", tr("Show the attention of the region"), [this] { onToggled(QStringLiteral("attention")); },
        picture);
    add(
        "overlay", tr("Save the overlay as a picture…"), [this] { saveByHand(DenseExport::Form::Overlay, false); },
        saveThis, QStringLiteral("download"));
    add(
        "mask", tr("Save the mask…"), [this] { saveByHand(DenseExport::Form::IndexMask, false); }, saveThis,
        QStringLiteral("download"));
    add(
        "json", tr("Save the segmentation as JSON…"), [this] { saveByHand(DenseExport::Form::Json, true); }, save,
        QStringLiteral("download"));
    const auto key = [&](const char* id, const QString& text, const QString& keys) {
        actions.addCanvasKey(QStringLiteral("segment.key.") + QLatin1String(id), text, section, keys);
    };
    key("hide", tr("Hide the overlay while held"), QStringLiteral("H"));
    key("step", tr("Previous, next picture"), QStringLiteral("P, N"));
    key("mute", tr("Mute, solo the class under the cursor"), QStringLiteral("M, S"));
    key("side", tr("Prediction, truth, split"), QStringLiteral("T"));
    key("split", tr("Move the split bar"), QStringLiteral("Left, Right"));
    key("outline", tr("Outline"), QStringLiteral("O"));
    key("maps", tr("Errors, entropy, attention"), QStringLiteral("E, U, A"));
    key("zoom", tr("Fit, actual size, closer, further"), QStringLiteral("0, 1, +, -"));
    connect(panel_, &SegmentPanel::openModelRequested, this, [this] {
        const QString file = QFileDialog::getOpenFileName(this, tr("Open segmenter"), {}, checkpointFilter());
        if (!file.isEmpty()) openModel(toPath(file));
    });
}

void SegmentView::waitForPictures() {
    canvas_->layers().wait();
    thumbs_.wait();
}

void SegmentView::prepareForScreenshot() {
    if (!feed_.asked()) {
        tryDemo();
        QEventLoop loop;
        QTimer::singleShot(kPatienceMs, &loop, &QEventLoop::quit);
        connect(&feed_, &DenseFeed::changed, &loop, [this, &loop] {
            if (!feed_.busy()) loop.quit();
        });
        if (feed_.busy()) loop.exec();
    }
    waitForPictures();
}

}  // namespace vl
