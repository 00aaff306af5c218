// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/start/recent_row.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>

#include "engine/api/metrics_text.h"
#include "widgets/icons.h"
#include "widgets/labels.h"
#include "widgets/marks.h"

namespace vl {
namespace {

QString iconOf(RecentItem::Kind kind) {
    switch (kind) {
        case RecentItem::Kind::Run: return QStringLiteral("chart");
        case RecentItem::Kind::Image: return QStringLiteral("image");
        case RecentItem::Kind::ImageFolder: return QStringLiteral("folder");
        case RecentItem::Kind::Checkpoint: return QStringLiteral("flag");
    }
    return {};
}

/// What an evaluation is judged by: a classifier's accuracy, a denoiser's Frechet distance or, unmeasured, its loss.
QString scoreText(const EvalMetrics& row) {
    const QLocale locale;
    if (row.meanIou >= 0) return QObject::tr("mean IoU %1 %").arg(locale.toString(row.meanIou * 100, 'f', 1));
    if (row.boxAp50 >= 0) return QObject::tr("AP50 %1").arg(locale.toString(row.boxAp50 * 100, 'f', 1));
    if (!isDenoiserRow(row)) return QObject::tr("accuracy %1 %").arg(locale.toString(row.accuracy * 100, 'f', 2));
    if (row.frechet >= 0) return QObject::tr("Frechet %1").arg(locale.toString(row.frechet, 'f', row.frechet < 10 ? 2 : 1));
    return QObject::tr("loss %1").arg(locale.toString(row.loss, 'f', 4));
}

}  // namespace

QString runDetail(const StoredRun& run) {
    const QLocale locale;
    const auto& record = run.record;
    if (run.state == RunState::Failed && !record.events.empty()) {
        const QString text = QString::fromStdString(record.events.back().text);
        return text.isEmpty() ? QObject::tr("failed") : text;
    }
    if (!record.evals.empty() && (run.state == RunState::Finished || run.state == RunState::Idle))
        return QString::fromStdString(record.settings.model.preset) + ", " + scoreText(record.evals.back());
    if (!record.steps.empty())
        return QObject::tr("%1, step %2").arg(QString::fromStdString(record.settings.model.preset),
                                              locale.toString(qlonglong(record.steps.back().step)));
    return QString::fromStdString(record.settings.model.preset);
}

RecentRow::RecentRow(const RecentItem& item, const StoredRun* run, const QString& key, QWidget* parent)
    : QAbstractButton(parent) {
    setFixedHeight(36);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::TabFocus);
    setToolTip(item.path);
    const QString name = run ? run->name : QFileInfo(item.path).fileName();
    setAccessibleName(name);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 1);
    row->setSpacing(12);
    auto* icon = new QLabel;
    icon->setPixmap(iconPixmap(iconOf(item.kind), 16, Theme::instance().tokens().text2, devicePixelRatioF()));
    row->addWidget(icon);
    auto* title = new ElidedLabel(name, Type::Control);
    title->setFixedWidth(160);
    row->addWidget(title);
    row->addWidget(new ElidedLabel(run ? runDetail(*run) : item.detail, Type::Secondary, Tone::Text2), 1);
    if (run) {
        auto* chip = new StateChip;
        chip->setState(run->state == RunState::Stopping && !run->live ? RunState::Paused : run->state);
        auto* place = new QWidget;
        place->setFixedWidth(112);
        auto* inner = new QHBoxLayout(place);
        inner->setContentsMargins(0, 0, 0, 0);
        inner->addWidget(chip);
        inner->addStretch(1);
        row->addWidget(place);
    }
    auto* when = makeLabel(agoText(item.when, QDateTime::currentDateTime()), Type::Secondary, Tone::Text3);
    when->setFixedWidth(88);
    when->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row->addWidget(when);
    row->addWidget(new KeyCap(key));
    for (QWidget* child : findChildren<QWidget*>()) child->setAttribute(Qt::WA_TransparentForMouseEvents);
}

void RecentRow::paintEvent(QPaintEvent*) {
    const Tokens& t = Theme::instance().tokens();
    QPainter painter(this);
    if (underMouse()) painter.fillRect(rect(), t.hover);
    painter.fillRect(0, height() - 1, width(), 1, t.line);
}

}  // namespace vl
