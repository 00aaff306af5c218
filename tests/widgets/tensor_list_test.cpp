// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tensor_list.h"

#include <limits>

#include <gtest/gtest.h>

#include "widgets/histogram_strip.h"
#include "widgets/tensor_table.h"

namespace vl {
namespace {

TensorRow row(const std::string& name, std::vector<std::int64_t> shape, std::uint64_t bytes = 4) {
    TensorRow result;
    result.name = name;
    result.dtype = "F32";
    result.shape = std::move(shape);
    result.bytes = bytes;
    return result;
}

std::shared_ptr<CheckpointReport> reportOf(std::vector<TensorRow> rows) {
    auto report = std::make_shared<CheckpointReport>();
    report->tensors = std::move(rows);
    return report;
}

std::vector<int> sorted(const TensorList& list, TensorColumn column, bool descending = false) {
    TensorQuery query;
    query.column = static_cast<int>(column);
    query.descending = descending;
    return arrange(list, query);
}

TEST(TensorText, ShapesSizesAndCounts) {
    EXPECT_EQ(shapeText({}), QStringLiteral("scalar"));
    EXPECT_EQ(shapeText({768, 3, 16, 16}), QStringLiteral("768 × 3 × 16 × 16"));
    EXPECT_EQ(bytesText(999), QStringLiteral("999 B"));
    EXPECT_EQ(bytesText(1000), QStringLiteral("1.00 kB"));
    EXPECT_EQ(bytesText(999'999), QStringLiteral("1.00 MB"));
    EXPECT_EQ(bytesText(24'800'000), QStringLiteral("24.8 MB"));
    EXPECT_EQ(bytesText(std::numeric_limits<std::uint64_t>::max()), QStringLiteral("18446744 TB").replace(QStringLiteral("18446744"), QStringLiteral("18,446,744")));
    EXPECT_EQ(countText(9'830), QStringLiteral("9,830"));
    EXPECT_EQ(countText(24'764'392), QStringLiteral("24.8 M"));
    EXPECT_EQ(countText(1'200'000'000), QStringLiteral("1.20 G"));
    EXPECT_EQ(valueText(0.02134), QStringLiteral("0.0213"));
    EXPECT_EQ(valueText(std::numeric_limits<double>::quiet_NaN()), QStringLiteral("–"));
}

TEST(TensorList, NumbersInNamesSortAsNumbers) {
    const auto list = listTensors(reportOf({row("blocks.10.w", {1}), row("blocks.2.w", {1}), row("blocks.2", {1}), row("a", {1})}));
    EXPECT_EQ(sorted(*list, TensorColumn::Name), (std::vector<int>{3, 2, 1, 0}));
    EXPECT_EQ(sorted(*list, TensorColumn::Name, true), (std::vector<int>{0, 1, 2, 3}));
}

TEST(TensorList, WhatHasNoValueComesLastEitherWay) {
    auto report = reportOf({row("a", {2}), row("b", {2}), row("c", {2})});
    TensorStatistics values;
    values.histogram = {1};
    values.mean = 5;
    report->tensors[1].statistics = values;
    values.mean = -5;
    report->tensors[2].statistics = values;
    const auto list = listTensors(report);
    EXPECT_EQ(sorted(*list, TensorColumn::Mean), (std::vector<int>{2, 1, 0}));
    EXPECT_EQ(sorted(*list, TensorColumn::Mean, true), (std::vector<int>{1, 2, 0}));
}

TEST(TensorList, TrainingStateAndOtherSetsAreNotUnexpected) {
    auto report = reportOf({row("model.a", {1}), row("model.b", {1}), row("ema.a", {1}), row("optimizer.a", {1})});
    report->tensors[0].modelName = "a";
    report->tensors[2].role = TensorRole::Averaged;
    report->tensors[3].role = TensorRole::TrainingState;
    report->weights = {{"model.", 2, 2, false, true}, {"ema.", 1, 1, true, false}};
    report->recognition.known = true;
    report->recognition.unexpected = {"b"};
    const auto list = listTensors(report);
    EXPECT_EQ(list->items[0].fit, TensorFit::Fits);
    EXPECT_EQ(list->items[1].fit, TensorFit::Unexpected);
    EXPECT_EQ(checkText(*list, 2), QStringLiteral("averaged"));
    EXPECT_EQ(checkText(*list, 3), QStringLiteral("training"));
    EXPECT_EQ(list->unexpected, 1);
}

TEST(TensorList, CsvQuotesWhatNeedsIt) {
    const auto list = listTensors(reportOf({row("odd,\"name\"", {2, 3}, 24)}));
    const QString text = tensorsAsText(*list, {0}, QLatin1Char(','));
    EXPECT_TRUE(text.contains(QStringLiteral("\"odd,\"\"name\"\"\",,weights,F32,2x3,24,"))) << text.toStdString();
}

TEST(TensorTable, AnEmptyListAndHostileRowsPaint) {
    TensorTable table;
    table.resize(1400, 300);
    table.show();
    (void)table.grab();
    auto report = reportOf({row(std::string(5000, 'x'), std::vector<std::int64_t>(64, 7)), row("", {})});
    TensorStatistics values;
    values.mean = std::numeric_limits<double>::infinity();
    values.nan = values.elements = 9;
    report->tensors[0].statistics = values;  // no histogram: nothing was finite
    const auto list = listTensors(report);
    table.setLines(list, {0, 1});
    (void)table.grab();
    EXPECT_EQ(table.currentItem(), 0);
    table.setLines(list, {});
    EXPECT_EQ(table.currentItem(), -1);
    HistogramView histogram;
    histogram.setValues({5}, 1, 1, 1);
    (void)histogram.grab();
}

}  // namespace
}  // namespace vl
