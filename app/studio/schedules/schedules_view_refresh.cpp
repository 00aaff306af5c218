// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>

#include "app/studio/schedules/schedules_view.h"
#include "app/studio/shell/engine_link.h"
#include "engine/api/schedule.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

QString superscript(int exponent) {
    static const QString digits = QStringLiteral("⁰¹²³⁴⁵⁶⁷⁸⁹");
    QString text = exponent < 0 ? QStringLiteral("⁻") : QString();
    for (QChar c : QString::number(std::abs(exponent)))
        text += digits[c.digitValue()];
    return text;
}

double meanUniform(int tokens, double alpha) { return ((tokens + 1) / 2.0 + alpha * (tokens - 1) / 2.0) / tokens; }

}  // namespace

int SchedulesView::tokens() const { return shown_ ? shown_->geometry.tokens : 65; }

void SchedulesView::refresh() {
    const double length = draft_.length();
    editor_->setLength(length);
    editor_->setNodes(draft_.handles());
    editor_->setCurve(draft_.curve());
    const bool same = draft_.settings().schedule == "linear";
    editor_->setReference(same ? std::vector<QPointF>() : draft_.curveOf(draft_.reference()), tr("reference, linear"));
    header_->setPreset(draft_.settings().schedule);
    const QString use = running() ? tr("the run in progress") : tr("the next run");
    header_->setDetail(sent_              ? tr("sent to %1…").arg(use)
                       : draft_.changed() ? tr("draft, not used yet")
                                          : tr("as %1 uses it").arg(use));

    auto points = draft_.learningRateCurve();
    double top = 0;
    for (const auto& p : points)
        top = std::max(top, p.y());
    const int exponent = top > 0 ? static_cast<int>(std::floor(std::log10(top))) : 0;
    for (auto& p : points)
        p.setY(p.y() / std::pow(10, exponent));
    rate_->setTitle(tr("Learning rate, ×10%1").arg(superscript(exponent)), false);
    rate_->setLines({{tr("learning rate"), 1, points, false}});
    rate_->setRange(0, length, 0, top > 0 ? top / std::pow(10, exponent) * 1.1 : 1);
    panel_->refresh(running());
    if (marker_ > length) marker_ = length;
    refreshKept();
    askPrediction();
}

// The mean along the schedule is linear in alpha: two sums of one picture's attention give every point of it.
void SchedulesView::refreshKept() {
    const auto analysis = job_.result();
    const bool measured = analysis && shown_ && analysis->inspection->geometry.tokens == tokens();
    const auto curve = draft_.curve();
    PlotLine uniform{tr("uniform"), 1, {}, false}, real{tr("measured"), 0, {}, false};
    const double early = measured ? mean(analysis->summary.earlyMass) : 0,
                 late = measured ? mean(analysis->summary.lateMass) : 0;
    double low = 1;
    for (const auto& p : curve) {
        uniform.points.emplace_back(p.x(), meanUniform(tokens(), p.y()));
        if (measured) real.points.emplace_back(p.x(), early + late * p.y());
        low = std::min({low, uniform.points.back().y(), measured ? real.points.back().y() : 1.0});
    }
    std::vector<PlotLine> lines;
    if (measured) lines.push_back(real);
    lines.push_back(uniform);
    kept_->setLines(lines);
    kept_->setRange(0, draft_.length(), std::max(0.0, std::min(0.8, std::floor((low - 0.02) * 5) / 5)), 1.0);
    refreshMarker();
}

void SchedulesView::refreshMarker() {
    const double alpha = draft_.alphaAt(marker_);
    const int n = tokens();
    editor_->setMarker(marker_);
    rate_->setMarker(marker_, true);
    kept_->setMarker(marker_, true);
    mask_->setMask(n, alpha, tr("Mask at epoch %1").arg(fixedText(marker_, 2)));
    std::vector<double> uniform(n);
    for (int i = 0; i < n; ++i)
        uniform[i] = uniformKeptMass(i, n, alpha);
    const auto analysis = job_.result();
    std::vector<double> measured;
    if (analysis && shown_ && static_cast<int>(analysis->summary.earlyMass.size()) == n)
        measured = keptMassByQuery(analysis->summary, alpha);
    const auto step = draft_.stepAt(marker_);
    const auto unknown = QStringLiteral("–");
    panel_->preview().setRows({
        {tr("Epoch"),
         tr("%1, step %2").arg(fixedText(marker_, 2), QLocale().toString(static_cast<qlonglong>(step))),
         {}},
        {tr("α"), fixedText(alpha, 4), {}},
        {tr("Reference α"), fixedText(softMaskAlpha(draft_.reference(), step, draft_.stepsPerEpoch()), 4), {}},
        {tr("Kept, measured"), measured.empty() ? unknown : fixedText(mean(measured), 4), {}},
        {tr("Kept, uniform"), fixedText(meanUniform(n, alpha), 4), {}},
        {tr("Kept by the first query"), measured.empty() ? unknown : fixedText(measured.front(), 4), {}},
    });
    bars_->setMass(std::move(measured), std::move(uniform));
    placeBottom();
}

// Mask and bars share their rows, so they are placed together: the mask square, the bars beside it, the rest a chart.
void SchedulesView::placeBottom() {
    const int w = bottom_->width(), h = bottom_->height();
    const int side = std::max(120, std::min(h - maskTop - maskBottom, w * 2 / 5));
    const int maskWidth = side + 42, gap = 20;
    const int barsWidth = std::clamp((w - maskWidth - 2 * gap) * 2 / 5, 120, side);
    mask_->setGeometry(0, 0, maskWidth, std::min(h, side + maskTop + maskBottom));
    bars_->setGeometry(maskWidth + gap, 0, barsWidth, mask_->height());
    const int left = maskWidth + barsWidth + 2 * gap;
    kept_->setGeometry(left, -2, std::max(w - left, 0), mask_->height() + 4);
}

void SchedulesView::resizeEvent(QResizeEvent* event) {
    View::resizeEvent(event);
    placeBottom();
}

bool SchedulesView::writeCsv(const QString& file) const {
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly)) return false;
    const auto n = draft_.stepsPerEpoch();
    const auto total = std::max<std::int64_t>(std::llround(draft_.length() * static_cast<double>(n)), 1);
    QByteArray text("step,epoch,alpha,learning_rate\n");
    const auto number = [](double value) { return QByteArray::number(value, 'g', 17); };
    for (std::int64_t step = 0; step < total; ++step)
        text += QByteArray::number(static_cast<qlonglong>(step)) + ',' +
                number(static_cast<double>(step) / static_cast<double>(n)) + ',' +
                number(softMaskAlpha(draft_.settings(), step, n)) + ',' +
                number(learningRate(draft_.training(), step, n, total)) + '\n';
    return out.write(text) == text.size() && out.commit();
}

bool SchedulesView::exportCurve(const QString& file) {
    const QString kind = QFileInfo(file).suffix().toLower();
    if (kind == QLatin1String("csv")) return writeCsv(file);
    if (kind != QLatin1String("svg") && kind != QLatin1String("png")) return false;
    const QSize size(std::max(editor_->width(), rate_->width()), editor_->height() + rate_->height());
    const auto paint = [&](QPainter& painter) {
        painter.fillRect(QRect(QPoint(), size), Theme::instance().tokens().window);
        editor_->render(&painter, QPoint(0, 0), QRegion(), QWidget::DrawChildren);
        rate_->render(&painter, QPoint(0, editor_->height()), QRegion(), QWidget::DrawChildren);
    };
    if (kind == QLatin1String("svg")) {
        if (!QFile(file).open(QIODevice::WriteOnly)) return false;
        QSvgGenerator svg;
        svg.setFileName(file);
        svg.setSize(size);
        svg.setViewBox(QRect(QPoint(), size));
        svg.setTitle(tr("Soft-mask schedule"));
        QPainter painter(&svg);
        paint(painter);
        return painter.end();
    }
    QImage picture(size * 2, QImage::Format_RGB32);
    picture.setDevicePixelRatio(2);
    QPainter painter(&picture);
    paint(painter);
    painter.end();
    return picture.save(file, "PNG");
}

}  // namespace vl
