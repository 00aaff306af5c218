// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/confusion_grid.h"

#include <algorithm>
#include <cmath>

#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>

#include "widgets/color_map.h"
#include "widgets/labels.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr double kNames = 64, kMostSide = 24;

}  // namespace

ConfusionGrid::ConfusionGrid(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Confusion matrix"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ConfusionGrid::setCounts(const std::vector<std::int64_t>& counts, const std::vector<std::string>& names) {
    if (counts == counts_ && names == names_) return;
    const std::size_t n = names.size();
    counts_ = counts.size() == n * n ? counts : std::vector<std::int64_t>();
    names_ = names;
    classes_.clear();
    for (std::size_t i = 0; i < n && !counts_.empty(); ++i) {
        std::int64_t sum = 0;
        for (std::size_t j = 0; j < n; ++j)
            sum += counts_[i * n + j] + counts_[j * n + i];
        if (sum > 0) classes_.push_back(static_cast<int>(i));
    }
    row_ = column_ = -1;
    setFixedHeight(heightForWidth(width()));
    update();
}

void ConfusionGrid::setChosen(int truth, int prediction) {
    truth_ = truth;
    prediction_ = prediction;
    update();
}

double ConfusionGrid::side() const {
    const double n = std::max<std::size_t>(1, classes_.size());
    return std::max(2.0, std::floor(std::min(kMostSide, (width() - kNames) / n)));
}

int ConfusionGrid::heightForWidth(int width) const {
    const double n = std::max<std::size_t>(1, classes_.size());
    return classes_.empty()
               ? 0
               : static_cast<int>(n * std::max(2.0, std::floor(std::min(kMostSide, (width - kNames) / n)))) + 4;
}

QRectF ConfusionGrid::cellRect(int row, int column) const {
    return {kNames + column * side(), 2 + row * side(), side() - 1, side() - 1};
}

double ConfusionGrid::share(int row, int column) const {
    const std::size_t n = names_.size(), truth = std::size_t(classes_[std::size_t(row)]);
    double sum = 0;
    for (std::size_t j = 0; j < n; ++j)
        sum += double(counts_[truth * n + j]);
    return sum > 0 ? double(counts_[truth * n + std::size_t(classes_[std::size_t(column)])]) / sum : 0;
}

bool ConfusionGrid::find(const QPointF& point, int& row, int& column) const {
    column = static_cast<int>(std::floor((point.x() - kNames) / side()));
    row = static_cast<int>(std::floor((point.y() - 2) / side()));
    return row >= 0 && column >= 0 && row < std::ssize(classes_) && column < std::ssize(classes_);
}

void ConfusionGrid::describe(int row, int column) {
    if (row == row_ && column == column_) return;
    row_ = row;
    column_ = column;
    update();
    if (row < 0) return Q_EMIT described({});
    const auto name = [&](int place) {
        return QString::fromStdString(names_[std::size_t(classes_[std::size_t(place)])]);
    };
    const std::size_t n = names_.size();
    const auto count =
        counts_[std::size_t(classes_[std::size_t(row)]) * n + std::size_t(classes_[std::size_t(column)])];
    const QString figures =
        tr("%1 %, %2 pixels")
            .arg(fixedText(share(row, column) * 100, 1), QLocale(QLocale::English).toString(qlonglong(count)));
    Q_EMIT described(
        (row == column ? tr("%1 found: ").arg(name(row)) : tr("%1 taken for %2: ").arg(name(row), name(column))) +
        figures);
}

void ConfusionGrid::choose(int row, int column) {
    const int truth = classes_[std::size_t(row)], prediction = classes_[std::size_t(column)];
    const bool again = truth == truth_ && prediction == prediction_;
    setChosen(again ? -1 : truth, again ? -1 : prediction);
    Q_EMIT chosen(truth_, prediction_);
}

// A scrolled page asks nobody for a height that goes with the width.
void ConfusionGrid::resizeEvent(QResizeEvent*) { setFixedHeight(heightForWidth(width())); }

void ConfusionGrid::mousePressEvent(QMouseEvent* event) {
    int row = 0, column = 0;
    if (event->button() == Qt::LeftButton && find(event->position(), row, column)) choose(row, column);
}

void ConfusionGrid::mouseMoveEvent(QMouseEvent* event) {
    int row = 0, column = 0;
    const bool on = find(event->position(), row, column);
    describe(on ? row : -1, on ? column : -1);
}

void ConfusionGrid::leaveEvent(QEvent*) { describe(-1, -1); }

void ConfusionGrid::keyPressEvent(QKeyEvent* event) {
    const int last = static_cast<int>(classes_.size()) - 1;
    if (last < 0) return QWidget::keyPressEvent(event);
    int row = std::max(0, row_), column = std::max(0, column_);
    switch (event->key()) {
        case Qt::Key_Left:
            --column;
            break;
        case Qt::Key_Right:
            ++column;
            break;
        case Qt::Key_Up:
            --row;
            break;
        case Qt::Key_Down:
            ++row;
            break;
        case Qt::Key_Space:
        case Qt::Key_Return:
            return choose(row, column);
        default:
            return QWidget::keyPressEvent(event);
    }
    describe(std::clamp(row, 0, last), std::clamp(column, 0, last));
}

void ConfusionGrid::paintEvent(QPaintEvent*) {
    const Tokens& t = Theme::instance().tokens();
    QPainter painter(this);
    const QFont caption = typeFont(Type::Caption);
    const int n = static_cast<int>(classes_.size());
    for (int row = 0; row < n; ++row) {
        const QRectF label(0, cellRect(row, 0).top(), kNames - 6, side());
        if (side() >= 10)
            paintText(painter, label, Qt::AlignRight | Qt::AlignVCenter,
                      QFontMetricsF(caption).elidedText(
                          QString::fromStdString(names_[std::size_t(classes_[std::size_t(row)])]), Qt::ElideRight,
                          label.width()),
                      caption, row == row_ ? t.text : t.text2);
        for (int column = 0; column < n; ++column) {
            // The root shows what is rare: one in a hundred is a tenth as bright as all.
            const double strength = std::sqrt(share(row, column));
            painter.fillRect(cellRect(row, column), mixed(t.canvas, row == column ? t.accent : t.error, strength));
        }
    }
    const auto frame = [&](int row, int column, const QColor& colour, double width) {
        painter.setPen(QPen(colour, width));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(cellRect(row, column));
    };
    if (row_ >= 0) frame(row_, column_, t.text, 1);
    const auto truth = std::ranges::find(classes_, truth_), found = std::ranges::find(classes_, prediction_);
    if (truth != classes_.end() && found != classes_.end())
        frame(static_cast<int>(truth - classes_.begin()), static_cast<int>(found - classes_.begin()), t.accent, 2);
}

}  // namespace vl
