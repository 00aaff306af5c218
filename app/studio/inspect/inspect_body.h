// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>
#include <QWidget>

#include "app/studio/inspect/rollout_card.h"
#include "widgets/attention_canvas.h"
#include "widgets/head_grid.h"
#include "widgets/key_bars.h"

namespace vl {

/// Picture with its key bars below, layers x heads with the rollout card at its side. The picture gets the largest
/// whole multiple first; what is left over makes the thumbnails larger.
class InspectBody : public QWidget {
    Q_OBJECT
public:
    explicit InspectBody(QWidget* parent = nullptr);
    AttentionCanvas& canvas() { return *canvas_; }
    KeyBars& bars() { return *bars_; }
    HeadGrid& grid() { return *grid_; }
    RolloutCard& card() { return *card_; }
    void setBarRows(int rows);
    /// Re-places everything, after the picture or the number of heads changed.
    void place();
    QSize minimumSizeHint() const override { return {560, 400}; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    int pictureRoom() const;
    void placeSide(int left);

    AttentionCanvas* canvas_;
    KeyBars* bars_;
    HeadGrid* grid_;
    QScrollArea* gridScroll_;
    RolloutCard* card_;
    int barRows_ = 1;
};

}  // namespace vl
