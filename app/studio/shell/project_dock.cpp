// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/project_dock.h"

#include <algorithm>

#include <QDesktopServices>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLocale>
#include <QMenu>
#include <QPainter>
#include <QSignalBlocker>
#include <QStandardItemModel>
#include <QTreeView>
#include <QUrl>
#include <QVBoxLayout>

#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/project_delegate.h"
#include "app/studio/shell/run_store.h"
#include "app/studio/shell/selection.h"
#include "app/studio/shell/studio_settings.h"
#include "engine/core/resource_paths.h"
#include "widgets/buttons.h"
#include "widgets/icons.h"
#include "widgets/labels.h"
#include "widgets/marks.h"

namespace vl {
namespace {

QString number(std::int64_t value) { return QLocale().toString(qlonglong(value)); }

QStandardItem* makeItem(ProjectItem kind, const QString& text, const QString& icon, const QString& path = {}) {
    auto* item = new QStandardItem(text);
    item->setEditable(false);
    item->setData(int(kind), KindRole);
    item->setData(icon, IconRole);
    item->setData(path, PathRole);
    item->setData(int(Tone::Text3), RightToneRole);
    return item;
}

/// Chevrons of the theme instead of the style's own marks.
class ProjectTree : public QTreeView {
public:
    using QTreeView::QTreeView;

protected:
    void drawBranches(QPainter* painter, const QRect& rect, const QModelIndex& index) const override {
        if (!model()->hasChildren(index)) return;
        constexpr int column = 9;  // one column of chevrons whatever the depth
        const QString name = isExpanded(index) ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right");
        paintIcon(*painter, QRect(column, rect.center().y() - 6, 14, 14), name,
                  Theme::instance().tokens().text2);
    }
    void drawRow(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Tokens& t = Theme::instance().tokens();  // the whole row, indentation included
        if (selectionModel()->isSelected(index)) painter->fillRect(option.rect, t.selection);
        QTreeView::drawRow(painter, option, index);
    }
};

}  // namespace

ProjectDock::ProjectDock(StudioContext& context, QWidget* parent)
    : QWidget(parent), context_(context), head_(new QWidget(this)), tree_(new ProjectTree(this)), model_(new QStandardItemModel(this)) {
    setAcceptDrops(false);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(16, 6, 8, 6);  // 40 high by its hint, which is what a dock's title goes by
    head->addWidget(makeLabel(tr("Project"), Type::Section));
    head->addStretch(1);
    QToolButton* add = makeIconButton(QStringLiteral("plus"), tr("Open a run, an image or a checkpoint"));
    add->setProperty("kind", "quiet");
    head->addWidget(add);
    connect(add, &QToolButton::clicked, this, &ProjectDock::addRequested);

    tree_->setModel(model_);
    tree_->setHeaderHidden(true);
    tree_->setIndentation(18);
    tree_->setUniformRowHeights(true);
    tree_->setSelectionMode(QAbstractItemView::SingleSelection);
    tree_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    tree_->setContextMenuPolicy(Qt::CustomContextMenu);
    tree_->setAccessibleName(tr("Project"));
    tree_->setStyleSheet(QStringLiteral("QTreeView::item, QTreeView::branch, QTreeView::item:selected, QTreeView::item:hover "
                                        "{ background: transparent; }"));
    auto* delegate = new ProjectDelegate(tree_);
    tree_->setItemDelegate(delegate);

    auto* box = new QVBoxLayout(this);
    box->setContentsMargins(0, 0, 0, 0);
    box->setSpacing(0);
    head_->setFixedHeight(40);
    head_->setLayout(head);
    box->addWidget(tree_, 1);

    buildSections();
    connect(tree_, &QTreeView::clicked, this, &ProjectDock::choose);
    connect(tree_, &QTreeView::activated, this, &ProjectDock::choose);
    connect(tree_, &QTreeView::customContextMenuRequested, this, &ProjectDock::openMenu);
    connect(delegate, &ProjectDelegate::swatchClicked, this, [this](const QModelIndex& index) {
        context_.runs.setVisible(toPath(index.data(PathRole).toString()), !index.data(ShownRole).toBool());
    });
    connect(&context_.runs, &RunStore::runAdded, this, &ProjectDock::putRun);
    connect(&context_.runs, &RunStore::runChanged, this, &ProjectDock::putRun);
    connect(&context_.selection, &Selection::runChanged, this, &ProjectDock::followSelection);
    connect(&Theme::instance(), &Theme::changed, tree_->viewport(), qOverload<>(&QWidget::update));
}

QStandardItem* ProjectDock::section(const QString& name) {
    QStandardItem* item = makeItem(ProjectItem::Section, name, {});
    item->setSelectable(false);
    model_->appendRow(item);
    return item;
}

void ProjectDock::buildSections() {
    runs_ = section(tr("Runs"));
    data_ = section(tr("Data"));
    models_ = section(tr("Models"));
    pictures_ = section(tr("Images"));
    const auto addData = [this](const QString& name, std::int64_t count, const QString& tip) {
        QStandardItem* item = makeItem(ProjectItem::Data, name, QStringLiteral("database"));
        item->setData(number(count), RightRole);
        item->setToolTip(tip);
        data_->appendRow(item);
    };
    addData(tr("Fashion-MNIST"), 60'000, tr("Training split: 28 × 28 grey pictures of clothes, ten classes"));
    addData(tr("Test set"), 10'000, tr("Fashion-MNIST's test split, used for evaluation"));
    for (const ModelSpec& spec : presetsFor(ModelTask::Classify)) {
        const QString name = QString::fromStdString(spec.name);
        QStandardItem* item = makeItem(ProjectItem::Model, name, QStringLiteral("layers"), name);
        item->setToolTip(tr("%1\n%2 layers, width %3, %4 heads, patch %5 of %6 px\n%7 M parameters, %8 M multiply-adds")
                             .arg(name).arg(spec.depth).arg(spec.dim).arg(spec.heads).arg(spec.patchSize).arg(spec.imageSize)
                             .arg(double(spec.parameterCount()) / 1e6, 0, 'f', 1).arg(double(spec.macs()) / 1e6, 0, 'f', 0));
        models_->appendRow(item);
    }
    std::error_code error;
    std::vector<std::filesystem::path> samples;
    for (std::filesystem::directory_iterator it(resourceFolder() / "samples", error), end; !error && it != end;
         it.increment(error))
        if (it->path().extension() == ".png") samples.push_back(it->path());
    std::sort(samples.begin(), samples.end());
    QStringList names;
    for (const auto& file : samples) names << fromPath(file);
    if (!names.isEmpty()) {
        addPictureFolder(fromPath(resourceFolder() / "samples"), names);
        tree_->setExpanded(pictures_->child(0)->index(), false);
    }
    for (QStandardItem* each : {runs_, data_, models_, pictures_}) tree_->setExpanded(each->index(), true);
    tree_->scrollToTop();
}

QStandardItem* ProjectDock::childWithPath(QStandardItem* parent, const QString& path) const {
    for (int row = 0; row < parent->rowCount(); ++row)
        if (parent->child(row)->data(PathRole).toString() == path) return parent->child(row);
    return nullptr;
}

void ProjectDock::putRun(const std::shared_ptr<StoredRun>& run) {
    const QString path = fromPath(run->folder);
    QStandardItem* item = childWithPath(runs_, path);
    if (!item) {
        item = makeItem(ProjectItem::Run, run->name, {}, path);
        item->setToolTip(path);
        if (run->live)
            runs_->insertRow(0, item);
        else
            runs_->appendRow(item);
        tree_->setExpanded(runs_->index(), true);
    }
    // An active state in a folder nobody writes any more: the process died.
    const bool interrupted = !run->live && run->state == RunState::Stopping;
    item->setText(run->name);
    item->setData(run->series, SeriesRole);
    item->setData(run->visible, ShownRole);
    item->setData(interrupted ? tr("Interrupted") : stateWord(run->state), RightRole);
    const Tone tone = stateTone(run->state);
    item->setData(int(interrupted ? Tone::Warning : tone == Tone::Text ? Tone::Text3 : tone), RightToneRole);
    fillCheckpoints(item, *run);
    if (run->live) tree_->setExpanded(item->index(), true);
}

void ProjectDock::fillCheckpoints(QStandardItem* item, const StoredRun& run) {
    std::vector<const CheckpointInfo*> shown;
    for (const CheckpointInfo& info : run.record.checkpoints) {
        const bool sameStep = !shown.empty() && shown.back()->step == info.step;  // last and numbered are one
        if (!sameStep) shown.push_back(&info);
    }
    QStringList now, before;
    for (const CheckpointInfo* info : shown) now << fromPath(info->file);
    for (int row = 0; row < item->rowCount(); ++row) before << item->child(row)->data(PathRole).toString();
    std::int64_t bestStep = -1;
    for (const CheckpointInfo& info : run.record.checkpoints)
        if (info.file == run.record.best) bestStep = info.step;
    if (now != before) {
        item->removeRows(0, item->rowCount());
        for (const CheckpointInfo* info : shown)
            item->appendRow(makeItem(ProjectItem::Checkpoint, {}, QStringLiteral("flag"), fromPath(info->file)));
    }
    for (int row = 0; row < item->rowCount(); ++row) {
        const CheckpointInfo& info = *shown[std::size_t(row)];
        QStandardItem* child = item->child(row);
        child->setText(tr("step %1").arg(number(info.step)));
        child->setData(info.step == bestStep ? tr("best") : QString(), RightRole);
        const bool samples = info.spec.task() == ModelTask::Generate;
        if (info.accuracy >= 0)
            child->setToolTip((samples ? tr("%1 % of samples judged right") : tr("accuracy %1 %"))
                                  .arg(info.accuracy * 100, 0, 'f', samples ? 1 : 2));
    }
}

void ProjectDock::addPicture(const QString& path) {
    for (int row = 0; row < pictures_->rowCount(); ++row)  // listed already, itself or in its folder
        if (pictures_->child(row)->data(PathRole) == path || childWithPath(pictures_->child(row), path)) return;
    QStandardItem* item = makeItem(ProjectItem::Picture, QFileInfo(path).fileName(), QStringLiteral("image"), path);
    item->setToolTip(path);
    pictures_->appendRow(item);
    tree_->setExpanded(pictures_->index(), true);
}

void ProjectDock::addPictureFolder(const QString& folder, const QStringList& pictures) {
    QStandardItem* item = childWithPath(pictures_, folder);
    if (!item) {
        item = makeItem(ProjectItem::PictureFolder, QFileInfo(folder).fileName(), QStringLiteral("folder"), folder);
        item->setToolTip(folder);
        pictures_->appendRow(item);
    }
    item->removeRows(0, item->rowCount());
    item->setData(number(pictures.size()), RightRole);
    for (const QString& path : pictures)
        item->appendRow(makeItem(ProjectItem::Picture, QFileInfo(path).fileName(), QStringLiteral("image"), path));
    tree_->setExpanded(pictures_->index(), true);
    tree_->setExpanded(item->index(), true);
    tree_->scrollTo(item->index(), QAbstractItemView::PositionAtTop);
}

void ProjectDock::choose(const QModelIndex& index) {
    const QString path = index.data(PathRole).toString();
    switch (ProjectItem(index.data(KindRole).toInt())) {
        case ProjectItem::Section:
        case ProjectItem::PictureFolder: tree_->setExpanded(index, !tree_->isExpanded(index)); break;
        case ProjectItem::Run:
            context_.runs.setVisible(toPath(path), true);
            context_.selection.setRun(toPath(path));
            if (const auto run = context_.runs.find(toPath(path)); run && run->live) context_.selection.setModel({true, {}});
            break;
        case ProjectItem::Checkpoint: Q_EMIT checkpointChosen(path); break;
        case ProjectItem::Model: Q_EMIT presetChosen(path); break;
        case ProjectItem::Picture: Q_EMIT pictureChosen(path); break;
        case ProjectItem::Data: break;
    }
}

void ProjectDock::openMenu(const QPoint& at) {
    const QModelIndex index = tree_->indexAt(at);
    if (ProjectItem(index.data(KindRole).toInt()) != ProjectItem::Run) return;
    const auto run = context_.runs.find(toPath(index.data(PathRole).toString()));
    if (!run) return;
    QMenu menu;
    menu.addAction(run->visible ? tr("Hide curves") : tr("Show curves"), this,
                   [this, run] { context_.runs.setVisible(run->folder, !run->visible); });
    QAction* resume = menu.addAction(tr("Resume run"), this, [this, run] { context_.link.engine().resume(run->folder, {}); });
    resume->setEnabled(canStart(context_.link.status().state) && !run->record.checkpoints.empty());
    menu.addAction(tr("Show folder"), this, [run] { QDesktopServices::openUrl(QUrl::fromLocalFile(fromPath(run->folder))); });
    menu.exec(tree_->viewport()->mapToGlobal(at));
}

void ProjectDock::followSelection() {
    if (QStandardItem* item = childWithPath(runs_, fromPath(context_.selection.run())))
        tree_->setCurrentIndex(item->index());
}

}  // namespace vl
