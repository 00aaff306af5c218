// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include <QWidget>

#include "app/studio/generate/denoiser_list.h"
#include "app/studio/generate/vary_field.h"
#include "engine/api/sample_result.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QSlider;
class QToolButton;

namespace vl {

class NumberField;

/// Everything a grid is asked for with. It checks what is typed as the engine does and says what is wrong below.
class SamplerForm : public QWidget {
    Q_OBJECT
public:
    explicit SamplerForm(QWidget* parent = nullptr);

    void setModels(const std::vector<Denoiser>& models, const std::filesystem::path& chosen);
    const Denoiser* model() const;
    /// The request as it stands; draws a new seed first unless the seed is locked. Nothing when it is not valid.
    std::optional<SampleRequest> request(bool newSeed);
    /// Takes settings over; the model too where it is in the list.
    void restore(const SampleRecord& record);
    void keepSeed(std::uint64_t seed);  ///< copies and locks it
    void drawSeed();
    bool seedLocked() const;
    std::uint64_t seed() const;
    void interpolate(Vary vary);           ///< SeedMix or LabelMix along the columns
    void setPreviewShare(double share);    ///< of the time, 0..1; negative: not known
    int cells() const { return cells_; }   ///< of the grid as it stands, 0: not valid
    double work() const { return work_; }  ///< sum of its cells' steps
    QString problem() const;
    VaryField& rows() { return *rows_; }
    VaryField& columns() { return *columns_; }
    QComboBox& modelChooser() { return *model_; }
    QComboBox& methodChooser() { return *method_; }
    NumberField& stepsField() { return *steps_; }
    NumberField& guidanceField() { return *guidance_; }
    NumberField& previewField() { return *preview_; }

Q_SIGNALS:
    void edited();
    void modelChosen();
    void openRequested();

private:
    void build();
    void buildOptions();
    void connectParts();
    void onModel();
    void onMethod();
    void refresh();
    GridRecipe recipe() const;
    void fillClasses();

    std::vector<Denoiser> models_;
    QComboBox *model_, *method_, *form_, *decoder_, *classFrom_, *classTo_;
    NumberField *guidance_, *steps_, *seed_, *seedTo_, *preview_, *eta_, *noise_;
    QSlider* slider_;
    QToolButton *lock_, *dice_;
    VaryField *rows_, *columns_;
    QCheckBox* newSeeds_;
    QWidget *methodLine_, *guidanceLine_, *stepsLine_, *etaLine_, *noiseLine_, *formLine_, *decoderLine_, *seedToLine_,
        *classLine_, *classToLine_;
    QLabel *cost_, *problem_;
    std::filesystem::path autoencoder_;
    GridRecipe unshown_;  ///< of the settings restored last, for what the form has no field for
    int chosen_ = -1, cells_ = 0;
    double work_ = 0;
    bool setting_ = false;
};

}  // namespace vl
