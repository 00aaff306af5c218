// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QListView>
#include <QStandardItemModel>

#include "engine/api/types.h"

namespace vl {

/// Everything that happened in a run, newest first: icon, words, step. Choosing a row puts the chart cursor there.
class EventList : public QListView {
    Q_OBJECT
public:
    explicit EventList(QWidget* parent = nullptr);
    void setEvents(const std::vector<RunEvent>& events);
    void reveal(int index);  ///< selects the event with that index in the run's order

Q_SIGNALS:
    void stepChosen(qint64 step);

private:
    QStandardItemModel model_;
    std::size_t shown_ = 0;
};

}  // namespace vl
