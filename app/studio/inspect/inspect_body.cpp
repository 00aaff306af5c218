// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/inspect/inspect_body.h"

#include <algorithm>

#include <QLayout>

#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr int gap = 16, barsHeader = 28, wantedBarRow = 44, leastBarRow = 30, cardGap = 12, scrollBar = 12;

}  // namespace

InspectBody::InspectBody(QWidget* parent)
    : QWidget(parent),
      canvas_(new AttentionCanvas(this)),
      bars_(new KeyBars(this)),
      grid_(new HeadGrid),
      gridScroll_(new QScrollArea(this)),
      card_(new RolloutCard(this)) {
    gridScroll_->setWidget(grid_);
    gridScroll_->setFrameShape(QFrame::NoFrame);
    gridScroll_->setWidgetResizable(false);
    gridScroll_->setFocusPolicy(Qt::NoFocus);
    setTabOrder(canvas_, grid_);
}

void InspectBody::setBarRows(int rows) {
    if (rows == barRows_) return;
    barRows_ = rows;
    place();
}

int InspectBody::pictureRoom() const {
    const int most = width() - gap - std::min(grid_->widthFor(grid_->defaultCell()), std::max(width() * 55 / 100, 200));
    // Many heads: let the grid scroll when the picture then reaches its next whole multiple.
    const int wide = width() - gap - 320;
    const auto pictureWidth = [this](int room) { return canvas_->heightForPicture(room); };
    return wide > most && pictureWidth(wide) * 2 >= pictureWidth(most) * 3 ? wide : most;
}

void InspectBody::place() {
    const int room = pictureRoom();
    // Three rows always have room, so that pinning does not change the picture's size until the fourth.
    const int barsLeast = barsHeader + std::max(barRows_, 3) * leastBarRow;
    const int canvasHeight = std::clamp(canvas_->heightForPicture(room), 120, std::max(height() - barsLeast, 120));
    const int used = std::clamp(canvas_->widthForPicture(canvasHeight), std::min(300, room), std::max(room, 1));
    canvas_->setGeometry(0, 0, used, canvasHeight);
    const int barsHeight = std::min(height() - canvasHeight, barsHeader + barRows_ * wantedBarRow + 16);
    bars_->setGeometry(0, canvasHeight, used, std::max(barsHeight, 0));
    placeSide(used + gap);
}

void InspectBody::placeSide(int left) {
    const int side = std::max(width() - left, 1);
    const auto cardWidth = [&] { return std::min({side, 480, std::max(grid_->sizeHint().width(), 280)}); };
    const auto cardHeight = [&] { return card_->layout()->totalHeightForWidth(cardWidth()); };
    grid_->fitTo(side, height() - cardHeight() - cardGap);
    const int room = height() - cardHeight() - cardGap;
    const QSize wanted = grid_->sizeHint();
    grid_->resize(wanted);
    const bool down = wanted.height() > room, across = wanted.width() + (down ? scrollBar : 0) > side;
    gridScroll_->setHorizontalScrollBarPolicy(across ? Qt::ScrollBarAlwaysOn : Qt::ScrollBarAlwaysOff);
    gridScroll_->setVerticalScrollBarPolicy(down ? Qt::ScrollBarAlwaysOn : Qt::ScrollBarAlwaysOff);
    const int shown = std::min(wanted.height() + (across ? scrollBar : 0), room);
    gridScroll_->setGeometry(left, 0, std::min(wanted.width() + (down ? scrollBar : 0), side), shown);
    card_->setGeometry(left, shown + cardGap, cardWidth(), cardHeight());
}

void InspectBody::resizeEvent(QResizeEvent*) { place(); }

}  // namespace vl
