// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QLabel>
#include <QTimer>
#include <QToolButton>
#include <QWidget>

#include "app/studio/train/time_loss_chart.h"
#include "engine/api/types.h"
#include "widgets/film_band.h"

class QBoxLayout;

namespace vl {

/// The film of a run with what belongs to it: choice of a class, playing, the current picture enlarged, and the loss by
/// time of a denoiser or the score by class of a segmenter or detector. It stands where a classifier's run shows its validation pictures.
class FilmStrip : public QWidget {
    Q_OBJECT
public:
    explicit FilmStrip(QWidget* parent = nullptr);

    void setFilm(FilmBand::Film film);
    /// Whose film it is; `names` of the model's classes. Samples of denoisers are chosen by class, pictures by number.
    void setTask(ModelTask task, const QStringList& names);
    /// The last evaluation and the one before it; null: none. `colour`: the run's series.
    void setEvaluations(ModelTask task, const EvalMetrics* last, const EvalMetrics* before, int colour);
    /// Beside the charts: picture and bars below the band instead of right of it.
    void setWide(bool wide);

    bool playing() const { return timer_.isActive(); }
    void setPlaying(bool playing);
    /// One frame on; the timer calls it while playing.
    void tick();

    FilmBand& band() { return *band_; }
    TimeLossChart& timeLoss() { return *timeLoss_; }
    QComboBox& classes() { return *classes_; }
    QToolButton& playButton() { return *play_; }
    QString caption() const { return caption_->text(); }

Q_SIGNALS:
    void opened();  ///< double click on the large picture: it deserves a closer look

protected:
    void hideEvent(QHideEvent* event) override;

private:
    class Picture;
    QWidget* makeHead();
    QWidget* makeSide();
    void refreshClasses();
    void refreshCurrent();
    void refreshPlay();

    QBoxLayout *body_, *side_;
    FilmBand* band_;
    Picture* picture_;
    TimeLossChart* timeLoss_;
    QComboBox* classes_;
    QToolButton* play_;
    QLabel *place_, *caption_, *detail_, *reading_, *barsTitle_;
    ModelTask task_ = ModelTask::Generate;
    QTimer timer_;
};

}  // namespace vl
