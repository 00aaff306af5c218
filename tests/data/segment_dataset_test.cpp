// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "engine/core/error.h"
#include "engine/data/dense_dataset.h"
#include "engine/data/segment_classes.h"
#include "tests/data/segment_builder.h"

namespace vl {
namespace {
using test::SegmentFolder;
using Labels = std::vector<std::uint8_t>;

template <typename Call>
std::string refusal(const Call& call) {
    try {
        call();
    } catch (const Error& error) {
        EXPECT_FALSE(error.hint().empty()) << error.message();
        return error.message();
    }
    return {};
}

std::string openRefusal(const std::string& layout, const SegmentFolder& folder) {
    return refusal([&] { openSegmentDataset(layout, folder.root(), DenseSplit::Train); });
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(SegmentDataset, OfAde20kTakesOneFromLabelsAndIgnoresZero) {
    SegmentFolder folder;
    folder.pair("images/training", "annotations/training", "b", {0, 1, 150, 255});
    folder.pair("images/training", "annotations/training", "a", {2, 2, 2, 2});
    const auto data = openSegmentDataset("ade20k", folder.root(), DenseSplit::Train);
    ASSERT_EQ(data->size(), 2);
    EXPECT_EQ(data->name(0), "a.png");
    EXPECT_EQ(data->read(1).labels, (Labels{kNoClass, 0, 149, kNoClass}));
    EXPECT_EQ(data->classes().names.size(), 150u);
    EXPECT_EQ(data->classes().names.front(), "wall");
    EXPECT_EQ(data->classes().names.back(), "flag");
    EXPECT_EQ(openSegmentDataset("ade20k", folder.root(), DenseSplit::Train, 1)->size(), 1);
}

TEST(SegmentDataset, OfAde20kTakesNamesAndColoursFromItsFolder) {
    SegmentFolder folder;
    folder.pair("images/training", "annotations/training", "a", {1, 2, 2, 2});
    folder.text("objectInfo.txt",
                "Idx\tRatio\tTrain\tVal\tName\n1\t0.5\t3\t1\tbackground\n2\t0.5\t3\t1\tcoat, overcoat\n");
    folder.text("palette.txt", "1 2 3\n40 50 60\n");
    const auto data = openSegmentDataset("ade20k", folder.root(), DenseSplit::Train);
    EXPECT_EQ(data->classes().names, (std::vector<std::string>{"background", "coat"}));
    EXPECT_EQ(data->classes().colours, (std::vector<Colour>{{1, 2, 3}, {40, 50, 60}}));
    folder.text("palette.txt", "1 2 3\n");
    EXPECT_TRUE(holds(openRefusal("ade20k", folder), "1 colours for 2 classes"));
    folder.text("palette.txt", "1 2 3\n1 2 256\n");
    EXPECT_TRUE(holds(openRefusal("ade20k", folder), "no colour"));
}

TEST(SegmentDataset, OfCocoStuffLeavesOutUnusedNumbers) {
    SegmentFolder folder;
    folder.pair("images/train2017", "stuffthingmaps/train2017", "a", {0, 11, 12, 181});
    folder.pair("images/train2017", "stuffthingmaps/train2017", "b", {182, 0, 0, 0});
    const auto data = openSegmentDataset("coco-stuff", folder.root(), DenseSplit::Train);
    EXPECT_EQ(data->read(0).labels, (Labels{0, kNoClass, 11, 170}));
    EXPECT_EQ(data->classes().names.size(), 171u);
    EXPECT_EQ(data->classes().names[80], "banner");
    EXPECT_TRUE(holds(refusal([&] { data->read(1); }), "class number 182"));
}

TEST(SegmentDataset, OfCocoStuffPrefersNumbersThatAreClassesAlready) {
    SegmentFolder folder;
    folder.picture("images/train2017/a.png", 2, 2);
    folder.mask("annotations/train2017/a_labelTrainIds.png", 2, 2, {0, 11, 170, 255});
    folder.mask("annotations/train2017/a.png", 2, 2, {0, 0, 0, 0});
    EXPECT_EQ(openSegmentDataset("coco-stuff", folder.root(), DenseSplit::Train)->read(0).labels,
              (Labels{0, 11, 170, kNoClass}));
}

TEST(SegmentDataset, OfVocFollowsItsLists) {
    SegmentFolder folder;
    const std::string voc = "VOCdevkit/VOC2012/";
    folder.picture(voc + "JPEGImages/one.jpg", 2, 2);  // the content says what it is
    folder.mask(voc + "SegmentationClass/one.png", 2, 2, {0, 20, 255, 1});
    folder.text(voc + "ImageSets/Segmentation/train.txt", "one\r\ntwo\n\n");
    const auto data = openSegmentDataset("voc", folder.root(), DenseSplit::Train);
    ASSERT_EQ(data->size(), 2);
    EXPECT_EQ(data->read(0).labels, (Labels{0, 20, kNoClass, 1}));
    EXPECT_TRUE(holds(refusal([&] { data->read(1); }), "two.jpg"));  // the other one stays readable
    EXPECT_EQ(data->read(0).labels.size(), 4u);
    // The first colours of VOC's own files.
    EXPECT_EQ(data->classes().colours[1], (Colour{128, 0, 0}));
    EXPECT_EQ(data->classes().colours[15], (Colour{192, 128, 128}));
    folder.text(voc + "ImageSets/Segmentation/train.txt", "../../../etc/passwd\n");
    EXPECT_TRUE(holds(openRefusal("voc", folder), "no name"));
    folder.text(voc + "ImageSets/Segmentation/train.txt", "\n");
    EXPECT_NE(openRefusal("voc", folder), "");
}

TEST(SegmentDataset, OfAnyFolderKeepsEveryFifthPictureForValidation) {
    SegmentFolder folder;
    for (const char* name : {"a", "b", "c", "d", "e", "f"})
        folder.pair("images", "masks", name, {0, 1, 2, 255});
    folder.text("classes.txt", "ground\ntree\n2: house\n");
    const auto train = openSegmentDataset("masks", folder.root(), DenseSplit::Train);
    const auto validation = openSegmentDataset("masks", folder.root(), DenseSplit::Validation);
    EXPECT_EQ(train->size(), 5);
    ASSERT_EQ(validation->size(), 1);
    EXPECT_EQ(validation->name(0), "e.png");
    EXPECT_EQ(validation->read(0).labels, (Labels{0, 1, 2, kNoClass}));
    EXPECT_EQ(train->classes().names, (std::vector<std::string>{"ground", "tree", "house"}));
}

TEST(SegmentDataset, OfAnyFolderCountsClassesInMasksOfBothParts) {
    SegmentFolder folder;
    folder.pair("images/train", "labels/train", "a", {0, 1, 1, 255});
    folder.pair("images/val", "labels/val", "b", {0, 3, 1, 1});
    folder.text("labels/train/broken.png", "no picture");
    folder.picture("images/train/broken.png", 2, 2);
    const auto train = openSegmentDataset("masks", folder.root(), DenseSplit::Train);
    EXPECT_EQ(train->classes().names, (std::vector<std::string>{"class 0", "class 1", "class 2", "class 3"}));
    EXPECT_EQ(openSegmentDataset("masks", folder.root(), DenseSplit::Validation)->classes().names,
              train->classes().names);
    EXPECT_NE(refusal([&] { train->read(1); }), "");
    EXPECT_EQ(train->read(0).labels, (Labels{0, 1, 1, kNoClass}));
}

TEST(SegmentDataset, UnfitSamplesFailAloneInOneSentence) {
    SegmentFolder folder;
    const auto add = [&](const std::string& name, int width, int height, int maskWidth, int maskHeight,
                         std::uint8_t value) {
        folder.picture("images/training/" + name + ".png", width, height);
        folder.mask("annotations/training/" + name + ".png", maskWidth, maskHeight,
                    Labels(static_cast<std::size_t>(maskWidth) * static_cast<std::size_t>(maskHeight), value));
    };
    add("a_other_size", 4, 4, 4, 5, 1);
    add("b_no_such_class", 4, 4, 4, 4, 151);
    add("c_one_pixel", 1, 1, 1, 1, 1);
    add("d_very_wide", 30000, 2, 30000, 2, 1);
    add("e_sound", 4, 4, 4, 4, 7);
    folder.text("images/training/f_damaged.png", "\x89PNG\r\n\x1a\n");
    folder.text("annotations/training/f_damaged.png", "");
    const auto data = openSegmentDataset("ade20k", folder.root(), DenseSplit::Train);
    const auto problem = [&](std::int64_t index) { return refusal([&] { data->read(index); }); };
    EXPECT_TRUE(holds(problem(0), "is 4 x 5 pixels, its picture 4 x 4"));
    EXPECT_TRUE(holds(problem(1), "class number 151, which none of the 150 classes has"));
    EXPECT_TRUE(holds(problem(2), "1 x 1 pixels, too small"));
    EXPECT_TRUE(holds(problem(3), "30,000 x 2 pixels, too large"));
    EXPECT_EQ(data->read(4).labels, Labels(16, 6));
    EXPECT_NE(problem(5), "");
}

TEST(SegmentDataset, FoldersOfAnotherLayoutSayWhatIsNeeded) {
    SegmentFolder folder;
    EXPECT_TRUE(holds(openRefusal("ade20k", folder), "no folder of ADE20K"));
    EXPECT_TRUE(holds(openRefusal("coco-stuff", folder), "no folder of COCO-Stuff"));
    EXPECT_TRUE(holds(openRefusal("voc", folder), "no folder of Pascal VOC"));
    EXPECT_TRUE(holds(openRefusal("masks", folder), "no folder of pictures and masks"));
    EXPECT_TRUE(holds(openRefusal("cityscapes", folder), "no layout"));
    EXPECT_TRUE(holds(refusal([&] { openSegmentDataset("ade20k", folder.root() / "absent", DenseSplit::Train); }),
                      "no folder"));
    folder.picture("images/training/a.png", 2, 2);
    std::filesystem::create_directories(folder.root() / "annotations/training");
    EXPECT_TRUE(holds(openRefusal("ade20k", folder), "No picture"));
}

TEST(SegmentClasses, HostileListsAreRefused) {
    SegmentFolder folder;
    const auto file = folder.root() / "classes.txt";
    const auto problem = [&](const std::string& content) {
        folder.text("classes.txt", content);
        return refusal([&] { readNameList(file); });
    };
    EXPECT_NE(problem(""), "");
    EXPECT_NE(problem("\n\n"), "");
    EXPECT_NE(problem(std::string("a\0b", 3)), "");
    EXPECT_NE(problem("\xff\xfe"), "");
    std::string many;
    for (int i = 0; i < 256; ++i)
        many += "x\n";
    EXPECT_TRUE(holds(problem(many), "256 classes"));
    EXPECT_EQ(problem("one\ntwo"), "");
    folder.text("classes.txt", "Idx\tName\n2\tsecond first\n");
    EXPECT_NE(refusal([&] { readObjectInfo(file); }), "");
    folder.text("classes.txt", "Idx\tName\n");
    EXPECT_NE(refusal([&] { readObjectInfo(file); }), "");
    EXPECT_NE(refusal([&] { readPalette(folder.root() / "absent.txt"); }), "");
}

}  // namespace
}  // namespace vl
