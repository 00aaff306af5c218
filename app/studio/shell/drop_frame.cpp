// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/drop_frame.h"

#include <QPainter>

#include "widgets/theme.h"

namespace vl {

DropFrame::DropFrame(QWidget* window) : QWidget(window) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void DropFrame::setShown(bool shown) {
    setGeometry(parentWidget()->rect());
    setVisible(shown);
    if (shown) raise();
}

void DropFrame::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setPen(QPen(Theme::instance().tokens().accent, 2));
    painter.drawRect(rect().adjusted(1, 1, -1, -1));
}

}  // namespace vl
