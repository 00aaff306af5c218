// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QWidget>

#include "app/studio/generate/sample_page.h"
#include "app/studio/generate/sampler_form.h"
#include "widgets/buttons.h"
#include "widgets/noise_chart.h"

namespace vl {

class ReadoutRows;

/// The right dock of Generate: what to ask for, the chosen sample, the model.
class GeneratePanel : public QWidget {
    Q_OBJECT
public:
    explicit GeneratePanel(QWidget* parent = nullptr);

    SamplerForm& form() { return *form_; }
    SamplePage& sample() { return *sample_; }
    NoiseChart& chart() { return *chart_; }
    TabRow& tabs() { return *tabs_; }
    QPushButton& generateButton() { return *generate_; }
    QString estimate() const { return estimate_->text(); }

    void setChartNote(const QString& note) { chartNote_->setText(note); }
    /// The chosen cell below the chart; an empty name hides it.
    void setSelected(const QImage& picture, const QString& name, const QStringList& lines);
    /// `whyNot` empty: the button works.
    void setGenerate(const QString& whyNot, const QString& estimate);
    void showModel(const Denoiser* model, const QString& hash);

Q_SIGNALS:
    void generateRequested();
    void interpolateRequested(vl::Vary vary);
    void keepSeed();

private:
    QWidget* makeSamplerPage();
    QWidget* makeModelPage();
    QWidget* makeFooter();

    TabRow* tabs_;
    SamplerForm* form_;
    SamplePage* sample_;
    NoiseChart* chart_;
    QLabel *chartNote_, *picture_, *name_, *facts_, *estimate_;
    QWidget* selected_;
    QPushButton *generate_, *interpolate_;
    ReadoutRows* model_;
};

}  // namespace vl
