// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "engine/api/data_source.h"
#include "engine/api/sample_result.h"
#include "engine/core/error.h"
#include "engine/core/random.h"
#include "tests/core/scratch_folder.h"

/// Results of the generator as tests need them: records with every field set, frames of noise.
namespace vl::test {

using Frames = std::vector<std::shared_ptr<const SampleFrame>>;

/// Every field another value than its default.
inline CellSettings fullCell(int index) {
    CellSettings cell;
    cell.label = 3 + index;
    cell.labelTo = 5;
    cell.labelMix = 0.25;
    cell.seed = 0xffffffffffffffffu - static_cast<std::uint64_t>(index);
    cell.seedTo = 9007199254740993u;  // no double holds it
    cell.seedMix = 1.0 / 3;
    cell.sampler = "sde_heun";
    cell.steps = 125;
    cell.guidance = 1.5;
    cell.eta = 0.5;
    cell.form = "linear";
    cell.noise = 0.7;
    cell.lastStep = "Tweedie";
    cell.lastStepSize = 0.01;
    cell.clip = true;
    return cell;
}

inline SampleRecord fullRecord(int rows = 2, int columns = 3) {
    SampleRecord record;
    record.recipe.base = fullCell(0);
    record.recipe.rows = Vary::Guidance;
    record.recipe.columns = Vary::SeedMix;
    record.recipe.rowValues = {"1", "1.5"};
    record.recipe.columnValues = {"0", "0.5", "\xe2\x88\x9e"};
    record.recipe.newSeedEachColumn = true;
    record.recipe.newSeedEachRow = true;
    record.model = "models/a b.safetensors";
    record.autoencoder = "vae.safetensors";
    record.modelName = "sitllama_micro, step 4,000";
    record.modelHash = "0123456789ab";
    record.version = "0.1.0";
    record.wallSeconds = 1.7e9 + 0.125;
    record.seconds = 12.5;
    record.grid.rows = rows;
    record.grid.columns = columns;
    for (int i = 0; i < rows * columns; ++i) record.grid.cells.push_back(fullCell(i));
    for (int i = 0; i < rows; ++i) record.grid.rowLabels.push_back("row " + std::to_string(i));
    for (int i = 0; i < columns; ++i) record.grid.columnLabels.push_back("column " + std::to_string(i));
    return record;
}

inline void expectSame(const SampleRecord& a, const SampleRecord& b) {
    EXPECT_EQ(a.recipe.base, b.recipe.base);
    EXPECT_EQ(a.recipe.rows, b.recipe.rows);
    EXPECT_EQ(a.recipe.columns, b.recipe.columns);
    EXPECT_EQ(a.recipe.rowValues, b.recipe.rowValues);
    EXPECT_EQ(a.recipe.columnValues, b.recipe.columnValues);
    EXPECT_EQ(a.recipe.newSeedEachColumn, b.recipe.newSeedEachColumn);
    EXPECT_EQ(a.recipe.newSeedEachRow, b.recipe.newSeedEachRow);
    EXPECT_EQ(a.model, b.model);
    EXPECT_EQ(a.autoencoder, b.autoencoder);
    EXPECT_EQ(a.modelName, b.modelName);
    EXPECT_EQ(a.modelHash, b.modelHash);
    EXPECT_EQ(a.version, b.version);
    EXPECT_EQ(a.wallSeconds, b.wallSeconds);
    EXPECT_EQ(a.seconds, b.seconds);
    EXPECT_EQ(a.cell, b.cell);
    EXPECT_EQ(a.grid.rows, b.grid.rows);
    EXPECT_EQ(a.grid.columns, b.grid.columns);
    EXPECT_EQ(a.grid.cells, b.grid.cells);
    EXPECT_EQ(a.grid.rowLabels, b.grid.rowLabels);
    EXPECT_EQ(a.grid.columnLabels, b.grid.columnLabels);
}

inline SampleFrame frameOf(int cells, int side, int channels, int step) {
    SampleFrame frame;
    frame.step = step;
    const RandomStream random(5, static_cast<std::uint64_t>(step));
    std::uint64_t at = 0;
    for (auto* pictures : {&frame.noisy, &frame.clean})
        for (int cell = 0; cell < cells; ++cell) {
            Image& image = pictures->emplace_back(Image{side, side, channels, {}});
            for (int i = 0; i < side * side * channels; ++i)
                image.pixels.push_back(static_cast<std::uint8_t>(random.below(at++, 256)));
        }
    for (int cell = 0; cell < cells; ++cell) frame.cellSteps.push_back(std::min(step, 2 + cell));
    return frame;
}

inline Frames threeFrames(int cells, int side = 6, int channels = 1) {
    Frames frames;
    for (const int step : {0, 2, 5}) frames.push_back(std::make_shared<const SampleFrame>(frameOf(cells, side, channels, step)));
    return frames;
}

inline void expectSamePictures(const std::vector<Image>& a, const std::vector<Image>& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        EXPECT_EQ(a[i].width, b[i].width);
        EXPECT_EQ(a[i].height, b[i].height);
        EXPECT_EQ(a[i].channels, b[i].channels);
        EXPECT_EQ(a[i].pixels, b[i].pixels);
    }
}

/// Builds without OpenCV write pictures and read none.
inline bool canDecode() {
    const ScratchFolder folder;
    writePng(folder / "a.png", {1, 1, 1, {7}});
    try {
        return readImage(folder / "a.png").pixels[0] == 7;
    } catch (const Error& error) {
        return error.code() != ErrorCode::Unsupported;
    }
}

}  // namespace vl::test
