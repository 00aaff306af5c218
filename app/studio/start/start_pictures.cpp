// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/start/start_pictures.h"

#include <algorithm>
#include <cmath>

#include <QPainter>
#include <QPainterPath>

#include "engine/core/random.h"
#include "widgets/color_map.h"
#include "widgets/icons.h"
#include "widgets/theme.h"

namespace vl {
namespace {

constexpr int kPatch = 4;

/// Cosine similarity of two patches after their mean is taken off; what attention often starts from.
double likeness(const QImage& picture, int column, int row, int column2, int row2) {
    double dot = 0, a2 = 0, b2 = 0;
    for (int y = 0; y < kPatch; ++y)
        for (int x = 0; x < kPatch; ++x) {
            const double a = qGray(picture.pixel(column * kPatch + x, row * kPatch + y)) / 255.0;
            const double b = qGray(picture.pixel(column2 * kPatch + x, row2 * kPatch + y)) / 255.0;
            dot += a * b;
            a2 += a * a;
            b2 += b * b;
        }
    return a2 > 0 && b2 > 0 ? dot / std::sqrt(a2 * b2) * std::sqrt(std::min(a2, b2) / std::max(a2, b2)) : 0;
}

}  // namespace

void paintMosaic(QPainter& painter, const QRect& area, const std::vector<QImage>& pictures) {
    painter.fillRect(area, Qt::black);
    if (pictures.empty()) return;
    const int cell = area.height() / 4, columns = area.width() / cell, left = area.left() + (area.width() - columns * cell) / 2;
    for (int i = 0; i < 4 * columns; ++i) {
        const QImage& picture = pictures[std::size_t(i) % pictures.size()];
        const QRect place(left + (i % columns) * cell + 2, area.top() + (i / columns) * cell + 2, 28, 28);
        painter.drawImage(place, picture);
    }
}

void paintPatches(QPainter& painter, const QRect& area, const QImage& picture) {
    painter.fillRect(area, Qt::black);
    if (picture.isNull()) return;
    const int scale = area.height() / picture.height();
    const QSize size = picture.size() * scale;
    const QRect place(area.left() + (area.width() - size.width()) / 2, area.top() + (area.height() - size.height()) / 2,
                      size.width(), size.height());
    painter.drawImage(place, picture);
    const int columns = picture.width() / kPatch, rows = picture.height() / kPatch, cell = kPatch * scale;
    const int queryColumn = columns / 2, queryRow = rows / 2;
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column) {
            const double value = std::pow(likeness(picture, queryColumn, queryRow, column, row), 3);
            QColor colour = QColor::fromRgb(colorAt(ColorMap::Inferno, value));
            colour.setAlphaF(float(overlayAlpha(0.62, value)));
            painter.fillRect(QRect(place.left() + column * cell, place.top() + row * cell, cell, cell), colour);
        }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(Qt::white, 2));
    painter.drawRect(QRect(place.left() + queryColumn * cell, place.top() + queryRow * cell, cell, cell));
}

void paintCurve(QPainter& painter, const QRect& area, const std::vector<double>& losses) {
    const Tokens& t = Theme::instance().tokens();
    std::vector<double> raw = losses;
    if (raw.size() < 40) {
        raw.clear();
        const RandomStream noise(3, 1);
        for (int i = 0; i < 160; ++i)
            raw.push_back(0.25 + 2.0 * std::exp(-i / 22.0) + 0.12 * (noise.uniform(std::uint64_t(i)) - 0.5));
    }
    const QRect plot = area.adjusted(16, 10, -16, -12);
    painter.setPen(t.grid);
    for (int i = 1; i < 4; ++i) painter.drawLine(plot.left(), plot.bottom() - i * plot.height() / 4, plot.right(), plot.bottom() - i * plot.height() / 4);
    painter.setPen(t.controlLine);
    painter.drawLine(plot.bottomLeft(), plot.bottomRight());
    painter.drawLine(plot.topLeft(), plot.bottomLeft());

    const double top = *std::max_element(raw.begin(), raw.end()), low = *std::min_element(raw.begin(), raw.end()) * 0.8;
    const auto place = [&](std::size_t i, double value) {
        const double x = double(i) / double(raw.size() - 1), y = (value - low) / std::max(1e-9, top - low);
        return QPointF(plot.left() + x * plot.width(), plot.bottom() - std::clamp(y, 0.0, 1.0) * plot.height());
    };
    QPolygonF thin, thick;
    const double keep = std::pow(0.8, 160.0 / double(raw.size()));  // the same look whatever the length
    double mean = 0, weight = 0;
    const std::size_t step = std::max<std::size_t>(1, raw.size() / 200);
    for (std::size_t i = 0; i < raw.size(); ++i) {
        mean = keep * mean + (1 - keep) * raw[i];
        weight = keep * weight + (1 - keep);
        if (i % step) continue;
        thin << place(i, raw[i]);
        thick << place(i, mean / weight);
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(t.seriesRaw[0], 1));
    painter.drawPolyline(thin);
    painter.setPen(QPen(t.series[0], 2));
    painter.drawPolyline(thick);
}

void paintRunList(QPainter& painter, const QRect& area, const std::vector<RunLine>& runs) {
    const Tokens& t = Theme::instance().tokens();
    constexpr int row = 32, bar = 48;
    int y = area.top() + (area.height() - int(runs.size()) * row) / 2;
    for (const RunLine& run : runs) {
        paintIcon(painter, QRect(area.left() + 16, y + 8, 16, 16), QStringLiteral("folder"), t.text2);
        painter.setFont(Theme::uiFont(13));
        painter.setPen(t.text);
        const QRect words(area.left() + 42, y, area.width() - 42 - bar - 24, row);
        painter.drawText(words, Qt::AlignVCenter, painter.fontMetrics().elidedText(run.name, Qt::ElideRight, words.width()));
        painter.fillRect(QRect(area.right() - 16 - bar, y + row / 2 - 1, bar, 3), t.line);
        painter.fillRect(QRect(area.right() - 16 - bar, y + row / 2 - 1, int(bar * std::clamp(run.share, 0.0, 1.0)), 3),
                         t.series[std::size_t(run.series & 7)]);
        y += row;
    }
}

}  // namespace vl
