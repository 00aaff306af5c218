// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/top_row.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenuBar>
#include <QPainter>
#include <QPushButton>

#include "widgets/icons.h"
#include "widgets/theme.h"

namespace vl {

/// Looks like a field, opens the command palette.
class FindField : public QAbstractButton {
public:
    explicit FindField(QWidget* parent) : QAbstractButton(parent) {
        setFixedSize(240, 24);
        setText(QObject::tr("Find a command"));
        setAccessibleName(QObject::tr("Find a command, Ctrl+K"));
        setToolTip(QObject::tr("Every command by name (Ctrl+K)"));
        setFocusPolicy(Qt::NoFocus);  // Ctrl+K is its key; the first Tab belongs to the view
    }

protected:
    void paintEvent(QPaintEvent*) override {
        const Tokens& t = Theme::instance().tokens();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(underMouse() ? t.controlLine : t.buttonLine);
        painter.setBrush(t.canvas);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        paintIcon(painter, QRect(8, 4, 16, 16), QStringLiteral("search"), t.text2);
        painter.setFont(Theme::uiFont(13));
        painter.setPen(t.text2);
        painter.drawText(rect().adjusted(28, 0, -64, 0), Qt::AlignVCenter, text());
        painter.setFont(Theme::monoFont(11));
        painter.drawText(rect().adjusted(0, 0, -10, 0), Qt::AlignVCenter | Qt::AlignRight, QStringLiteral("Ctrl+K"));
    }
};

TopRow::TopRow(QWidget* parent) : QWidget(parent), menus_(new QMenuBar(this)), project_(new QLabel(this)), find_(new FindField(this)) {
    setFixedHeight(32);
    auto* home = new QPushButton(QStringLiteral("VisionLLaMA Studio"), this);
    home->setProperty("kind", "quiet");
    home->setObjectName(QStringLiteral("home"));
    home->setStyleSheet(QStringLiteral("QPushButton { font-weight: 600; padding: 0 11px; }"));
    home->setFocusPolicy(Qt::NoFocus);
    home->setCursor(Qt::PointingHandCursor);
    home->setToolTip(tr("Start page (Ctrl+0)"));
    home->setFixedHeight(28);
    menus_->setNativeMenuBar(false);
    menus_->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    menus_->setFixedHeight(24);
    menus_->setStyleSheet(QStringLiteral("QMenuBar::item { padding: 5px 8px 3px 8px; }"));
    project_->setProperty("tone", "text2");
    project_->setFont(Theme::uiFont(12));

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(4, 0, 8, 0);
    row->setSpacing(0);
    row->addWidget(home);
    row->addWidget(menus_, 0, Qt::AlignVCenter);
    row->addStretch(1);
    row->addWidget(project_);
    row->addSpacing(16);
    row->addWidget(find_);
    connect(home, &QPushButton::clicked, this, &TopRow::homeRequested);
    connect(find_, &QAbstractButton::clicked, this, &TopRow::findRequested);
}

QWidget* TopRow::findField() const { return find_; }

void TopRow::setProject(const QString& name) { project_->setText(name); }

void TopRow::paintEvent(QPaintEvent*) { QPainter(this).fillRect(rect(), Theme::instance().tokens().window); }

}  // namespace vl
