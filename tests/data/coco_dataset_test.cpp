// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "engine/api/data_source.h"
#include "engine/data/coco_file.h"
#include "engine/data/dense_dataset.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"

namespace vl {
namespace {

using test::expectError;
using test::has;
using test::ScratchFolder;

Image plain(int width, int height, int channels) {
    return {width, height, channels, std::vector<std::uint8_t>(static_cast<std::size_t>(width * height * channels), 7)};
}

/// Pictures 1 (grey), 2 (not there), 3 (of another size), 4 (unlisted category), 5 (no object), in falling order of
/// ids.
void writeSet(const std::filesystem::path& annotations, const std::filesystem::path& pictures) {
    CocoFile file;
    for (int id = 5; id > 0; --id)
        file.images.push_back({id, std::to_string(id) + ".png", 8, 6, {}});
    file.categories = {{4, "bag"}};
    for (int id = 1; id < 5; ++id)
        file.annotations.push_back({id, id, id == 4 ? 99 : 4, {1, 1, 3, 2}, true, 6, false, {}, {}, {}});
    writeCocoFile(annotations, file);
    for (const int id : {1, 3, 4, 5})
        writePng(pictures / (std::to_string(id) + ".png"), plain(id == 3 ? 9 : 8, 6, id == 1 ? 1 : 3));
}

bool canDecode(const std::filesystem::path& picture) {
    try {
        readImage(picture);
        return true;
    } catch (const Error& error) {
        return error.code() != ErrorCode::Unsupported;
    }
}

TEST(CocoDataset, SamplesThatCannotBeReadAreOneSentenceAndOthersGoOn) {
    const ScratchFolder folder;
    writeSet(folder / "annotations/instances_val.json", folder / "val");
    if (!canDecode(folder / "val/1.png")) GTEST_SKIP() << "this build has no OpenCV";
    const auto set = openDetectDataset(folder.path(), DenseSplit::Validation);
    ASSERT_EQ(set->size(), 5);
    EXPECT_EQ(set->classes().names, (std::vector<std::string>{"bag"}));
    const DenseSample first = set->read(0);
    EXPECT_EQ(first.name, "1.png");
    EXPECT_EQ(first.picture.channels, 3);
    EXPECT_EQ(first.picture.pixels.size(), 8u * 6 * 3);
    ASSERT_EQ(first.objects.size(), 1u);
    EXPECT_EQ(first.objects[0].box, (Box{1, 1, 4, 3}));
    EXPECT_TRUE(has(expectError(ErrorCode::NotFound, [&] { set->read(1); }).message(), "2.png"));
    EXPECT_TRUE(has(expectError(ErrorCode::Mismatch, [&] { set->read(2); }).message(), "9 x 6"));
    EXPECT_TRUE(has(expectError(ErrorCode::BadFile, [&] { set->read(3); }).message(), "category 99"));
    EXPECT_TRUE(set->read(4).objects.empty());
    EXPECT_EQ(set->name(4), "5.png");
}

TEST(CocoDataset, FindsTheLayoutsOfTheNames) {
    for (const auto& [annotations, pictures] :
         {std::pair{"annotations/instances_train2017.json", "train2017"},
          std::pair{"annotations/instances_train.json", "images/train"}, std::pair{"instances_train.json", "images"},
          std::pair{"annotations/instances_train.json", "."}}) {
        const ScratchFolder folder;
        writeSet(folder / annotations, folder / pictures);
        const auto set = openDetectDataset(folder.path(), DenseSplit::Train);
        EXPECT_EQ(set->size(), 4) << "the picture without objects is no training picture";
        if (canDecode(folder / pictures / "1.png")) {
            EXPECT_EQ(set->read(0).picture.width, 8) << pictures;
        }
        EXPECT_EQ(openDetectDataset(folder.path(), DenseSplit::Train, 2)->size(), 2);
    }
}

TEST(CocoDataset, AFolderWithoutAnnotationsIsASentence) {
    const ScratchFolder folder;
    expectError(ErrorCode::NotFound, [&] { openDetectDataset(folder / "absent", DenseSplit::Train); });
    EXPECT_TRUE(has(
        expectError(ErrorCode::NotFound, [&] { openDetectDataset(folder.path(), DenseSplit::Validation); }).message(),
        "instances_val"));
}

}  // namespace
}  // namespace vl
