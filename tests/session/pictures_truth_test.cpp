// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "engine/data/coco_truth.h"
#include "engine/data/index_mask.h"
#include "engine/data/run_mask.h"
#include "tests/session/fake_pictures.h"

/// Truth that lies beside the pictures of a request, and objects written in its form.
namespace vl::test {
namespace {

TEST(PicturesTruth, MasksBesidePicturesAreCounted) {
    PicturesFixture f;
    f.file("images/val/p0.png");
    f.file("images/val/p1.png");
    f.file("images/val/p2.png");
    // p0 is predicted as 400 pixels of class 0 and 400 of class 1; truth: 800 of class 0, 200 of them not counted.
    std::vector<std::uint8_t> labels(800, 0);
    std::fill_n(labels.begin(), 200, kNoClass);  // the upper five rows, half of each predicted side
    put(f.folder() / "masks/val/p0.png", indexMaskPng(40, 20, labels, {}));
    put(f.folder() / "masks/val/p1.png", indexMaskPng(4, 2, std::vector<std::uint8_t>(8, 0), {}));  // of another size
    const DenseLook look = f.served(f.request(1, f.folder() / "images/val"));
    ASSERT_TRUE(look.pictures.at(0)->scores);
    EXPECT_DOUBLE_EQ(look.pictures[0]->scores->pixelAccuracy, 0.5);
    EXPECT_DOUBLE_EQ(look.pictures[0]->scores->iou.at(0), 0.5);
    EXPECT_NE(look.pictures[0]->truthClasses, nullptr);
    EXPECT_FALSE(look.pictures.at(1)->scores);
    EXPECT_NE(look.pictures[1]->classes, nullptr);
    EXPECT_FALSE(look.pictures.at(2)->scores);
    EXPECT_EQ(look.pictures[2]->truthClasses, nullptr);
    ASSERT_TRUE(look.segmentScores);
    EXPECT_DOUBLE_EQ(look.segmentScores->pixelAccuracy, 0.5);
    EXPECT_EQ(f.notices().size(), 1u);
}

TEST(PicturesTruth, TheRootOfADataSetStandsForItsHeldBackPicturesAndItsMasksCountFromOne) {
    PicturesFixture f;
    f.file("images/training/p7.png");
    f.file("images/validation/p0.png");
    put(f.folder() / "objectInfo.txt", "Idx\tRatio\tTrain\tVal\tName\n1\t1\t1\t1\tground\n");
    // Stored 1 is class 0, of which half is predicted as class 1; the upper five rows are nothing.
    std::vector<std::uint8_t> stored(800, 1);
    std::fill_n(stored.begin(), 200, std::uint8_t{0});
    put(f.folder() / "annotations/validation/p0.png", indexMaskPng(40, 20, stored, {}));
    const DenseLook look = f.served(f.request(1, f.folder().path()));
    ASSERT_EQ(look.pictures.size(), 1u);
    EXPECT_EQ(look.pictures[0]->name, "p0.png");
    ASSERT_TRUE(look.pictures.at(0)->scores);
    EXPECT_DOUBLE_EQ(look.pictures[0]->scores->pixelAccuracy, 0.5);
}

/// COCO truth that fakeSearch() meets exactly; category names are the fakes' in another order.
std::string leftHalves(std::initializer_list<int> shades) {
    std::string images, annotations;
    for (const int shade : shades) {
        const std::string id = std::to_string(shade + 10);
        images += (images.empty() ? "" : ",") + ("{\"id\":" + id + ",\"file_name\":\"p" + std::to_string(shade) +
                                                 ".png\",\"width\":40,\"height\":20}");
        annotations += (annotations.empty() ? "" : ",") +
                       ("{\"id\":" + id + ",\"image_id\":" + id + ",\"category_id\":" + std::to_string(3 - shade % 3) +
                        ",\"iscrowd\":0,\"area\":400,\"bbox\":[0,0,20,20],\"segmentation\":[[0,0,20,0,20,20,0,20]]}");
    }
    return "{\"images\":[" + images + "],\"annotations\":[" + annotations +
           "],\"categories\":[{\"id\":1,\"name\":\"c\"},{\"id\":2,\"name\":\"b\"},{\"id\":3,\"name\":\"a\"}]}";
}

TEST(PicturesTruth, CocoFilesBesidePicturesAreJudgedAtTheEnd) {
    PicturesFixture f;
    f.file("val/p1.png");
    f.file("val/p5.png");
    f.file("val/p6.png");  // not in the file
    put(f.folder() / "annotations/instances_val.json", leftHalves({1, 5}));
    const DenseLook look = f.served(f.request(1, f.folder() / "val", ModelTask::Detect));
    ASSERT_TRUE(look.pictures.at(0)->truthObjects);
    EXPECT_EQ(look.pictures[0]->truthObjects->at(0).label, 1);
    EXPECT_FALSE(look.pictures.at(2)->truthObjects);
    ASSERT_TRUE(look.detectScores);
    EXPECT_DOUBLE_EQ(look.detectScores->boxes.ap, 1);
    EXPECT_DOUBLE_EQ(look.detectScores->masks.ap, 1);
}

TEST(PicturesTruth, CocoExportsReadBackAsTheyWere) {
    PicturesFixture f;
    f.file("val/p1.png");
    f.file("val/p5.png");
    put(f.folder() / "annotations/instances_val.json", leftHalves({1, 5}));
    const DenseLook look = f.served(f.request(1, f.folder() / "val", ModelTask::Detect));
    DenseExport request;
    request.task = ModelTask::Detect;
    request.request = 1;
    request.form = DenseExport::Form::Coco;
    request.to = f.folder() / "found.json";
    EXPECT_EQ(f.exported(request).kind, Notice::Kind::Info);
    const CocoTruth written(readCocoFile(f.folder() / "found.json"));
    ASSERT_EQ(written.size(), 2u);
    EXPECT_EQ(written.image(0).id, 11);  // as in the file beside the pictures
    EXPECT_EQ(written.classes().names, (std::vector<std::string>{"a", "b", "c"}));
    const auto objects = written.objects(1);
    ASSERT_EQ(objects.size(), 1u);
    EXPECT_EQ(objects[0].label, 2);
    EXPECT_EQ(objects[0].mask, look.pictures[1]->objects[0].mask);

    f.served(f.request(2, f.folder() / "val"));
    request.task = ModelTask::Segment;
    request.request = 2;
    request.to = f.folder() / "areas.json";
    EXPECT_EQ(f.exported(request).kind, Notice::Kind::Info);
    const CocoTruth areas(readCocoFile(f.folder() / "areas.json"));
    const auto parts = areas.objects(0);
    ASSERT_EQ(parts.size(), 2u);  // class 1 on the left, 2 on the right
    EXPECT_EQ(area(parts[0].mask), 400);
    EXPECT_EQ(parts[1].box, (Box{20, 0, 40, 20}));
}

}  // namespace
}  // namespace vl::test
