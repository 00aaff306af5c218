// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QSlider>
#include <QVBoxLayout>

#include "app/studio/generate/form_line.h"
#include "app/studio/generate/sampler_form.h"
#include "app/studio/shell/dropped_item.h"
#include "app/studio/shell/studio_settings.h"
#include "widgets/buttons.h"
#include "widgets/labels.h"
#include "widgets/number_field.h"

namespace vl {
namespace {

NumberField* numberField(double low, double high, bool whole, double value) {
    auto* field = new NumberField;
    field->setRange(low, high);
    field->setInteger(whole);
    field->setValue(value);
    field->setMinimumWidth(60);
    return field;
}

QComboBox* chooser() {
    auto* box = new QComboBox;
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(8);
    return box;
}

}  // namespace

SamplerForm::SamplerForm(QWidget* parent)
    : QWidget(parent),
      model_(chooser()),
      method_(chooser()),
      form_(chooser()),
      decoder_(chooser()),
      classFrom_(chooser()),
      classTo_(chooser()),
      guidance_(numberField(-100, 100, false, 4)),
      steps_(numberField(1, 10000, true, 50)),
      seed_(numberField(0, 9007199254740991.0, true, 1)),
      seedTo_(numberField(0, 9007199254740991.0, true, 2)),
      preview_(numberField(1, 10000, true, 1)),
      eta_(numberField(0, 1, false, 0)),
      noise_(numberField(0, 100, false, 1)),
      slider_(new QSlider(Qt::Horizontal)),
      lock_(makeIconButton(QStringLiteral("lock"), tr("Keep the seed for the next grid"))),
      dice_(makeIconButton(QStringLiteral("dice"), tr("Draw a new seed"))),
      rows_(new VaryField(tr("Vary rows"))),
      columns_(new VaryField(tr("Vary columns"))),
      newSeeds_(new QCheckBox(tr("New seed each"))),
      cost_(new ElidedLabel({}, Type::Caption, Tone::Text2)),
      problem_(makeLabel({}, Type::Caption, Tone::Error)) {
    build();
    connectParts();
    columns_->set(Vary::Class, {});
    onModel();
}

void SamplerForm::build() {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    guidance_->setFixedWidth(66);
    slider_->setRange(0, 100);
    slider_->setMinimumWidth(48);
    slider_->setAccessibleName(tr("Guidance"));
    lock_->setCheckable(true);
    preview_->setUnit(tr("steps"));
    preview_->setFixedWidth(76);
    cost_->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    for (QWidget* each : std::initializer_list<QWidget*>{guidance_, preview_, lock_, dice_})
        each->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    layout->addWidget(makeSectionTitle(tr("Sampling")));
    layout->addWidget(formLine(tr("Model"), {model_}));
    methodLine_ = formLine(tr("Method"), {method_});
    guidanceLine_ = formLine(tr("Guidance"), {guidance_, slider_});
    stepsLine_ = formLine(tr("Steps"), {steps_});
    for (QWidget* each : {methodLine_, guidanceLine_, stepsLine_})
        layout->addWidget(each);
    layout->addWidget(formLine(tr("Seed"), {seed_, lock_, dice_}));
    buildOptions();
    for (QWidget* each : {seedToLine_, classLine_, classToLine_, etaLine_, noiseLine_, formLine_})
        layout->addWidget(each);
    layout->addWidget(rows_);
    layout->addWidget(columns_);
    layout->addWidget(formLine({}, {newSeeds_}));
    layout->addWidget(formLine(tr("Preview every"), {preview_, cost_}));
    layout->addWidget(decoderLine_);
    problem_->setWordWrap(true);
    layout->addWidget(problem_);
}

void SamplerForm::buildOptions() {
    for (const char* name : {"constant", "SBDM", "sigma", "linear", "decreasing", "increasing-decreasing"})
        form_->addItem(QString::fromLatin1(name));
    form_->setCurrentText(QStringLiteral("sigma"));
    form_->setToolTip(tr("Where on the way fresh noise is added"));
    eta_->setToolTip(tr("0: no fresh noise, 1: as much as DDPM"));
    seedToLine_ = formLine(tr("To seed"), {seedTo_});
    classLine_ = formLine(tr("Class"), {classFrom_});
    classToLine_ = formLine(tr("To class"), {classTo_});
    etaLine_ = formLine(tr("Eta"), {eta_});
    noiseLine_ = formLine(tr("Added noise"), {noise_});
    formLine_ = formLine(tr("Noise form"), {form_});
    decoder_->addItem(tr("Linear preview"));
    decoder_->addItem(tr("Open autoencoder…"));
    decoder_->setToolTip(tr("Turns latents into pictures; without one a linear projection shows them."));
    decoderLine_ = formLine(tr("Autoencoder"), {decoder_});
}

void SamplerForm::connectParts() {
    const auto changed = [this] {
        if (!setting_) refresh();
    };
    connect(model_, &QComboBox::activated, this, [this](int index) {
        if (index >= static_cast<int>(models_.size())) {
            model_->setCurrentIndex(chosen_);
            return Q_EMIT openRequested();
        }
        chosen_ = index;
        onModel();
        Q_EMIT modelChosen();
    });
    connect(method_, &QComboBox::currentIndexChanged, this, [this] {
        if (!setting_) onMethod();
    });
    for (NumberField* field : {guidance_, steps_, seed_, seedTo_, preview_, eta_, noise_}) {
        connect(field, &NumberField::valueEdited, this, changed);
        connect(field, &NumberField::problemChanged, this, changed);
    }
    connect(guidance_, &NumberField::valueEdited, slider_, [this](double value) {
        const QSignalBlocker quiet(slider_);
        slider_->setValue(static_cast<int>(value * 10));
    });
    connect(slider_, &QSlider::valueChanged, this, [this, changed](int value) {
        guidance_->setValue(value / 10.0);
        changed();
    });
    for (QComboBox* box : {form_, classFrom_, classTo_})
        connect(box, &QComboBox::currentIndexChanged, this, changed);
    connect(newSeeds_, &QCheckBox::toggled, this, changed);
    connect(dice_, &QToolButton::clicked, this, &SamplerForm::drawSeed);
    connect(rows_, &VaryField::edited, this, changed);
    connect(columns_, &VaryField::edited, this, changed);
    connect(decoder_, &QComboBox::activated, this, [this, changed](int index) {
        const bool open = index == decoder_->count() - 1;
        if (open) {
            const QString file = QFileDialog::getOpenFileName(this, tr("Open autoencoder"), {}, checkpointFilter());
            if (!file.isEmpty()) {
                if (decoder_->count() > 2) decoder_->removeItem(1);
                decoder_->insertItem(1, fromPath(toPath(file).filename()), file);
                decoder_->setCurrentIndex(1);
            } else {
                decoder_->setCurrentIndex(0);
            }
        }
        autoencoder_ = toPath(decoder_->currentData().toString());
        changed();
    });
}

}  // namespace vl
