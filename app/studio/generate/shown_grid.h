// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include <QImage>
#include <QString>

#include "engine/api/sample_result.h"
#include "widgets/sample_grid.h"

namespace vl {

/// The grid in the middle: the one being made, or a stored one.
struct ShownGrid {
    bool live = false;
    SampleRecord record;           ///< of a live one as far as it is known
    std::filesystem::path folder;  ///< of the stored result, empty before it is saved
    std::vector<std::shared_ptr<const SampleFrame>> frames;
    std::vector<std::shared_ptr<const std::vector<double>>> noise;  ///< a cell each; empty for stored ones
    std::vector<std::string> classNames;
    int previewEvery = 1;

    bool empty() const { return record.grid.cells.empty(); }
    int cells() const { return static_cast<int>(record.grid.cells.size()); }
    int totalSteps() const;
    int stepsOf(int cell) const;
    const CellSettings& settings(int cell) const { return record.grid.cells[static_cast<std::size_t>(cell)]; }
    /// "Boot", "class 9" where no name is known, "no class" for the null class.
    QString className(int cell) const;
    /// Steps at which a frame stands or will stand.
    std::vector<int> expectedSteps() const;
    std::vector<SampleGrid::Row> rows() const;
    std::vector<SampleGrid::Column> columns() const;
    /// Names of chains that differ in their noise, with the first cell of each row.
    QString rowName(int row) const;
};

/// A cell's picture of a frame without a copy; it keeps the frame. `clean`: the predicted result instead of x_t.
QImage frameImage(const std::shared_ptr<const SampleFrame>& frame, int cell, bool clean);

/// What a plan and its request say, as a stored result would.
SampleRecord recordOf(const GenerationPlan& plan, const SampleRequest& request);

}  // namespace vl
