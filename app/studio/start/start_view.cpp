// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/start/start_view.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QScrollArea>
#include <QTimer>
#include <QVBoxLayout>

#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/run_store.h"
#include "app/studio/shell/status_row.h"
#include "app/studio/shell/studio_settings.h"
#include "app/studio/start/drop_zone.h"
#include "app/studio/start/recent_row.h"
#include "app/studio/start/start_card.h"
#include "app/studio/start/start_pictures.h"
#include "engine/core/resource_paths.h"
#include "widgets/buttons.h"
#include "widgets/icons.h"
#include "widgets/labels.h"

namespace vl {
namespace {

constexpr int kContentWidth = 1080, kWideContent = 1400, kWide = 1900, kRecentRows = 5;
enum Card { Demo, OpenImage, NewRun, OpenFolder };

std::vector<QImage> samplePictures() {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (std::filesystem::directory_iterator it(resourceFolder() / "samples", error), end; !error && it != end; it.increment(error))
        if (it->path().extension() == ".png") files.push_back(it->path());
    std::sort(files.begin(), files.end());
    std::vector<QImage> pictures;
    for (const auto& file : files)
        if (QImage picture(fromPath(file)); !picture.isNull()) pictures.push_back(picture.convertToFormat(QImage::Format_RGB32));
    return pictures;
}

}  // namespace

StartView::StartView(StudioContext& context, QWidget* parent) : View(context, parent) {
    content_ = new QWidget;
    content_->setMaximumWidth(kContentWidth);
    auto* box = new QVBoxLayout(content_);
    box->setContentsMargins(0, 32, 0, 24);
    box->setSpacing(0);
    box->addWidget(makeHead());
    box->addSpacing(24);
    box->addWidget(makeCards());
    box->addSpacing(24);
    auto* lower = new QHBoxLayout;
    lower->setSpacing(48);
    lower->addWidget(makeRecent(), 1);
    lower->addWidget(makeMachine());
    box->addLayout(lower);
    box->addSpacing(24);
    box->addWidget(new DropZone);
    box->addStretch(1);

    auto* page = new QWidget;
    auto* centred = new QHBoxLayout(page);
    centred->setContentsMargins(32, 0, 32, 0);
    centred->addStretch(1);
    centred->addWidget(content_, 1000);
    centred->addStretch(1);
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(page);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);

    auto* probe = new QTimer(this);  // the machine is looked at in the background
    connect(probe, &QTimer::timeout, this, [this] {
        if (active_) showMachine();
    });
    probe->start(1000);
    connect(&context_.runs, &RunStore::runAdded, this, [this] { if (active_) fillRecent(); });
    connect(&context_.runs, &RunStore::runChanged, this, [this](const std::shared_ptr<StoredRun>& run) {
        if (active_ && !run->live) fillRecent();
    });
}

QWidget* StartView::makeHead() {
    auto* head = new QWidget;
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(16);
    row->addWidget(makeLabel(QStringLiteral("VisionLLaMA Studio"), Type::StartTitle), 0, Qt::AlignBottom);
    QLabel* line = makeLabel(tr("Train, run and look inside vision transformers"), Type::Control, Tone::Text2);
    line->setContentsMargins(0, 0, 0, 4);
    row->addWidget(line, 0, Qt::AlignBottom);
    row->addStretch(1);
    return head;
}

QWidget* StartView::makeCards() {
    auto* row = new QWidget;
    auto* box = new QHBoxLayout(row);
    box->setContentsMargins(0, 0, 0, 0);
    box->setSpacing(16);
    cards_[Demo] = new StartCard(tr("Try the demo"), tr("Train a tiny iLLaMA on Fashion-MNIST. First point within seconds."),
                                 tr("Start"), QStringLiteral("play"), true);
    cards_[OpenImage] = new StartCard(tr("Open an image"), tr("Classify it and see what each patch attends to, layer by layer."),
                                      tr("Open image"), QStringLiteral("image"), false);
    cards_[NewRun] = new StartCard(tr("New run"), tr("Choose a model, a data set and a soft-mask schedule."), tr("Set up"),
                                   QStringLiteral("plus"), false);
    cards_[OpenFolder] = new StartCard(tr("Open a run"), tr("Continue a run, or follow a folder that another machine writes."),
                                       tr("Open folder"), QStringLiteral("folder"), false);
    for (StartCard* card : cards_) box->addWidget(card, 1);
    return row;
}

QWidget* StartView::makeRecent() {
    auto* box = new QWidget;
    recent_ = new QVBoxLayout(box);
    recent_->setContentsMargins(0, 0, 0, 0);
    recent_->setSpacing(0);
    return box;
}

QWidget* StartView::makeMachine() {
    auto* box = new QWidget;
    box->setFixedWidth(304);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(makeSectionTitle(tr("This machine")));
    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    auto* chip = new QLabel;
    const auto tint = [chip] {
        chip->setPixmap(iconPixmap(QStringLiteral("cpu"), 16, Theme::instance().tokens().good, chip->devicePixelRatioF()));
    };
    tint();
    connect(&Theme::instance(), &Theme::changed, chip, tint);
    line->addWidget(chip);
    machineTitle_ = makeLabel({}, Type::Control);
    line->addWidget(machineTitle_, 1);
    column->addLayout(line);
    machineText_ = makeLabel({}, Type::Secondary, Tone::Text2);
    machineText_->setWordWrap(true);
    machineText_->setContentsMargins(24, 0, 0, 4);
    column->addWidget(machineText_);
    auto* details = makeButton(tr("Details"));
    connect(details, &QPushButton::clicked, this, [this] {
        if (QAction* about = context_.actions.find(QStringLiteral("help.about"))) about->trigger();
    });
    auto* foot = new QHBoxLayout;
    foot->setContentsMargins(24, 0, 0, 0);
    foot->addWidget(details);
    foot->addStretch(1);
    column->addLayout(foot);
    column->addStretch(1);
    return box;
}

void StartView::registerActions() {
    const char* const ids[] = {"run.demo", "file.openImage", "run.new", "file.openRun"};
    for (int i = 0; i < 4; ++i) cards_[i]->setAction(context_.actions.find(QLatin1String(ids[i])));
}

void StartView::setActive(bool active) {
    View::setActive(active);
    if (!active) return;
    fillRecent();
    showMachine();
}

void StartView::showEvent(QShowEvent* event) {
    View::showEvent(event);
    if (picturesLoaded_) return;
    picturesLoaded_ = true;
    QTimer::singleShot(0, this, &StartView::loadPictures);  // after the window stands
}

void StartView::resizeEvent(QResizeEvent* event) {
    View::resizeEvent(event);
    content_->setMaximumWidth(width() >= kWide ? kWideContent : kContentWidth);
}

void StartView::loadPictures() {
    const std::vector<QImage> pictures = samplePictures();
    cards_[Demo]->setPicture([pictures](QPainter& painter, const QRect& area) { paintMosaic(painter, area, pictures); });
    const QImage first = pictures.empty() ? QImage() : pictures.front();
    cards_[OpenImage]->setPicture([first](QPainter& painter, const QRect& area) { paintPatches(painter, area, first); });
    cards_[NewRun]->setPicture([this](QPainter& painter, const QRect& area) {
        std::vector<double> losses;
        for (const auto& run : context_.runs.runs()) {
            const auto& rows = run->live ? context_.link.steps() : run->record.steps;
            for (const StepMetrics& row : rows)
                if (std::isfinite(row.loss)) losses.push_back(row.loss);
            if (!losses.empty()) break;
        }
        paintCurve(painter, area, losses);
    });
    cards_[OpenFolder]->setPicture([this](QPainter& painter, const QRect& area) {
        std::vector<RunLine> lines;
        for (const auto& run : context_.runs.runs()) {
            if (lines.size() == 3) break;
            const double epochs = run->record.settings.train.epochs;
            const double done = run->record.steps.empty() || epochs <= 0 ? 1 : run->record.steps.back().epoch / epochs;
            lines.push_back({run->name, run->series, done});
        }
        if (lines.empty()) lines = {{QStringLiteral("soft-mask"), 0, 0.8}, {QStringLiteral("causal"), 1, 0.55}, {QStringLiteral("bidirectional"), 2, 0.3}};
        paintRunList(painter, area, lines);
    });
}

int StartView::recentRows() const { return int(findChildren<RecentRow*>().size()); }

void StartView::fillRecent() {
    while (QLayoutItem* item = recent_->takeAt(0)) {
        if (QWidget* old = item->widget()) {
            old->hide();
            old->setParent(nullptr);
            old->deleteLater();
        }
        delete item;
    }
    recent_->addWidget(makeSectionTitle(tr("Recent")));
    const QList<RecentItem> items = recentItems(*openStudioSettings());
    for (int i = 0; i < std::min(int(items.size()), kRecentRows); ++i) {
        const auto run = items[i].kind == RecentItem::Kind::Run ? context_.runs.find(toPath(items[i].path)) : nullptr;
        QAction* open = context_.actions.find(QStringLiteral("recent.%1").arg(i + 1));
        auto* row = new RecentRow(items[i], run.get(), open ? open->shortcut().toString(QKeySequence::NativeText) : QString());
        if (open) connect(row, &QAbstractButton::clicked, open, &QAction::trigger);
        recent_->addWidget(row);
    }
    if (items.isEmpty())
        recent_->addWidget(makeLabel(tr("Nothing yet. What you open or train stands here the next time."), Type::Secondary, Tone::Text3));
    recent_->addStretch(1);
}

void StartView::showMachine() {
    const MachineInfo& m = context_.link.engine().machine();
    machineTitle_->setText(deviceText(m) + (m.bf16Units ? tr(" units") : QString()));
    if (m.cores == 0) {
        machineText_->setText(tr("Looking at processors, memory and devices."));
        return;
    }
    const QLocale locale;
    const QString mono = QStringLiteral("<span style=\"font-family:'%1'\">%2</span>").arg(Theme::monoFont(12).family());
    QString text = tr("Memory %1 of %2 GB free.").arg(mono.arg(locale.toString(m.memoryFreeGb, 'f', 1)),
                                                      mono.arg(locale.toString(m.memoryTotalGb, 'f', 0)));
    if (m.gpus.empty())
        text += QLatin1Char(' ') + QString::fromStdString(m.gpuReason.empty() ? "No GPU found." : m.gpuReason).toHtmlEscaped();
    machineText_->setText(text);
}

void StartView::prepareForScreenshot() { loadPictures(); }

View* makeStartView(StudioContext& context) { return new StartView(context); }

}  // namespace vl
