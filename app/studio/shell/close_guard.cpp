// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/close_guard.h"

#include <exception>

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/studio/shell/engine_link.h"
#include "widgets/buttons.h"
#include "widgets/labels.h"

namespace vl {

CloseGuard::CloseGuard(EngineLink& link, QWidget* parent) : QWidget(parent), link_(link) {
    setFixedHeight(56);
    hide();
    title_ = makeLabel({}, Type::Control);
    detail_ = makeLabel({}, Type::Secondary, Tone::Text2);
    keep_ = makeButton(tr("Keep running"));
    close_ = makeButton(tr("Save and close"), QStringLiteral("flag"), ButtonKind::Primary);
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->addStretch(1);
    words->addWidget(title_);
    words->addWidget(detail_);
    words->addStretch(1);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(20, 0, 16, 0);
    row->setSpacing(8);
    row->addLayout(words, 1);
    row->addWidget(keep_);
    row->addWidget(close_);
    connect(keep_, &QPushButton::clicked, this, &CloseGuard::keepRunning);
    connect(close_, &QPushButton::clicked, this, &CloseGuard::saveAndClose);
}

CloseGuard::~CloseGuard() {
    if (worker_.joinable()) worker_.join();
}

bool CloseGuard::mayClose() {
    if (phase_ == Phase::Done) return true;
    if (phase_ == Phase::Closing) return false;
    link_.poll();
    if (isActive(link_.status().state))
        setPhase(Phase::Asking);
    else
        saveAndClose();
    return false;
}

void CloseGuard::keepRunning() {
    if (phase_ == Phase::Asking) setPhase(Phase::Open);
}

void CloseGuard::saveAndClose() {
    if (phase_ == Phase::Closing || phase_ == Phase::Done) return;
    setPhase(Phase::Closing);
    worker_ = std::thread([this, &engine = link_.engine()] {
        try {
            engine.shutdown();
        } catch (const std::exception&) {
            // The window closes in any case; the engine has written what it could.
        }
        QMetaObject::invokeMethod(this, [this] {
            worker_.join();
            setPhase(Phase::Done);
            Q_EMIT finished();
        }, Qt::QueuedConnection);
    });
}

void CloseGuard::setPhase(Phase phase) {
    phase_ = phase;
    const bool asking = phase == Phase::Asking;
    const bool wasActive = isActive(link_.status().state);
    keep_->setVisible(asking);
    close_->setVisible(asking);
    if (asking) {
        const QLocale locale;
        title_->setText(tr("%1 is still training").arg(QString::fromStdString(link_.status().runName)));
        detail_->setText(tr("At step %1 of %2. Closing writes a checkpoint first; the run can be resumed from it.")
                             .arg(locale.toString(qlonglong(link_.status().step)),
                                  locale.toString(qlonglong(link_.status().totalSteps))));
        close_->setFocus(Qt::OtherFocusReason);
    } else {
        title_->setText(tr("Closing…"));
        detail_->setText(wasActive ? tr("The step in progress is finished, then a checkpoint is written.") : QString());
        detail_->setVisible(wasActive);
    }
    setVisible(phase == Phase::Asking || phase == Phase::Closing);
    Q_EMIT phaseChanged();
}

void CloseGuard::paintEvent(QPaintEvent*) {
    const Tokens& t = Theme::instance().tokens();
    QPainter painter(this);
    painter.fillRect(rect(), t.warningTint);
    painter.fillRect(0, 0, 4, height(), t.warning);
}

}  // namespace vl
