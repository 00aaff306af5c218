// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/generate/sample_page.h"

#include <algorithm>

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/studio/generate/form_line.h"
#include "widgets/attention_canvas.h"
#include "widgets/buttons.h"
#include "widgets/frame_strip.h"
#include "widgets/labels.h"
#include "widgets/number_field.h"
#include "widgets/paint_helpers.h"
#include "widgets/panel_parts.h"
#include "widgets/picture_canvas.h"
#include "widgets/readout_rows.h"

namespace vl {
namespace {

constexpr int kSide = 112, kAskDelayMs = 150;

QPixmap large(const QImage& image, double ratio) {
    if (image.isNull()) return {};
    const int side = static_cast<int>(kSide * ratio);
    const bool grows = image.width() <= side;
    const int shown = grows ? side / image.width() * image.width() : side;  // whole multiples of its pixels
    QPixmap pixmap = QPixmap::fromImage(
        image.scaled(shown, shown, Qt::KeepAspectRatio, grows ? Qt::FastTransformation : Qt::SmoothTransformation));
    pixmap.setDevicePixelRatio(ratio);
    return pixmap;
}

/// One pixel a key, the strongest one brightest.
QImage heatImage(const float* values, int rows, int columns) {
    const float most = *std::max_element(values, values + rows * columns);
    const ValueScale scale{most > 0 ? most : 1.0, false};
    QImage image(columns, rows, QImage::Format_RGB32);
    for (int y = 0; y < rows; ++y)
        for (int x = 0; x < columns; ++x)
            image.setPixel(x, y, colorAt(ColorMap::Inferno, scale.normalise(values[y * columns + x])));
    return image;
}

}  // namespace

SamplePage::SamplePage(QWidget* parent)
    : QWidget(parent),
      facts_(new ReadoutRows(0)),
      keep_(makeButton(tr("Keep seed"), QStringLiteral("lock"))),
      layer_(new QComboBox),
      head_(new QComboBox),
      canvas_(new AttentionCanvas),
      along_(new FrameStrip(40)),
      note_(makeLabel({}, Type::Caption, Tone::Text2)),
      alongNote_(makeLabel({}, Type::CaptionNumber, Tone::Text2)),
      attention_(new QWidget) {
    auto* pictures = new QWidget;
    auto* grid = new QGridLayout(pictures);
    grid->setContentsMargins(0, 0, 0, 8);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(4);
    const QString names[] = {tr("Noisy"), tr("Predicted"), tr("With class"), tr("Without class")};
    for (int i = 0; i < 4; ++i) {
        auto* picture = new QLabel;
        picture->setFixedSize(kSide, kSide);
        picture->setAlignment(Qt::AlignLeft | Qt::AlignTop);
        picture->setAccessibleName(names[i]);
        pictures_[static_cast<std::size_t>(i)] = picture;
        grid->addWidget(makeLabel(names[i], Type::Caption, Tone::Text2), i / 2 * 2, i % 2);
        grid->addWidget(picture, i / 2 * 2 + 1, i % 2, Qt::AlignLeft | Qt::AlignTop);
    }
    grid->setColumnStretch(1, 1);
    for (QComboBox* box : {layer_, head_}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(8);
    }
    note_->setWordWrap(true);
    facts_->setAccessibleName(tr("Selected sample"));
    canvas_->setFixedHeight(296);
    along_->setAccessibleName(tr("Attention along the steps"));

    auto* column = new QVBoxLayout(attention_);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeSectionTitle(tr("Attention")));
    column->addWidget(formLine(tr("Block"), {layer_}));
    column->addWidget(formLine(tr("Head"), {head_}));
    column->addSpacing(4);
    column->addWidget(canvas_);
    column->addWidget(titleRow(tr("Along the steps"), {alongNote_}, 6));
    column->addWidget(along_);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 16);
    layout->setSpacing(0);
    layout->addWidget(pictures);
    layout->addWidget(facts_);
    layout->addSpacing(8);
    layout->addWidget(keep_, 0, Qt::AlignLeft);
    layout->addWidget(note_);
    layout->addWidget(attention_);
    layout->addStretch();

    later_.setSingleShot(true);
    later_.setInterval(kAskDelayMs);
    connect(&later_, &QTimer::timeout, this, &SamplePage::ask);
    connect(keep_, &QPushButton::clicked, this, &SamplePage::keepSeed);
    connect(layer_, &QComboBox::currentIndexChanged, this, [this] {
        if (!setting_) ask();
    });
    connect(head_, &QComboBox::currentIndexChanged, this, [this] {
        if (setting_) return;
        refreshAttention();
        ask();  // the strip is one head's
    });
    connect(canvas_, &AttentionCanvas::queryRequested, this, [this](int token) {
        query_ = token;
        refreshAttention();
        later_.start();
    });
    refreshAttention();
}

void SamplePage::show(const ShownGrid& grid, int cell, std::size_t frame) {
    const bool other = cell != cell_ || frame != index_ || !frame_ != (frame >= grid.frames.size());
    cell_ = cell;
    index_ = frame;
    frame_ = frame < grid.frames.size() ? grid.frames[frame] : nullptr;
    keep_->setEnabled(cell >= 0);
    if (cell < 0 || grid.empty()) {
        facts_->setRows({});
    } else {
        const CellSettings& s = grid.settings(cell);
        const int step = frame_ ? std::min(frame_->step, s.steps) : 0;
        std::vector<ReadoutRows::Row> rows{{tr("Class"), grid.className(cell), {}},
                                           {tr("Seed"), QString::number(s.seed), {}},
                                           {tr("Guidance"), numberText(s.guidance), {}},
                                           {tr("Step"), tr("%1 of %2").arg(step).arg(s.steps), {}}};
        const auto at = static_cast<std::size_t>(cell);
        if (at < grid.noise.size() && grid.noise[at] && step < std::ssize(*grid.noise[at]))
            rows.push_back({tr("Noise"), fixedText((*grid.noise[at])[static_cast<std::size_t>(step)], 3), {}});
        facts_->setRows(std::move(rows));
    }
    if (other && answer_ && (answer_->cell != cell || answer_->frame != frame)) answer_.reset();
    refreshPictures();
    if (other) refreshAttention();
    if (other && isVisible()) later_.start();
}

void SamplePage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refreshPictures();
    ask();
}

void SamplePage::setUnavailable(const QString& why) {
    available_ = why.isEmpty();
    note_->setText(why);
    note_->setVisible(!why.isEmpty());
    attention_->setVisible(available_);
}

void SamplePage::ask() {
    later_.stop();
    if (!isVisible() || !available_ || cell_ < 0 || !frame_) return;
    CellQuestion question;
    question.cell = cell_;
    question.frame = index_;
    question.layer = std::max(0, layer_->currentIndex());
    question.head = std::max(-1, head_->currentIndex() - 1);  // an empty list has no current entry
    question.patch = query_;
    question.along = true;
    Q_EMIT asked(question);
}

void SamplePage::setAnswer(std::shared_ptr<const CellAnswer> answer) {
    if (!answer || answer->cell != cell_ || answer->frame != index_) return;
    answer_ = std::move(answer);
    setting_ = true;
    if (layer_->count() != answer_->layers) {
        layer_->clear();
        for (int i = 0; i < answer_->layers; ++i)
            layer_->addItem(tr("Block %1").arg(i + 1));
    }
    if (head_->count() != answer_->heads + 1) {
        head_->clear();
        head_->addItem(tr("Mean over heads"));
        for (int i = 0; i < answer_->heads; ++i)
            head_->addItem(tr("Head %1").arg(i + 1));
    }
    setting_ = false;
    refreshPictures();
    refreshAttention();
}

void SamplePage::refreshPictures() {
    if (!isVisible()) return;
    const double ratio = devicePixelRatioF();
    pictures_[0]->setPixmap(large(frameImage(frame_, cell_, false), ratio));
    pictures_[1]->setPixmap(large(frameImage(frame_, cell_, true), ratio));
    pictures_[2]->setPixmap(answer_ ? large(toQImage(answer_->conditional), ratio) : QPixmap());
    pictures_[3]->setPixmap(answer_ ? large(toQImage(answer_->unconditional), ratio) : QPixmap());
}

std::vector<float> SamplePage::valuesAt(int query) const {
    const LayerAttention& a = answer_->attention;
    std::vector<float> values(static_cast<std::size_t>(std::max(a.tokens, 0)));
    if (a.softmax.size() < values.size() * values.size() * static_cast<std::size_t>(std::max(a.heads, 0)))
        return values;
    const int head = head_->currentIndex() - 1;
    const int firstHead = head < 0 ? 0 : head, lastHead = head < 0 ? a.heads - 1 : head;
    const int firstRow = query < 0 ? 0 : query, lastRow = query < 0 ? a.tokens - 1 : query;
    if (lastHead >= a.heads || lastRow >= a.tokens) return values;
    const float share = 1.f / static_cast<float>((lastHead - firstHead + 1) * (lastRow - firstRow + 1));
    for (int h = firstHead; h <= lastHead; ++h)
        for (int q = firstRow; q <= lastRow; ++q) {
            const float* row = a.row(h, q);
            for (std::size_t k = 0; k < values.size(); ++k)
                values[k] += row[k] * share;
        }
    return values;
}

void SamplePage::refreshAttention() {
    const bool any = answer_ && answer_->attention.tokens > 0;
    canvas_->setVisible(any);
    along_->setVisible(any && !answer_->along.empty());
    if (!any) {
        alongNote_->setText(available_ && cell_ >= 0 && frame_ ? tr("asking the model…") : QString());
        return;
    }
    canvas_->setPicture(frameImage(frame_, cell_, false).copy(), answer_->geometry);
    std::vector<float> values = valuesAt(query_);
    const double most = finiteMax(values);
    canvas_->setValues(std::move(values), {most > 0 ? most : 1, false});
    canvas_->setQuery(query_);
    alongNote_->setText(query_ < 0 ? tr("mean over patches") : tr("patch %1").arg(query_));
    const AttentionGeometry& g = answer_->geometry;
    std::vector<FrameStrip::Frame> frames;
    for (std::size_t i = 0; i < answer_->along.size(); ++i)
        frames.push_back({answer_->along[i].step, static_cast<int>(i)});
    along_->setFrames(std::move(frames), [answer = answer_, g](int index) {
        const auto& row = answer->along[static_cast<std::size_t>(index)].row;
        if (g.keyRows < 1 || std::ssize(row) < g.firstPatchToken + g.keyRows * g.keyCols) return QImage();
        return heatImage(row.data() + g.firstPatchToken, g.keyRows, g.keyCols);
    });
}

}  // namespace vl
