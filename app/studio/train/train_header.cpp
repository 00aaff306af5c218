// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/train/train_header.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "widgets/labels.h"

namespace vl {
namespace {

constexpr int kAlwaysShown = TrainHeader::TimeLeft + 1;
constexpr int kCellWidth = 128;

}  // namespace

double smoothingAt(int position) {
    const double share = std::clamp(position, 0, 100) / 100.0;
    // 1 - beta falls by a factor of a thousand over the slider; 0 is exactly off.
    return position <= 0 ? 0 : std::round((1 - std::pow(10, -3 * share)) * 1000) / 1000;
}

int smoothingPosition(double beta) {
    if (beta <= 0) return 0;
    return std::clamp(int(std::lround(-std::log10(std::max(1e-3, 1 - beta)) / 3 * 100)), 1, 100);
}

TrainHeader::TrainHeader(QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 4, 16, 0);
    layout->setSpacing(0);
    layout->addWidget(makeControls());
    layout->addWidget(makeNumbers());
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

QWidget* TrainHeader::makeControls() {
    auto* row = new QWidget;
    row->setFixedHeight(40);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    title_ = new ElidedLabel({}, Type::ViewTitle);
    title_->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    detail_ = new ElidedLabel({}, Type::Secondary, Tone::Text2);
    detail_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    smoothingLabel_ = makeLabel(tr("Smoothing"), Type::Secondary, Tone::Text2);
    slider_ = new QSlider(Qt::Horizontal);
    slider_->setRange(0, 100);
    slider_->setFixedWidth(88);
    slider_->setAccessibleName(tr("Smoothing"));
    slider_->setToolTip(tr("Smoothing of the loss: debiased exponential average, 0 is off"));
    smoothingLabel_->setBuddy(slider_);
    smoothingValue_ = makeLabel("0.000", Type::Number);
    smoothingValue_->setFixedWidth(smoothingValue_->sizeHint().width() + 2);
    mode_ = new SegmentedControl({tr("Step"), tr("Time"), tr("Images")});
    mode_->setAccessibleName(tr("Horizontal axis"));
    scale_ = new SegmentedControl({tr("Linear"), tr("Log")});
    scale_->setAccessibleName(tr("Vertical scale of the loss"));
    export_ = makeButton(tr("Export"), "download");
    exportMenu_ = new QMenu(export_);
    export_->setMenu(exportMenu_);
    layout->addWidget(title_);
    layout->addWidget(detail_, 1);
    layout->addWidget(smoothingLabel_);
    layout->addWidget(slider_);
    layout->addWidget(smoothingValue_);
    layout->addWidget(mode_);
    layout->addWidget(scale_);
    layout->addWidget(export_);
    connect(slider_, &QSlider::valueChanged, this, [this](int position) {
        const double beta = smoothingAt(position);
        smoothingValue_->setText(QString::number(beta, 'f', beta >= 0.99 ? 3 : 2));
        Q_EMIT smoothingChanged(beta);
    });
    connect(mode_, &SegmentedControl::currentChanged, this, [this](int index) { Q_EMIT xModeChanged(XMode(index)); });
    connect(scale_, &SegmentedControl::currentChanged, this, [this](int index) { Q_EMIT logChanged(index == 1); });
    return row;
}

QWidget* TrainHeader::makeNumbers() {
    auto* row = new QWidget;
    row->setFixedHeight(52);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    const QStringList names = {tr("Training loss"), tr("Test accuracy"), tr("Throughput"),    tr("Step time"),
                               tr("Epoch"),         tr("Time left"),     tr("Gradient norm"), tr("Memory")};
    for (const QString& name : names) {
        Cell cell;
        cell.box = new QWidget;
        cell.box->setMinimumWidth(96);
        cell.box->setMaximumWidth(kCellWidth);
        auto* column = new QVBoxLayout(cell.box);
        column->setContentsMargins(0, 4, 8, 0);
        column->setSpacing(0);
        cell.name = makeLabel(name, Type::Caption, Tone::Text2);
        column->addWidget(cell.name);
        auto* line = new QHBoxLayout;
        line->setSpacing(4);
        cell.value = makeLabel("–", Type::BigNumber);
        cell.value->setFixedHeight(28);
        cell.value->setAccessibleName(name);
        cell.unit = makeLabel({}, Type::Caption, Tone::Text2);
        line->addWidget(cell.value);
        // The unit stands on the number's base line, 4 px lower than centred.
        cell.unit->setContentsMargins(0, 6, 0, 0);
        line->addWidget(cell.unit);
        line->addStretch();
        column->addLayout(line);
        column->addStretch();
        layout->addWidget(cell.box, 1);
        cells_.push_back(cell);
    }
    layout->addStretch();
    return row;
}

void TrainHeader::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const int room = width() / kCellWidth;
    for (int i = 0; i < NumberCount; ++i)
        cells_[std::size_t(i)].box->setVisible(i < kAlwaysShown || i < room);
    smoothingLabel_->setVisible(width() >= 820);
}

void TrainHeader::setRun(const QString& name, const QString& detail) {
    title_->setText(name);
    detail_->setText(detail);
}

void TrainHeader::setNumber(Number number, const QString& value, const QString& unit) {
    Cell& cell = cells_[std::size_t(number)];
    cell.value->setText(value);
    cell.unit->setText(unit);
}

QString TrainHeader::number(Number number) const {
    const Cell& cell = cells_[std::size_t(number)];
    return cell.unit->text().isEmpty() ? cell.value->text() : cell.value->text() + ' ' + cell.unit->text();
}

void TrainHeader::setNumberName(Number number, const QString& name) {
    Cell& cell = cells_[std::size_t(number)];
    cell.name->setText(name);
    cell.value->setAccessibleName(name);
}

QString TrainHeader::numberName(Number number) const { return cells_[std::size_t(number)].name->text(); }

double TrainHeader::smoothing() const { return smoothingAt(slider_->value()); }
void TrainHeader::setSmoothing(double beta) { slider_->setValue(smoothingPosition(beta)); }
void TrainHeader::setLog(bool log) { scale_->setCurrent(log ? 1 : 0); }
void TrainHeader::setXMode(XMode mode) { mode_->setCurrent(int(mode)); }

}  // namespace vl
