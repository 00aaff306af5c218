// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/chart_export.h"

#include <QFileInfo>
#include <QImage>
#include <QPageSize>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <algorithm>
#include <cmath>

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "widgets/chart_export_plot.h"

namespace vl {
namespace {

constexpr double kCssPixelsPerCm = 96 / 2.54;

QSize pixelsOf(const ChartDocument& document, const ExportSize& size) {
    const double height = size.heightCm > 0 ? size.heightCm : 1.0 + 4.5 * double(document.panels.size());
    return {int(std::lround(size.widthCm * kCssPixelsPerCm)), int(std::lround(height * kCssPixelsPerCm))};
}

[[noreturn]] void cannotWrite(const QString& file, const QString& why) {
    throw Error(ErrorCode::BadFile, QObject::tr("%1 could not be written: %2.").arg(file, why).toStdString(),
                QObject::tr("Choose a folder you may write to, with room left.").toStdString());
}

void writePngFile(const ChartDocument& document, QIODevice& out, QSize pixels, int dpi) {
    const double scale = dpi / 96.0;
    QImage image((QSizeF(pixels) * scale).toSize(), QImage::Format_RGB32);
    image.fill(Qt::white);
    image.setDotsPerMeterX(int(std::lround(dpi / 0.0254)));
    image.setDotsPerMeterY(int(std::lround(dpi / 0.0254)));
    drawDocument(document, image, pixels, scale, false);
    image.save(&out, "PNG");
}

void writePdfFile(const ChartDocument& document, QIODevice& out, QSize pixels) {
    constexpr int resolution = 1200;
    QPdfWriter writer(&out);
    writer.setResolution(resolution);
    writer.setTitle(document.title);
    writer.setCreator("VisionLLaMA Studio");
    writer.setPageMargins(QMarginsF());
    writer.setPageSize(QPageSize(QSizeF(pixels) * 25.4 / 96, QPageSize::Millimeter, {}, QPageSize::ExactMatch));
    drawDocument(document, writer, pixels, resolution / 96.0, true);
}

void writeSvgFile(const ChartDocument& document, QIODevice& out, QSize pixels) {
    QSvgGenerator generator;
    generator.setOutputDevice(&out);
    generator.setResolution(96);
    generator.setSize(pixels);
    generator.setViewBox(QRect(QPoint(0, 0), pixels));
    generator.setTitle(document.title);
    drawDocument(document, generator, pixels, 1, true);
}

QByteArray quoted(const QString& text) {
    QString escaped = text;
    escaped.replace('"', "\"\"");
    return ('"' + escaped + '"').toUtf8();
}

}  // namespace

ChartDocument chartDocument(const ChartStack& stack, const QString& title) {
    ChartDocument document;
    document.title = title;
    const ChartAxis& axis = stack.axis();
    document.xTitle = axis.title();
    document.duration = axis.kind() == ChartAxis::Kind::Duration;
    document.lower = axis.lower(), document.upper = axis.upper();
    for (const PlotPanel* panel : stack.shownPanels()) {
        ChartDocument::Panel copy;
        copy.title = panel->title(), copy.unit = panel->unit(), copy.logY = panel->logY();
        copy.smoothing = panel->smoothing();
        copy.lowerBound = panel->lowerBound(), copy.upperBound = panel->upperBound();
        for (int i = 0; i < panel->seriesCount(); ++i) {
            const SeriesData& data = panel->data(i);
            const auto all = [](std::span<const double> values) {
                return std::vector<double>(values.begin(), values.end());
            };
            copy.series.push_back({panel->spec(i), all(data.x()), all(data.raw()), all(data.smoothed()),
                                   panel->planX(i), panel->planY(i), all(data.nonFiniteX())});
        }
        document.panels.push_back(std::move(copy));
    }
    return document;
}

QByteArray chartCsv(const ChartDocument& document) {
    QByteArray csv = "chart,series,x,raw,smoothed\n";
    const auto number = [](double value) { return QByteArray::fromStdString(formatNumber(value)); };
    for (const auto& panel : document.panels)
        for (const auto& series : panel.series) {
            const QByteArray head = quoted(panel.title) + ',' + quoted(series.spec.name) + ',';
            const auto inRange = [&](double x) { return x >= document.lower && x <= document.upper; };
            for (std::size_t i = 0; i < series.x.size(); ++i)
                if (inRange(series.x[i]))
                    csv += head + number(series.x[i]) + ',' + number(series.raw[i]) + ',' + number(series.smoothed[i]) +
                           '\n';
            for (const double x : series.nonFiniteX)
                if (inRange(x)) csv += head + number(x) + ",nan,nan\n";
        }
    return csv;
}

void exportChart(const ChartDocument& document, const QString& file, const ExportSize& size) {
    const QString suffix = QFileInfo(file).suffix().toLower();
    if (!QStringList{"png", "pdf", "svg", "csv"}.contains(suffix))
        throw Error(ErrorCode::Usage, QObject::tr("\"%1\" is no chart format.").arg(suffix).toStdString(),
                    QObject::tr("Use a name that ends in .png, .pdf, .svg or .csv.").toStdString());
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly)) cannotWrite(file, out.errorString());
    const QSize pixels = pixelsOf(document, size);
    if (suffix == "csv")
        out.write(chartCsv(document));
    else if (suffix == "png")
        writePngFile(document, out, pixels, size.dpi);
    else if (suffix == "pdf")
        writePdfFile(document, out, pixels);
    else
        writeSvgFile(document, out, pixels);
    if (!out.commit()) cannotWrite(file, out.errorString());
}

}  // namespace vl
