// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "engine/dense/predictor.h"
#include "engine/io/checkpoint_metadata.h"
#include "engine/nn/weights_file.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"
#include "tests/dense/tiny_dense_models.h"

namespace vl {
namespace {

TEST(OpenDenseModel, KeepsTheClassesOfTheRunAndRefusesTheOtherKind) {
    const test::ScratchFolder folder;
    CheckpointInfo info;
    info.spec = test::tinySegmenterSpec("upernet_pllama_as_small", 3);
    info.classNames = {"floor", "coat", "boot"};
    info.step = 1500;
    const auto saved = test::filledModel(info.spec);
    const auto file = folder / "model.safetensors";
    saveWeights(*saved, file, toMetadata(info));
    const DenseModel opened = openDenseModel(file, ModelTask::Segment);
    EXPECT_EQ(opened.classes.names, info.classNames);
    EXPECT_EQ(opened.classes.colours.size(), 3u);
    EXPECT_EQ(opened.name, info.spec.name);
    EXPECT_EQ(opened.source, "model.safetensors, step 1,500");
    const Image picture = test::noisyPicture(80, 70);
    EXPECT_EQ(segmentPicture(*opened.model, picture, {}).labels, segmentPicture(*saved, picture, {}).labels);
    test::expectError(ErrorCode::Mismatch, [&] { openDenseModel(file, ModelTask::Detect); });
    test::expectError(ErrorCode::NotFound, [&] { openDenseModel(folder / "none.safetensors", ModelTask::Segment); });
    test::put(folder / "torn.safetensors", test::bytesOf(file).substr(0, 900));
    test::expectError(ErrorCode::BadFile, [&] { openDenseModel(folder / "torn.safetensors", ModelTask::Segment); });
}

}  // namespace
}  // namespace vl
