// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/train/film_strip.h"

#include <QBoxLayout>
#include <QPainter>
#include <algorithm>

#include "app/studio/train/task_score.h"
#include "widgets/buttons.h"
#include "widgets/chart_axis.h"
#include "widgets/icons.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace vl {
namespace {

constexpr int kFrameMs = 125;  // eight frames a second: quick enough to move, slow enough to see each
constexpr int kSideWidth = 192, kPicture = 128, kWidePicture = 192;

}  // namespace

/// The current sample, in whole multiples of its pixels.
class FilmStrip::Picture : public QWidget {
public:
    explicit Picture(FilmStrip& strip) : strip_(strip) {
        setAccessibleName(tr("Current sample"));
        setLargest(kPicture);
    }
    void setPicture(QImage picture) {
        picture_ = std::move(picture);
        update();
    }
    void setLargest(int side) { setFixedSize(side, side); }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.fillRect(rect(), darkTokens().canvas);
        if (picture_.isNull()) return;
        const double ratio = devicePixelRatioF();
        const int most = std::max({1, picture_.width(), picture_.height()}), room = int(width() * ratio);
        const bool larger = most > room;
        const double times = larger ? double(room) / most : room / most;
        const QSizeF size = QSizeF(picture_.size()) * times / ratio;
        painter.setRenderHint(QPainter::SmoothPixmapTransform, larger);
        const QPointF corner((width() - size.width()) / 2, (height() - size.height()) / 2);
        painter.drawImage(QRectF(corner, size), picture_);
    }
    void mouseDoubleClickEvent(QMouseEvent*) override { Q_EMIT strip_.opened(); }

private:
    FilmStrip& strip_;
    QImage picture_;
};

FilmStrip::FilmStrip(QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 0, 16, 6);
    layout->setSpacing(2);
    layout->addWidget(makeHead());
    auto* body = new QWidget;
    body_ = new QBoxLayout(QBoxLayout::LeftToRight, body);
    body_->setContentsMargins(0, 0, 0, 0);
    body_->setSpacing(16);
    band_ = new FilmBand;
    body_->addWidget(band_, 1);
    body_->addWidget(makeSide());
    layout->addWidget(body, 1);
    timer_.setInterval(kFrameMs);
    connect(&timer_, &QTimer::timeout, this, &FilmStrip::tick);
    connect(play_, &QToolButton::clicked, this, [this] { setPlaying(!playing()); });
    connect(band_, &FilmBand::playToggled, this, [this] { setPlaying(!playing()); });
    connect(band_, &FilmBand::currentChanged, this, &FilmStrip::refreshCurrent);
    connect(band_, &FilmBand::labelChosen, this, [this](int label) {
        const int index = classes_->findData(label);
        if (index >= 0) classes_->setCurrentIndex(index);
    });
    connect(classes_, &QComboBox::currentIndexChanged, this,
            [this] { band_->setLabel(classes_->currentData().toInt()); });
    connect(timeLoss_, &TimeLossChart::described, this, [this] { reading_->setText(timeLoss_->words()); });
    refreshClasses();
    refreshPlay();
}

QWidget* FilmStrip::makeHead() {
    auto* head = new QWidget;
    head->setFixedHeight(34);
    auto* layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, 2, 0, 2);
    layout->setSpacing(8);
    auto* title = makeSectionTitle(tr("Film"));
    title->setFixedHeight(28);
    title->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    place_ = new ElidedLabel({}, Type::Secondary, Tone::Text2);
    classes_ = new QComboBox;
    classes_->setAccessibleName(tr("Classes of the film"));
    classes_->setToolTip(tr("All classes, or one of them large"));
    classes_->setMinimumWidth(132);
    play_ = makeIconButton("play", tr("Play the film (Space)"));
    layout->addWidget(title);
    layout->addWidget(place_, 1);
    layout->addWidget(classes_);
    layout->addWidget(play_);
    return head;
}

QWidget* FilmStrip::makeSide() {
    auto* box = new QWidget;
    side_ = new QBoxLayout(QBoxLayout::TopToBottom, box);
    side_->setContentsMargins(0, 0, 0, 0);
    side_->setSpacing(8);
    auto* upper = new QVBoxLayout;
    upper->setSpacing(2);
    picture_ = new Picture(*this);
    picture_->setToolTip(tr("Double click to look inside with Inspect"));
    caption_ = new ElidedLabel({}, Type::Secondary);
    detail_ = new ElidedLabel({}, Type::Caption, Tone::Text2);
    upper->addWidget(picture_);
    upper->addWidget(caption_);
    upper->addWidget(detail_);
    upper->addStretch();
    auto* lower = new QVBoxLayout;
    lower->setSpacing(1);
    barsTitle_ = makeSectionTitle(tr("Loss by time"));
    barsTitle_->setFixedHeight(20);
    reading_ = new ElidedLabel({}, Type::Caption, Tone::Text2);
    timeLoss_ = new TimeLossChart;
    lower->addWidget(barsTitle_);
    lower->addWidget(reading_);
    lower->addWidget(timeLoss_, 1);
    side_->addLayout(upper);
    side_->addLayout(lower, 1);
    box->setFixedWidth(kSideWidth);
    return box;
}

void FilmStrip::setWide(bool wide) {
    body_->setDirection(wide ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    side_->setDirection(wide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    side_->setSpacing(wide ? 24 : 8);
    picture_->setLargest(wide ? kWidePicture : kPicture);
    QWidget* box = body_->itemAt(1)->widget();
    box->setMinimumWidth(wide ? 0 : kSideWidth);
    box->setMaximumWidth(wide ? QWIDGETSIZE_MAX : kSideWidth);
    box->setMaximumHeight(wide ? kWidePicture + 44 : QWIDGETSIZE_MAX);
}

void FilmStrip::setFilm(FilmBand::Film film) {
    const auto before = band_->labels();
    band_->setFilm(std::move(film));
    if (band_->labels() != before) refreshClasses();
    refreshCurrent();
    refreshPlay();
}

void FilmStrip::setTask(ModelTask task, const QStringList& names) {
    task_ = task;
    const bool samples = task == ModelTask::Generate;
    QStringList pictures;
    for (int i = 1; i <= 64; ++i)
        pictures << tr("picture %1").arg(i);
    band_->setClassNames(samples ? names : pictures);
    timeLoss_->setPartNames(samples ? QStringList() : names);
    barsTitle_->setText(taskScore(task).parts);
    classes_->setAccessibleName(samples ? tr("Classes of the film") : tr("Pictures of the film"));
    classes_->setToolTip(samples ? tr("All classes, or one of them large") : tr("All pictures, or one of them large"));
    refreshClasses();
}

void FilmStrip::refreshClasses() {
    const QSignalBlocker quiet(classes_);
    classes_->clear();
    classes_->addItem(task_ == ModelTask::Generate ? tr("All classes") : tr("All pictures"), -1);
    for (const int label : band_->labels())
        classes_->addItem(band_->className(label), label);
    classes_->setCurrentIndex(std::max(0, classes_->findData(band_->label())));
    classes_->setEnabled(band_->labels().size() > 1);
}

void FilmStrip::setEvaluations(ModelTask task, const EvalMetrics* last, const EvalMetrics* before, int colour) {
    const auto bars = [task](const EvalMetrics* row) {
        return row ? TimeLossChart::Bars{row->step, partsOf(task, *row)} : TimeLossChart::Bars();
    };
    timeLoss_->setBars(bars(last), bars(before), colour);
}

void FilmStrip::refreshCurrent() {
    picture_->setPicture(band_->picture());
    const int frame = band_->current();
    if (frame < 0) {
        for (QLabel* label : {place_, caption_, detail_})
            label->clear();
        return;
    }
    const FilmFrame& now = *band_->film()[std::size_t(frame)];
    const int count = int(band_->film().size());
    const QString standing = tr("frame %1 of %2").arg(countText(frame + 1), countText(count));
    place_->setText(task_ == ModelTask::Generate
                        ? tr("samples at fixed seeds, guidance %1; ").arg(now.guidance, 0, 'g', 3) + standing
                        : tr("validation pictures; ") + standing);
    caption_->setText(band_->words());
    const QString pinned = band_->pinned() == frame ? tr(", pinned") : frame + 1 == count ? tr(", newest") : QString();
    detail_->setText(tr("epoch %1").arg(now.epoch, 0, 'f', 1) + pinned);
}

void FilmStrip::refreshPlay() {
    const bool enough = band_->film().size() > 1;
    play_->setEnabled(enough);
    play_->setIcon(icon(playing() ? "pause" : "play"));
    play_->setToolTip(!enough     ? tr("The film has one frame so far.")
                      : playing() ? tr("Stop playing (Space)")
                                  : tr("Play the film (Space)"));
    play_->setAccessibleName(playing() ? tr("Stop playing") : tr("Play the film"));
}

void FilmStrip::setPlaying(bool playing) {
    if (playing == this->playing() || (playing && band_->film().size() < 2)) return;
    if (playing) {
        // From the start, unless someone stopped in the middle.
        const int last = int(band_->film().size()) - 1;
        if (band_->pinned() < 0 || band_->pinned() == last) band_->pin(0);
        timer_.start();
    } else {
        timer_.stop();
    }
    refreshPlay();
}

void FilmStrip::tick() {
    if (!band_->advance()) setPlaying(false);
}

void FilmStrip::hideEvent(QHideEvent* event) {
    setPlaying(false);
    QWidget::hideEvent(event);
}

}  // namespace vl
