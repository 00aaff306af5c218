// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

#include "app/studio/shell/run_store.h"
#include "app/studio/shell/studio_settings.h"

namespace vl {

/// One recent item: icon, name, what it is, a run's state, when, key. Click or Enter opens it.
class RecentRow : public QAbstractButton {
    Q_OBJECT
public:
    /// `run` may be null: the item is no run, or its folder was not read yet.
    RecentRow(const RecentItem& item, const StoredRun* run, const QString& key, QWidget* parent = nullptr);
    QSize sizeHint() const override { return {480, 36}; }

protected:
    void paintEvent(QPaintEvent* event) override;
};

/// "step 6,240 of 14,040", "accuracy 89.93 %", "out of memory": the one thing worth knowing about the run.
QString runDetail(const StoredRun& run);

}  // namespace vl
