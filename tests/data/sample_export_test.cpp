// SPDX-License-Identifier: Apache-2.0
#include "engine/api/sample_result.h"

#include <gtest/gtest.h>

#include "tests/core/expect_error.h"
#include "tests/data/sample_builder.h"

namespace vl::test {
namespace {

TEST(Export, APictureOfTheGridAndOfOneCellSayHowTheyWereMade) {
    const ScratchFolder folder;
    const Frames frames = threeFrames(6, 28);
    ExportRequest request;
    request.file = folder / "out/grid.png";
    EXPECT_EQ(exportSampleResult(fullRecord(), frames, request), folder / "out/grid.png");
    expectSame(recordFromPicture(folder / "out/grid.png"), fullRecord());
    request.cell = 4;
    request.scale = 1;
    EXPECT_EQ(exportSampleResult(fullRecord(), frames, request), folder / "out/grid-2.png");  // never overwrites
    EXPECT_EQ(exportSampleResult(fullRecord(), frames, request), folder / "out/grid-3.png");
    if (canDecode()) expectSamePictures({readImage(folder / "out/grid-2.png")}, {frames.back()->clean[4]});
    EXPECT_EQ(recordFromPicture(folder / "out/grid-2.png").cell, 4);
}

TEST(Export, WhatCannotBeExportedIsRefusedAndLeavesNothing) {
    const ScratchFolder folder;
    const Frames frames = threeFrames(6);
    ExportRequest request;
    for (const std::string name : {"grid.jpg", "grid", ""}) {
        request.file = folder / name;
        expectError(ErrorCode::Usage, [&] { exportSampleResult(fullRecord(), frames, request); });
    }
    request.file = folder / "grid.png";
    expectError(ErrorCode::Usage, [&] { exportSampleResult(fullRecord(), {}, request); });
    request.cell = 6;
    expectError(ErrorCode::Usage, [&] { exportSampleResult(fullRecord(), frames, request); });
    request.cell = -1;
    for (const std::string name : {"a.png", "a.gif", "a.mp4"}) {
        request.file = folder / name;
        EXPECT_FALSE(survives([&] { exportSampleResult(fullRecord(), frames, request, [](double) { return false; }); }));
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Export, AFilmShowsTheWayAndEndsWithTheResult) {
    const ScratchFolder folder;
    ExportRequest request;
    for (const std::string name : {"a.gif", "A.GIF", "a.mp4"}) {
        request.file = folder / name;
        double last = 0;
        bool rising = true;
        const auto tell = [&](double share) {
            rising = rising && share >= last;
            last = share;
            return true;
        };
        try {
            EXPECT_EQ(exportSampleResult(fullRecord(), threeFrames(6, 28, 3), request, tell), folder / name);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::Unsupported) throw;
            continue;
        }
        EXPECT_GT(std::filesystem::file_size(folder / name), 500u);
        EXPECT_TRUE(rising);
        EXPECT_EQ(last, 1);
    }
}

}  // namespace
}  // namespace vl::test
