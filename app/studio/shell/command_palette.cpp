// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/command_palette.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/fuzzy_match.h"
#include "app/studio/shell/key_caps.h"
#include "widgets/icons.h"
#include "widgets/theme.h"

namespace vl {
namespace {

enum Role { IdRole = Qt::UserRole + 1, PositionsRole, KeyRole, IconRole, SectionRole, ReasonRole };
constexpr int kRowHeight = 32, kWidth = 560, kRows = 10;

class RowDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {0, kRowHeight}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Tokens& t = Theme::instance().tokens();
        const bool off = !index.data(ReasonRole).toString().isEmpty();
        const bool chosen = option.state & QStyle::State_Selected;
        if (chosen) painter->fillRect(option.rect, t.selection);
        const QRect row = option.rect.adjusted(12, 0, -12, 0);
        paintIcon(*painter, QRect(row.left(), row.center().y() - 7, 16, 16), index.data(IconRole).toString(),
                  off ? t.disabled : t.text2);
        drawText(*painter, row.adjusted(26, 0, 0, 0), index, off);
        const QString key = index.data(KeyRole).toString();
        const int right = drawKeyCaps(*painter, row, key);
        painter->setFont(Theme::uiFont(11));
        painter->setPen(chosen ? t.text2 : t.text3);
        painter->drawText(QRect(row.left(), row.top(), right - 12 - row.left(), row.height()),
                          Qt::AlignVCenter | Qt::AlignRight, index.data(SectionRole).toString());
    }

private:
    /// The letters the match used stand out in accent and weight.
    static void drawText(QPainter& painter, const QRect& rect, const QModelIndex& index, bool off) {
        const Tokens& t = Theme::instance().tokens();
        const QString text = index.data(Qt::DisplayRole).toString();
        const QList<QVariant> used = index.data(PositionsRole).toList();
        qreal x = rect.left();
        for (qsizetype from = 0; from < text.size();) {
            const bool hit = used.contains(QVariant(int(from)));
            qsizetype to = from + 1;
            while (to < text.size() && used.contains(QVariant(int(to))) == hit) ++to;
            painter.setFont(Theme::uiFont(13, hit ? QFont::DemiBold : QFont::Normal));
            painter.setPen(hit ? t.accent : off ? t.disabled : t.text);
            const QString piece = text.mid(from, to - from);
            painter.drawText(QRectF(x, rect.top(), rect.right() - x, rect.height()), Qt::AlignVCenter, piece);
            x += QFontMetricsF(painter.font()).horizontalAdvance(piece);
            from = to;
        }
    }
};

}  // namespace

CommandPalette::CommandPalette(ActionRegistry& actions, QWidget* window)
    : QFrame(window), actions_(actions), field_(new QLineEdit(this)), count_(new QLabel(this)),
      reason_(new QLabel(this)), list_(new QListView(this)), model_(new QStandardItemModel(this)) {
    setObjectName(QStringLiteral("commandPalette"));
    setAccessibleName(tr("Command palette"));
    hide();
    field_->setObjectName(QStringLiteral("paletteField"));
    field_->setPlaceholderText(tr("Type a command"));
    field_->setFrame(false);
    field_->setStyleSheet(QStringLiteral("QLineEdit, QLineEdit:focus { border: none; background: transparent; padding: 0; }"));
    field_->installEventFilter(this);
    count_->setProperty("tone", "text2");
    count_->setFont(Theme::uiFont(12));
    reason_->setProperty("tone", "warning");
    reason_->setFont(Theme::uiFont(12));
    reason_->setContentsMargins(12, 4, 12, 8);
    reason_->hide();
    list_->setModel(model_);
    list_->setItemDelegate(new RowDelegate(list_));
    list_->setUniformItemSizes(true);
    list_->setFocusPolicy(Qt::NoFocus);
    list_->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list_->setStyleSheet(QStringLiteral("QListView { background: transparent; }"));

    auto* top = new QHBoxLayout;
    top->setContentsMargins(38, 6, 12, 6);
    top->addWidget(field_, 1);
    top->addWidget(count_);
    auto* box = new QVBoxLayout(this);
    box->setContentsMargins(1, 1, 1, 5);
    box->setSpacing(0);
    box->addLayout(top);
    box->addWidget(list_);
    box->addWidget(reason_);

    connect(field_, &QLineEdit::textChanged, this, &CommandPalette::fill);
    connect(list_, &QListView::clicked, this, &CommandPalette::accept);
}

void CommandPalette::open() {
    actions_.refresh();
    field_->clear();
    fill({});
    place();
    show();
    raise();
    field_->setFocus(Qt::PopupFocusReason);
}

void CommandPalette::place() {
    const QWidget* window = parentWidget();
    const int rows = std::clamp(model_->rowCount(), 1, kRows);
    list_->setFixedHeight(rows * kRowHeight);
    const int width = std::min(kWidth, window->width() - 32);
    setGeometry((window->width() - width) / 2, 48, width, sizeHint().height());
}

void CommandPalette::fill(const QString& pattern) {
    struct Hit {
        const ActionRegistry::Entry* entry;
        FuzzyMatch match;
    };
    std::vector<Hit> hits;
    int total = 0;
    for (const ActionRegistry::Entry& entry : actions_.entries()) {
        if (!entry.action) continue;
        ++total;
        if (auto match = fuzzyMatch(pattern, entry.text)) hits.push_back({&entry, std::move(*match)});
    }
    std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.match.score > b.match.score; });

    model_->clear();
    for (const Hit& hit : hits) {
        auto* item = new QStandardItem(hit.entry->text);
        QList<QVariant> positions;
        for (const int at : hit.match.positions) positions << at;
        item->setData(hit.entry->id, IdRole);
        item->setData(positions, PositionsRole);
        item->setData(hit.entry->action->shortcut().toString(QKeySequence::NativeText), KeyRole);
        item->setData(hit.entry->icon, IconRole);
        item->setData(hit.entry->section, SectionRole);
        item->setData(actions_.whyDisabled(hit.entry->id), ReasonRole);
        model_->appendRow(item);
    }
    count_->setText(tr("%1 of %2").arg(hits.size()).arg(total));
    reason_->hide();
    if (model_->rowCount() > 0) list_->setCurrentIndex(model_->index(0, 0));
    place();
}

QStringList CommandPalette::shownIds() const {
    QStringList ids;
    for (int row = 0; row < model_->rowCount(); ++row) ids << model_->item(row)->data(IdRole).toString();
    return ids;
}

void CommandPalette::moveBy(int rows) {
    const int count = model_->rowCount();
    if (count == 0) return;
    const int to = ((list_->currentIndex().row() + rows) % count + count) % count;
    list_->setCurrentIndex(model_->index(to, 0));
    list_->scrollTo(list_->currentIndex());
    reason_->hide();
    place();
}

void CommandPalette::accept() {
    const QModelIndex index = list_->currentIndex();
    if (!index.isValid()) return;
    const QString id = index.data(IdRole).toString();
    if (const QString reason = actions_.whyDisabled(id); !reason.isEmpty()) {
        reason_->setText(reason);
        reason_->show();
        place();
        return;
    }
    hide();
    if (QAction* action = actions_.find(id)) action->trigger();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::FocusOut) hide();
    if (event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
    switch (static_cast<QKeyEvent*>(event)->key()) {
        case Qt::Key_Down: moveBy(1); return true;
        case Qt::Key_Up: moveBy(-1); return true;
        case Qt::Key_PageDown: moveBy(kRows); return true;
        case Qt::Key_PageUp: moveBy(-kRows); return true;
        case Qt::Key_Return:
        case Qt::Key_Enter: accept(); return true;
        case Qt::Key_Escape: hide(); parentWidget()->setFocus(); return true;
        default: return false;
    }
}

void CommandPalette::paintEvent(QPaintEvent*) {
    const Tokens& t = Theme::instance().tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(t.controlLine);
    painter.setBrush(t.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    const int line = field_->geometry().bottom() + 6;
    painter.fillRect(1, line, width() - 2, 1, t.line);
    paintIcon(painter, QRect(13, field_->geometry().center().y() - 7, 16, 16), QStringLiteral("search"), t.text2);
}

}  // namespace vl
