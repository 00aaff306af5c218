// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace vl {

/// Roles of the project tree's items.
enum ProjectRole {
    KindRole = Qt::UserRole + 1,   ///< ProjectItem
    PathRole,
    RightRole,                     ///< small text at the right end
    RightToneRole,                 ///< int(Tone)
    IconRole,
    SeriesRole,                    ///< colour index of a run
    ShownRole,                     ///< bool: the run's curves are drawn
};
enum class ProjectItem { Section, Run, Checkpoint, Data, Model, Picture, PictureFolder };

/// Draws one row of the project tree, 24 high: swatch or icon, name, state word.
class ProjectDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                     const QModelIndex& index) override;

Q_SIGNALS:
    void swatchClicked(const QModelIndex& index);
};

}  // namespace vl
