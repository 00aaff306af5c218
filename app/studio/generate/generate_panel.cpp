// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/generate/generate_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "app/studio/generate/form_line.h"
#include "app/studio/shell/studio_settings.h"
#include "widgets/labels.h"
#include "widgets/marks.h"
#include "widgets/panel_parts.h"
#include "widgets/readout_rows.h"

namespace vl {
namespace {

constexpr int kPicture = 96;  // three times a picture of 32

}  // namespace

GeneratePanel::GeneratePanel(QWidget* parent)
    : QWidget(parent),
      tabs_(new TabRow({tr("Sampler"), tr("Sample"), tr("Model")})),
      form_(new SamplerForm),
      sample_(new SamplePage),
      chart_(new NoiseChart) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* pages = new QStackedWidget;
    pages->addWidget(scrolled(makeSamplerPage()));
    pages->addWidget(scrolled(sample_));
    pages->addWidget(scrolled(makeModelPage()));
    layout->addWidget(tabs_);
    layout->addWidget(pages, 1);
    layout->addWidget(makeSeparator(Qt::Horizontal));
    layout->addWidget(makeFooter());
    connect(tabs_, &TabRow::currentChanged, pages, &QStackedWidget::setCurrentIndex);
    connect(sample_, &SamplePage::keepSeed, this, &GeneratePanel::keepSeed);
    setMinimumWidth(288);
}

QWidget* GeneratePanel::makeSamplerPage() {
    chartNote_ = makeLabel({}, Type::Caption, Tone::Text2);
    selected_ = new QWidget;
    auto* column = new QVBoxLayout(selected_);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeSectionTitle(tr("Selected")));
    auto* row = new QHBoxLayout;
    row->setSpacing(16);
    picture_ = new QLabel;
    picture_->setFixedSize(kPicture, kPicture);
    auto* side = new QVBoxLayout;
    side->setSpacing(4);
    name_ = makeLabel({}, Type::SecondaryStrong);
    facts_ = makeLabel({}, Type::Number, Tone::Text2);
    auto* keep = makeButton(tr("Keep seed"), QStringLiteral("lock"));
    connect(keep, &QPushButton::clicked, this, &GeneratePanel::keepSeed);
    side->addWidget(name_);
    side->addWidget(facts_);
    side->addWidget(keep, 0, Qt::AlignLeft);
    side->addStretch();
    row->addWidget(picture_, 0, Qt::AlignTop);
    row->addLayout(side, 1);
    column->addLayout(row);
    selected_->hide();
    return insetPage({form_, titleRow(tr("Noise level"), {chartNote_}, 6), chart_, selected_});
}

QWidget* GeneratePanel::makeModelPage() {
    model_ = new ReadoutRows(0);
    model_->setAccessibleName(tr("Model"));
    return insetPage({makeSectionTitle(tr("Model")), model_});
}

QWidget* GeneratePanel::makeFooter() {
    auto* footer = new QWidget;
    auto* layout = new QVBoxLayout(footer);
    layout->setContentsMargins(16, 8, 16, 12);
    layout->setSpacing(4);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    generate_ = makeButton(tr("Generate"), QStringLiteral("play"), ButtonKind::Primary);
    interpolate_ = makeButton(tr("Interpolate"));
    auto* menu = new QMenu(interpolate_);
    connect(menu->addAction(tr("Between two seeds")), &QAction::triggered, this,
            [this] { Q_EMIT interpolateRequested(Vary::SeedMix); });
    connect(menu->addAction(tr("Between two classes")), &QAction::triggered, this,
            [this] { Q_EMIT interpolateRequested(Vary::LabelMix); });
    interpolate_->setMenu(menu);
    row->addWidget(generate_);
    row->addWidget(interpolate_);
    row->addStretch();
    estimate_ = new ElidedLabel({}, Type::Caption, Tone::Text2);
    layout->addLayout(row);
    layout->addWidget(estimate_);
    connect(generate_, &QPushButton::clicked, this, &GeneratePanel::generateRequested);
    return footer;
}

void GeneratePanel::setSelected(const QImage& picture, const QString& name, const QStringList& lines) {
    selected_->setVisible(!name.isEmpty());
    if (name.isEmpty()) return;
    const double ratio = devicePixelRatioF();
    const int side = static_cast<int>(kPicture * ratio);
    QPixmap pixmap;
    if (!picture.isNull())
        pixmap = QPixmap::fromImage(
            picture.scaled(side, side, Qt::KeepAspectRatio,
                           picture.width() <= side ? Qt::FastTransformation : Qt::SmoothTransformation));
    pixmap.setDevicePixelRatio(ratio);
    picture_->setPixmap(pixmap);
    picture_->setAccessibleName(name);
    name_->setText(name);
    facts_->setText(lines.join(QLatin1Char('\n')));
}

void GeneratePanel::setGenerate(const QString& whyNot, const QString& estimate) {
    generate_->setEnabled(whyNot.isEmpty());
    generate_->setToolTip(whyNot.isEmpty() ? tr("Generate (Ctrl+Enter)") : whyNot);
    estimate_->setText(estimate);
}

void GeneratePanel::showModel(const Denoiser* model, const QString& hash) {
    if (!model) return model_->setRows({{tr("Model"), tr("none"), {}}});
    const ModelSpec& s = model->info.spec;
    const QLocale locale(QLocale::English);
    const bool flow = s.family.find("sit") != std::string::npos;
    std::vector<ReadoutRows::Row> rows{
        {tr("Preset"), QString::fromStdString(s.name), {}},
        {tr("Makes"),
         s.diffusion.latent
             ? tr("latents %1 × %1, %2 channels").arg(s.imageSize).arg(s.inChannels)
             : tr("pictures %1 × %1, %2").arg(s.imageSize).arg(s.inChannels == 1 ? tr("grey") : tr("colour")),
         {}},
        {tr("Kind"), flow ? tr("flow (SiT)") : tr("Gaussian (DiT)"), {}},
        {tr("Predicts"),
         s.diffusion.prediction.empty() ? (flow ? tr("velocity") : tr("noise"))
                                        : QString::fromStdString(s.diffusion.prediction),
         {}},
        {tr("Blocks"), QString::number(s.depth), {}},
        {tr("Heads"), QString::number(s.heads), {}},
        {tr("Width"), QString::number(s.dim), {}},
        {tr("Patch"), tr("%1 × %1").arg(s.patchSize), {}},
        {tr("Classes"), locale.toString(s.numClasses), {}},
        {tr("Parameters"), locale.toString(qlonglong(s.parameterCount())), {}},
        {tr("Trained steps"), locale.toString(qlonglong(model->info.step)), {}}};
    if (!model->info.dataset.empty()) rows.push_back({tr("Data"), QString::fromStdString(model->info.dataset), {}});
    if (!hash.isEmpty()) rows.push_back({tr("File's SHA-256"), hash, {}});
    rows.push_back({tr("File"), fromPath(model->info.file.filename()), {}});
    model_->setRows(std::move(rows));
}

}  // namespace vl
