// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>

#include <QStringList>
#include <QWidget>

#include "app/studio/shell/view.h"

class QModelIndex;
class QStandardItem;
class QStandardItemModel;
class QTreeView;

namespace vl {

struct StoredRun;

/// The project tree: runs with their checkpoints, data, models, images. A click selects for every view; a click on a
/// run's colour shows or hides its curves.
class ProjectDock : public QWidget {
    Q_OBJECT
public:
    explicit ProjectDock(StudioContext& context, QWidget* parent = nullptr);

    void addPicture(const QString& path);
    void addPictureFolder(const QString& folder, const QStringList& pictures);
    QTreeView* tree() const { return tree_; }
    /// The 40 px head; the dock uses it as its title, so that dragging it moves the dock.
    QWidget* head() const { return head_; }

Q_SIGNALS:
    void pictureChosen(const QString& path);
    void checkpointChosen(const QString& path);
    void presetChosen(const QString& name);
    void addRequested();

private:
    void buildSections();
    void putRun(const std::shared_ptr<StoredRun>& run);
    void fillCheckpoints(QStandardItem* item, const StoredRun& run);
    void choose(const QModelIndex& index);
    void openMenu(const QPoint& at);
    void followSelection();
    QStandardItem* section(const QString& name);
    QStandardItem* childWithPath(QStandardItem* parent, const QString& path) const;

    StudioContext& context_;
    QWidget* head_;
    QTreeView* tree_;
    QStandardItemModel* model_;
    QStandardItem *runs_, *data_, *models_, *pictures_;
};

}  // namespace vl
