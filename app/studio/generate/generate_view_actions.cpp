// SPDX-License-Identifier: GPL-3.0-or-later
#include <QEventLoop>
#include <QFileDialog>
#include <QLineEdit>
#include <QTimer>

#include "app/studio/generate/generate_view.h"
#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/dropped_item.h"
#include "app/studio/shell/studio_settings.h"
#include "widgets/number_field.h"

namespace vl {
namespace {

constexpr int kPatienceMs = 15'000;

}  // namespace

void GenerateView::registerActions() {
    auto& actions = context_.actions;
    const QString section = tr("Generate");
    const auto chain = [this] { return feed_.active() ? QString() : tr("Nothing is being made."); };
    const auto paused = [this] {
        return feed_.status().state == GenerationState::Paused ? QString() : tr("Pause making samples first.");
    };
    const auto frames = [this] { return shown_.frames.size() > 1 ? QString() : tr("There are no frames yet."); };
    const auto save = [this] { return whyNoExport(); };
    const auto cell = [this] {
        return !shown_.empty() && grid_->selected() >= 0 ? QString() : tr("Select a sample first.");
    };
    const auto add = [&](const char* id, const QString& text, std::function<void()> run,
                         std::function<QString()> why = {}, const QString& icon = {}, const QKeySequence& key = {}) {
        actions.add(QStringLiteral("generate.") + QLatin1String(id), text, section, key, std::move(run), std::move(why),
                    icon);
    };
    add(
        "start", tr("Generate samples"), [this] { generate(); }, [this] { return whyNoGenerate(); },
        QStringLiteral("play"), QKeySequence(Qt::CTRL | Qt::Key_Return));
    add(
        "pause", tr("Pause or continue making samples"), [this] { pauseOrContinue(); }, chain, QStringLiteral("pause"));
    add(
        "step", tr("One sampling step"), [this] { step(); }, paused, QStringLiteral("chevron-right"));
    add(
        "stop", tr("Stop making samples"), [this] { stop(); }, chain, QStringLiteral("stop"));
    add(
        "live", tr("Show the grid being made"), [this] { onPlan(); },
        [this] {
            return !feed_.plan() ? tr("Nothing is being made.") : shown_.live ? tr("It is shown already.") : QString();
        });
    add(
        "play", tr("Play the frames"), [this] { togglePlay(); }, frames, QStringLiteral("play"));
    add(
        "previous", tr("Previous frame"), [this] { setFrame(frame_ - 1); }, frames, QStringLiteral("chevron-left"));
    add(
        "next", tr("Next frame"), [this] { setFrame(frame_ + 1); }, frames, QStringLiteral("chevron-right"));
    add(
        "view", tr("Switch noisy and predicted samples"), [this] { setClean(!clean_); }, frames, QStringLiteral("eye"));
    const auto saveWith = [this](const QString& ending, const QString& filter) {
        return [this, ending, filter] {
            const QString name = shown_.folder.empty() ? QStringLiteral("samples") : fromPath(shown_.folder.filename());
            const QString file = QFileDialog::getSaveFileName(this, tr("Save grid"), name + ending, filter);
            if (!file.isEmpty()) exportTo(toPath(file));
        };
    };
    add("png", tr("Save the grid as PNG…"), saveWith(QStringLiteral(".png"), tr("Picture (*.png)")), save,
        QStringLiteral("download"));
    add("gif", tr("Save the grid's frames as GIF…"), saveWith(QStringLiteral(".gif"), tr("Animation (*.gif)")), save,
        QStringLiteral("download"));
    add("mp4", tr("Save the grid's frames as MP4…"), saveWith(QStringLiteral(".mp4"), tr("Film (*.mp4)")), save,
        QStringLiteral("download"));
    add(
        "keepSeed", tr("Keep the sample's seed"), [this] { keepSeed(); }, cell, QStringLiteral("lock"));
    add("newSeed", tr("Draw a new seed"), [this] { panel_->form().drawSeed(); });
    add("seeds", tr("Interpolate between two seeds"), [this] {
        interpolate(Vary::SeedMix);
        context_.showView(id());
    });
    add("classes", tr("Interpolate between two classes"), [this] {
        interpolate(Vary::LabelMix);
        context_.showView(id());
    });
    add(
        "openModel", tr("Open a model for samples…"), [this] { Q_EMIT panel_->form().openRequested(); }, {},
        QStringLiteral("folder"));
    add(
        "clearFilter", tr("Clear the history's filter"), [this] { filter_->clear(); },
        [this] { return filter_->text().isEmpty() ? tr("There is no filter.") : QString(); });
    actions.addCanvasKey(QStringLiteral("generate.key.cell"), tr("Select a sample"), section,
                         QStringLiteral("Left, Up, Down, Right"));
    actions.addCanvasKey(QStringLiteral("generate.key.frame"), tr("Previous, next frame"), section,
                         QStringLiteral(",, ."));
    actions.addCanvasKey(QStringLiteral("generate.key.play"), tr("Play the frames"), section, QStringLiteral("Space"));
    actions.addCanvasKey(QStringLiteral("generate.key.view"), tr("Noisy or predicted samples"), section,
                         QStringLiteral("X"));
    actions.addCanvasKey(QStringLiteral("generate.key.blink"), tr("Another stored grid while held"), section,
                         QStringLiteral("B"));
    connect(&panel_->form(), &SamplerForm::openRequested, this, [this] {
        const QString file = QFileDialog::getOpenFileName(this, tr("Open model"), {}, checkpointFilter());
        if (!file.isEmpty()) openModel(toPath(file));
    });
}

void GenerateView::prepareForScreenshot() {
    models_.wait();
    results_.wait();
    if (!shown_.empty() || feed_.active() || !whyNoGenerate().isEmpty()) return;
    SamplerForm& form = panel_->form();
    form.rows().set(Vary::Steps, {"24 36 60 120"});
    form.columns().set(Vary::Class, {"2-4 7-9"});
    form.previewField().setValue(6);
    generate();
    QEventLoop loop;  // until it stands half way, which shows most
    QTimer::singleShot(kPatienceMs, &loop, &QEventLoop::quit);
    connect(&feed_, &GenerationFeed::framesAdded, &loop, [this, &loop] {
        if (feed_.frames().back()->step >= 24) loop.quit();
    });
    connect(&feed_, &GenerationFeed::ended, &loop, &QEventLoop::quit);
    loop.exec();
    if (feed_.status().state == GenerationState::Running) pauseOrContinue();
}

}  // namespace vl
