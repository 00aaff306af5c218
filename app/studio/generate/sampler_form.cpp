// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/generate/sampler_form.h"

#include <algorithm>

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QRandomGenerator>
#include <QSlider>
#include <QToolButton>

#include "app/studio/shell/studio_settings.h"
#include "engine/core/error.h"
#include "widgets/number_field.h"

namespace vl {
namespace {

QString text(std::string_view words) { return QString::fromUtf8(words.data(), static_cast<qsizetype>(words.size())); }

}  // namespace

void SamplerForm::setModels(const std::vector<Denoiser>& models, const std::filesystem::path& chosen) {
    models_ = models;
    setting_ = true;
    model_->clear();
    int at = models_.empty() ? -1 : 0;
    for (std::size_t i = 0; i < models_.size(); ++i) {
        model_->addItem(models_[i].name);
        model_->setItemData(static_cast<int>(i), fromPath(models_[i].info.file), Qt::ToolTipRole);
        if (models_[i].info.file == chosen) at = static_cast<int>(i);
    }
    model_->addItem(tr("Open…"));
    model_->setCurrentIndex(at);
    setting_ = false;
    chosen_ = at;
    onModel();
}

const Denoiser* SamplerForm::model() const {
    return chosen_ >= 0 && chosen_ < std::ssize(models_) ? &models_[static_cast<std::size_t>(chosen_)] : nullptr;
}

void SamplerForm::onModel() {
    setting_ = true;
    const QString before = method_->currentData().toString();
    method_->clear();
    if (const Denoiser* m = model()) {
        for (const SamplerInfo& each : samplersFor(m->info.spec)) {
            method_->addItem(text(each.label), text(each.name));
            method_->setItemData(method_->count() - 1, text(each.help), Qt::ToolTipRole);
        }
        method_->setCurrentIndex(std::max(0, method_->findData(before)));
        fillClasses();
    }
    setting_ = false;
    // The same method keeps the steps that were typed.
    if (method_->currentData().toString() != before)
        onMethod();
    else
        refresh();
}

void SamplerForm::fillClasses() {
    const CheckpointInfo& info = model()->info;
    rows_->setClassNames(info.classNames);
    columns_->setClassNames(info.classNames);
    for (QComboBox* box : {classFrom_, classTo_}) {
        const int at = box->currentIndex();
        box->clear();
        for (int label = 0; label < info.spec.numClasses; ++label)
            box->addItem(label < std::ssize(info.classNames)
                             ? QString::fromStdString(info.classNames[static_cast<std::size_t>(label)])
                             : tr("class %1").arg(label));
        box->addItem(tr("no class"));
        box->setCurrentIndex(at >= 0 && at < box->count() ? at : box == classTo_ ? std::min(1, box->count() - 1) : 0);
    }
}

void SamplerForm::onMethod() {
    const QString name = method_->currentData().toString();
    if (!name.isEmpty() && !setting_) {
        const SamplerInfo& info = findSampler(name.toStdString());
        setting_ = true;
        steps_->setValue(info.usualSteps);
        preview_->setValue(std::max(1, info.usualSteps / 10));
        method_->setToolTip(text(info.help));
        setting_ = false;
    }
    refresh();
}

GridRecipe SamplerForm::recipe() const {
    GridRecipe recipe;
    CellSettings& base = recipe.base;
    recipe.newSeedEachRow = unshown_.newSeedEachRow;
    base.clip = unshown_.base.clip;
    base.lastStep = unshown_.base.lastStep;
    base.lastStepSize = unshown_.base.lastStepSize;
    base.sampler = method_->currentData().toString().toStdString();
    base.steps = static_cast<int>(steps_->value().value_or(0));
    base.guidance = guidance_->value().value_or(1);
    base.seed = seed();
    base.eta = eta_->value().value_or(0);
    base.noise = noise_->value().value_or(1);
    base.form = form_->currentText().toStdString();
    base.label = std::max(0, classFrom_->currentIndex());
    recipe.rows = rows_->vary();
    recipe.columns = columns_->vary();
    recipe.rowValues = rows_->values();
    recipe.columnValues = columns_->values();
    const auto varies = [&](Vary what) { return recipe.rows == what || recipe.columns == what; };
    if (varies(Vary::SeedMix)) base.seedTo = static_cast<std::uint64_t>(seedTo_->value().value_or(0));
    if (varies(Vary::LabelMix)) base.labelTo = std::max(0, classTo_->currentIndex());
    recipe.newSeedEachColumn = newSeeds_->isChecked() && newSeeds_->isEnabled();
    return recipe;
}

void SamplerForm::refresh() {
    const GridRecipe now = recipe();
    const auto varies = [&](Vary what) { return now.rows == what || now.columns == what; };
    const bool sde = now.base.sampler.starts_with("sde");
    // What the grid varies has no single value.
    methodLine_->setVisible(!varies(Vary::Sampler));
    guidanceLine_->setVisible(!varies(Vary::Guidance));
    stepsLine_->setVisible(!varies(Vary::Steps));
    seedToLine_->setVisible(varies(Vary::SeedMix));
    classLine_->setVisible(!varies(Vary::Class));
    classToLine_->setVisible(varies(Vary::LabelMix));
    etaLine_->setVisible(now.base.sampler == "ddim");
    noiseLine_->setVisible(sde);
    formLine_->setVisible(sde);
    decoderLine_->setVisible(model() && model()->info.spec.diffusion.latent);
    const bool seeds = varies(Vary::Seed) || varies(Vary::SeedMix);
    newSeeds_->setEnabled(!seeds);
    newSeeds_->setToolTip(seeds ? tr("The grid varies the seed itself.")
                                : tr("Each column counts the seed up by one."));
    {
        const QSignalBlocker quiet(slider_);
        slider_->setValue(static_cast<int>(now.base.guidance * 10));
    }
    QString problem;
    for (const NumberField* field : {guidance_, steps_, seed_, seedTo_, preview_, eta_, noise_})
        if (problem.isEmpty() && field->isVisibleTo(this)) problem = field->problem();
    cells_ = 0;
    work_ = 0;
    if (problem.isEmpty() && model()) {
        try {
            const GridCells grid = expandGrid(now, model()->info.spec, model()->info.classNames);
            for (const CellSettings& cell : grid.cells)
                work_ += cell.steps;
            cells_ = static_cast<int>(grid.cells.size());
        } catch (const Error& error) {
            problem = QString::fromStdString(error.message() + ' ' + error.hint());
        }
    }
    problem_->setText(problem);
    problem_->setVisible(!problem.isEmpty());
    Q_EMIT edited();
}

std::optional<SampleRequest> SamplerForm::request(bool newSeed) {
    if (newSeed && !seedLocked()) drawSeed();
    refresh();
    if (cells_ == 0 || !model()) return std::nullopt;
    SampleRequest request;
    request.model = model()->info.file;
    if (model()->info.spec.diffusion.latent) request.autoencoder = autoencoder_;
    request.recipe = recipe();
    request.previewEvery = static_cast<int>(preview_->value().value_or(1));
    return request;
}

void SamplerForm::restore(const SampleRecord& record) {
    for (std::size_t i = 0; i < models_.size(); ++i)
        if (models_[i].info.file == record.model) {
            chosen_ = static_cast<int>(i);
            model_->setCurrentIndex(chosen_);
            onModel();
        }
    setting_ = true;
    const GridRecipe& recipe = record.recipe;
    unshown_ = recipe;
    // Fields of the cells are filled in where the recipe left the choice to the sampler.
    CellSettings base = recipe.base;
    if (!record.grid.cells.empty()) {
        if (base.sampler.empty()) base.sampler = record.grid.cells.front().sampler;
        if (base.steps == 0) base.steps = record.grid.cells.front().steps;
    }
    if (const int at = method_->findData(QString::fromStdString(base.sampler)); at >= 0) method_->setCurrentIndex(at);
    steps_->setValue(base.steps);
    guidance_->setValue(base.guidance);
    eta_->setValue(base.eta);
    noise_->setValue(base.noise);
    form_->setCurrentText(QString::fromStdString(base.form));
    classFrom_->setCurrentIndex(base.label);
    if (base.labelTo) classTo_->setCurrentIndex(*base.labelTo);
    if (base.seedTo) seedTo_->setValue(static_cast<double>(*base.seedTo));
    rows_->set(recipe.rows, recipe.rowValues);
    columns_->set(recipe.columns, recipe.columnValues);
    newSeeds_->setChecked(recipe.newSeedEachColumn);
    setting_ = false;
    keepSeed(base.seed);
}

void SamplerForm::keepSeed(std::uint64_t seed) {
    seed_->setValue(static_cast<double>(seed));
    lock_->setChecked(true);
    refresh();
}

void SamplerForm::drawSeed() {
    seed_->setValue(static_cast<double>(QRandomGenerator::global()->bounded(100'000)));
    refresh();
}

bool SamplerForm::seedLocked() const { return lock_->isChecked(); }
std::uint64_t SamplerForm::seed() const { return static_cast<std::uint64_t>(seed_->value().value_or(0)); }
QString SamplerForm::problem() const { return problem_->text(); }

void SamplerForm::interpolate(Vary vary) {
    if (rows_->vary() == vary) rows_->set(Vary::Nothing, {});
    columns_->set(vary, {"0-1:7"});
    if (vary == Vary::SeedMix && seedTo_->value() == seed_->value()) seedTo_->setValue(static_cast<double>(seed() + 1));
    refresh();
}

void SamplerForm::setPreviewShare(double share) {
    cost_->setText(share < 0 ? QString() : tr("costs %1 %").arg(share * 100, 0, 'f', 1));
}

}  // namespace vl
