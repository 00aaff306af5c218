// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/detect/score_page.h"

#include <QLabel>
#include <QVBoxLayout>

#include "app/studio/detect/shown_objects.h"
#include "widgets/labels.h"
#include "widgets/panel_parts.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

std::vector<QPointF> pointsOf(const std::vector<double>& curve) {
    std::vector<QPointF> points;
    for (std::size_t i = 0; i < curve.size(); ++i)
        points.emplace_back(curve.size() > 1 ? double(i) / double(curve.size() - 1) : 0, curve[i]);
    return points;
}

QString figure(double value) { return value < 0 ? QStringLiteral("–") : fixedText(value, 3); }

}  // namespace

std::vector<double> meanCurve(const std::vector<std::vector<double>>& curves) {
    std::vector<double> mean;
    int count = 0;
    for (const auto& curve : curves) {
        if (curve.empty() || curve.front() < 0) continue;
        mean.resize(curve.size());
        for (std::size_t i = 0; i < curve.size(); ++i)
            mean[i] += curve[i];
        ++count;
    }
    for (double& each : mean)
        each /= count;
    return mean;
}

ScorePage::ScorePage(QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 0, 16, 8);
    layout->setSpacing(0);
    kind_ = new SegmentedControl({tr("Boxes"), tr("Masks")});
    kind_->setAccessibleName(tr("Figures of boxes or masks"));
    figures_ = new ReadoutRows(96);
    figures_->setAccessibleName(tr("Average precision and recall"));
    plot_ = new LinePlot;
    plot_->setTitle({}, true);
    plot_->setAccessibleName(tr("Precision over recall"));
    plot_->setRange(0, 1, 0, 1);
    plot_->setMargins(34, 16);
    plot_->setFixedHeight(200);
    plot_->setToolTip(tr("At an overlap of 0.5; choose a class below to add its curve"));
    classes_ = new ClassScores;
    layout->addWidget(titleRow(tr("All pictures"), {kind_}, 0));
    layout->addWidget(figures_);
    layout->addWidget(titleRow(tr("Precision over recall"), {}, 0));
    layout->addWidget(plot_);
    layout->addSpacing(4);
    layout->addWidget(titleRow(tr("Average precision by class"), {}, 0));
    layout->addWidget(classes_);
    layout->addStretch();
    connect(kind_, &SegmentedControl::currentChanged, this, &ScorePage::refresh);
    connect(classes_, &ClassScores::currentChanged, this, &ScorePage::refreshCurves);
}

void ScorePage::setScores(const std::optional<DetectScores>& scores, const ClassList& classes) {
    scores_ = scores;
    list_ = classes;
    const bool masks = scores && scores->masks.ap >= 0;
    if (!masks && kind_->current() == 1) kind_->setCurrent(0);
    kind_->setChoiceEnabled(1, masks, tr("The model has no masks, or the truth has none."));
    refresh();
}

void ScorePage::refresh() {
    const bool masks = kind_->current() == 1;
    const AverageScores a = scores_ ? (masks ? scores_->masks : scores_->boxes) : AverageScores();
    figures_->setRows({{tr("AP"), figure(a.ap), tr("overlap .5–.95")},
                       {tr("AP50"), figure(a.ap50), tr("overlap .5")},
                       {tr("AP75"), figure(a.ap75), tr("overlap .75")},
                       {tr("AP small"), figure(a.apSmall), tr("below 32²")},
                       {tr("AP medium"), figure(a.apMedium), {}},
                       {tr("AP large"), figure(a.apLarge), tr("over 96²")},
                       {tr("Recall"), figure(a.ar100), tr("100 a picture")}});
    std::vector<ClassScores::Row> rows;
    const auto* ap = !scores_ ? nullptr : masks ? &scores_->maskAp : &scores_->boxAp;
    for (int i = 0; ap && i < std::ssize(*ap); ++i)
        rows.push_back({classNameOf(list_, i), classColourOf(list_, i), (*ap)[std::size_t(i)]});
    classes_->setRows(std::move(rows));
    refreshCurves();
}

void ScorePage::refreshCurves() {
    curves_.clear();
    if (scores_) {
        const auto& curves = kind_->current() == 1 ? scores_->maskCurves : scores_->boxCurves;
        curves_.push_back({tr("all classes"), 0, pointsOf(meanCurve(curves)), false});
        const int chosen = classes_->current();
        if (chosen >= 0 && chosen < std::ssize(curves) && !curves[std::size_t(chosen)].empty() &&
            curves[std::size_t(chosen)].front() >= 0)
            curves_.push_back({classNameOf(list_, chosen), 1, pointsOf(curves[std::size_t(chosen)]), false});
    }
    plot_->setLines(curves_);
}

}  // namespace vl
