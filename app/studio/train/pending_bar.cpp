// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/train/pending_bar.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "widgets/buttons.h"
#include "widgets/labels.h"

namespace vl {
namespace {

constexpr std::size_t kLinesShown = 3;

}  // namespace

PendingBar::PendingBar(QWidget* parent) : QWidget(parent) {
    setObjectName("pendingBar");
    setAttribute(Qt::WA_StyledBackground);
    setProperty("surface", "accentTint");
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(4);
    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    icon_ = new QLabel;
    icon_->setFixedSize(16, 16);
    title_ = makeLabel({}, Type::ControlStrong);
    head->addWidget(icon_);
    head->addWidget(title_, 1);
    lines_ = makeLabel({}, Type::Secondary, Tone::Text2);
    lines_->setWordWrap(true);
    lines_->setTextFormat(Qt::RichText);
    lines_->setContentsMargins(24, 0, 0, 4);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    apply_ = makeButton(tr("Apply"), {}, ButtonKind::Primary);
    revert_ = makeButton(tr("Revert"));
    buttons->addWidget(apply_);
    buttons->addWidget(revert_);
    buttons->addStretch();
    layout->addLayout(head);
    layout->addWidget(lines_);
    layout->addLayout(buttons);
    connect(apply_, &QPushButton::clicked, this, &PendingBar::applied);
    connect(revert_, &QPushButton::clicked, this, &PendingBar::reverted);
    const auto tint = [this] {
        icon_->setPixmap(iconPixmap("pencil", 16, Theme::instance().tokens().accent, devicePixelRatioF()));
    };
    tint();
    connect(&Theme::instance(), &Theme::changed, this, tint);
    hide();
}

void PendingBar::setEdits(const std::vector<SettingsForm::Edit>& edits, bool valid) {
    edits_ = edits, valid_ = valid;
    if (edits_.empty()) asked_ = false;
    restate();
}

void PendingBar::setAsked(bool asked) {
    asked_ = asked;
    restate();
}

void PendingBar::restate() {
    setVisible(!edits_.empty());
    const std::size_t count = edits_.size();
    title_->setText(asked_ ? (count == 1 ? tr("1 edit asked for…") : tr("%1 edits asked for…").arg(count))
                           : (count == 1 ? tr("1 edit waiting") : tr("%1 edits waiting").arg(count)));
    QStringList lines;
    const QString mono = "<span style=\"font-family:'%1'\">%2</span>";
    const QString family = Theme::monoFont(12).family();
    for (std::size_t i = 0; i < std::min(count, kLinesShown); ++i) {
        const SettingsForm::Edit& edit = edits_[i];
        lines << tr("%1 %2 to %3, %4")
                     .arg(edit.label.toLower(), mono.arg(family, edit.before.toHtmlEscaped()),
                          mono.arg(family, edit.after.toHtmlEscaped()),
                          edit.applies == Applies::NextEpoch ? tr("at the next epoch") : tr("at the next step"));
    }
    if (count > kLinesShown) lines << tr("and %1 more").arg(count - kLinesShown);
    lines_->setText(lines.join("<br>"));
    apply_->setEnabled(!asked_ && valid_);
    apply_->setToolTip(asked_   ? tr("Waiting for the engine to confirm")
                       : valid_ ? QString()
                                : tr("A field holds no valid value"));
    revert_->setEnabled(!asked_);
}

QString PendingBar::text() const {
    QStringList parts{title_->text()};
    for (const SettingsForm::Edit& edit : edits_)
        parts << edit.label.toLower() + ' ' + edit.before + " to " + edit.after;
    return parts.join("; ");
}

}  // namespace vl
