// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "engine/data/coco_truth.h"
#include "engine/data/run_mask.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"

namespace vl {
namespace {

using test::expectError;
using test::has;
using test::put;
using test::ScratchFolder;

/// A sound file but for what is put in: one picture of 8 x 6, categories 3 and 9.
std::string fileWith(const std::string& annotations) {
    return R"({"info": {"list": [[1]], "images": 3}, "images": [{"id": 5, "width": 8, "height": 6, "file_name": "a/b.png"}],
        "categories": [{"id": 9, "name": "shoe"}, {"id": 3, "name": "bag"}], "annotations": [)" +
           annotations + "]}";
}

std::string annotation(const std::string& fields) {
    return R"({"id": 1, "image_id": 5, "category_id": 9, )" + fields + "}";
}

CocoTruth truthWith(const std::string& annotations) {
    return CocoTruth(parseCocoFile(fileWith(annotations), "The file"));
}

Error problemWith(const std::string& annotations, ErrorCode code = ErrorCode::BadFile) {
    const CocoTruth truth = truthWith(annotations);
    const Error error = expectError(code, [&] { truth.objects(0); });
    EXPECT_TRUE(has(error.message(), "a/b.png")) << error.message();
    EXPECT_FALSE(error.hint().empty());
    return error;
}

TEST(CocoFile, ReadsPolygonsAndBothFormsOfRuns) {
    const CocoTruth truth = truthWith(
        annotation(
            R"("bbox": [1, 1, 4, 3], "area": 11.5, "iscrowd": 0, "segmentation": [[1,1,5,1,5,4,1,4],[6,1,7,1,7,2,6,2]])") +
        "," +
        annotation(R"("bbox": [0, 0, 2, 6], "iscrowd": 1, "segmentation": {"size": [6, 8], "counts": [0, 12, 36]})") +
        "," + annotation(R"("segmentation": {"size": [6.0, 8], "counts": "0<T1"})") + "," +
        R"({"id": 7, "image_id": 5, "category_id": 3, "bbox": [1.5, 2, 3, 1], "segmentation": []})");
    const auto objects = truth.objects(0);
    ASSERT_EQ(objects.size(), 4u);
    EXPECT_EQ(objects[0].label, 1);  // classes by the order of ids: bag, shoe
    EXPECT_EQ(objects[0].area, 11.5);
    EXPECT_EQ(area(objects[0].mask), 13);
    EXPECT_EQ(objects[0].box, (Box{1, 1, 5, 4}));
    EXPECT_TRUE(objects[1].crowd);
    EXPECT_EQ(objects[1].area, 12);
    EXPECT_EQ(objects[2].mask, objects[1].mask);
    EXPECT_EQ(objects[2].box, (Box{0, 0, 2, 6}));
    EXPECT_TRUE(objects[3].mask.empty());
    EXPECT_EQ(objects[3].area, 3);
    EXPECT_EQ(objects[3].label, 0);
    EXPECT_EQ(truth.classes().names, (std::vector<std::string>{"bag", "shoe"}));
    EXPECT_EQ(truth.categoryOf(1), 9);
    EXPECT_EQ(truth.labelOf(4), -1);
}

TEST(CocoFile, FindsPicturesByName) {
    const CocoTruth truth = truthWith("");
    EXPECT_EQ(truth.find("a/b.png"), 0u);
    EXPECT_EQ(truth.find("b.png"), 0u);
    EXPECT_EQ(truth.find("/elsewhere/b.png"), 0u);
    EXPECT_FALSE(truth.find("c.png"));
}

TEST(CocoFile, AnAnnotationThatCannotBeUsedIsOneSentenceOfItsPicture) {
    EXPECT_TRUE(has(problemWith(annotation(R"("bbox": [1,1,2,2], "segmentation": [[]])")).message(), "empty polygon"));
    EXPECT_TRUE(has(problemWith(annotation(R"("segmentation": [[1,1,2,2]])")).message(), "fewer than three corners"));
    problemWith(annotation(R"("segmentation": [[1,1,2,2,3]])"));
    problemWith(annotation(R"("segmentation": [[1,1,2,2,3,"x"]])"));
    problemWith(annotation(R"("segmentation": [1,1,2,2,3,3])"));
    problemWith(annotation(R"("segmentation": [[1,1,2,2,1e200,3]])"));
    problemWith(annotation(R"("segmentation": "none")"));
    problemWith(annotation(R"("segmentation": {"counts": [48]})"));
    problemWith(annotation(R"("segmentation": {"size": [6, 8]})"));
    problemWith(annotation(R"("segmentation": {"size": [6, 8], "counts": [47]})"));
    problemWith(annotation(R"("segmentation": {"size": [6, 8], "counts": [-1, 49]})"));
    problemWith(annotation(R"("segmentation": {"size": [6, 8], "counts": "zzz"})"));
    problemWith(annotation(R"("segmentation": {"size": [600000, 800000], "counts": [1]})"));
    problemWith(annotation(R"("segmentation": {"size": [8, 6], "counts": [48]})"), ErrorCode::Mismatch);
    problemWith(annotation(R"("bbox": [1, 1, -2, 2])"));
    problemWith(annotation(R"("bbox": [1, 1, 2])"));
    problemWith(annotation(R"("bbox": [1, 1, 2, 1e30])"));
    problemWith(annotation(R"("bbox": [1, 1, 2, 2], "area": -3)"));
    problemWith(annotation(R"("area": 3)"));
    EXPECT_TRUE(has(problemWith(R"({"image_id": 5, "category_id": 4, "bbox": [1, 1, 2, 2]})").message(),
                    "category 4, which is not listed"));
}

TEST(CocoFile, AnnotationsOfPicturesThatAreNotListedAreLeftOut) {
    EXPECT_TRUE(truthWith(R"({"image_id": 6, "category_id": 4, "bbox": [1, 1, 2, 2]})").objects(0).empty());
}

TEST(CocoFile, APictureThatCannotBeUsedIsOneSentence) {
    for (const char* image :
         {R"({"id": 5, "width": 8, "height": 6})", R"({"id": 5, "height": 6, "file_name": "a.png"})",
          R"({"id": 5, "width": 0, "height": 6, "file_name": "a.png"})",
          R"({"id": 5, "width": 1e6, "height": 1e6, "file_name": "a.png"})",
          R"({"id": 5, "width": 8, "height": 6, "file_name": "../a.png"})",
          R"({"id": 5, "width": 8, "height": 6, "file_name": "/a.png"})"}) {
        const CocoTruth truth(parseCocoFile(
            std::string(R"({"images": [)") + image + R"(], "categories": [{"id": 1, "name": "a"}]})", "The file"));
        expectError(ErrorCode::BadFile, [&] { truth.objects(0); });
    }
}

TEST(CocoFile, WhatIsNoCocoFileIsRefused) {
    for (const std::string& text : {std::string(),
                                    std::string("[]"),
                                    std::string("3"),
                                    std::string("{}"),
                                    std::string("{\"images\": []}"),
                                    std::string("{\"images\": 3}"),
                                    std::string("{\"images\": {}}"),
                                    std::string("{\"images\": [3]}"),
                                    std::string("{\"images\": [[3]]}"),
                                    std::string("{\"images\": [null]}"),
                                    std::string("{\"images\": [{\"id\": \"x\"}]}"),
                                    std::string("{\"images\": [{\"id\": 18446744073709551615}]}"),
                                    std::string(100000, '['),
                                    "{\"images\": " + std::string(100000, '['),
                                    "{\"images\": [{\"id\": " + std::string(100, '['),
                                    "{\"other\": " + std::string(100000, '['),
                                    fileWith("").substr(0, 200),
                                    fileWith("{}"),
                                    fileWith("{\"image_id\": 5}"),
                                    fileWith("") + "x",
                                    std::string("{\"images\": [], \"images\": []}"),
                                    std::string("\xff\xfe\0\0", 4)})
        expectError(ErrorCode::BadFile, [&] { parseCocoFile(text, "The file"); });
    expectError(ErrorCode::NotFound, [] { readCocoFile("/nowhere/instances_val.json"); });
    CocoFile twice = parseCocoFile(fileWith(""), "The file");
    twice.images.push_back(twice.images[0]);
    expectError(ErrorCode::BadFile, [&] { CocoTruth truth(twice); });
}

TEST(CocoFile, AnyCutOrChangedByteIsAFileOrASentence) {
    const std::string sound = fileWith(annotation(R"("bbox": [1, 1, 4, 3], "segmentation": [[1,1,5,1,5,4]])") + "," +
                                       annotation(R"("segmentation": {"size": [6, 8], "counts": "0<T1"})"));
    const auto tryAll = [](const std::string& text) {
        test::survives([&] {
            const CocoTruth truth(parseCocoFile(text, "The file"));
            for (std::size_t i = 0; i < truth.size(); ++i)
                test::survives([&] { truth.objects(i); });
        });
    };
    for (std::size_t i = 0; i < sound.size(); ++i) {
        tryAll(sound.substr(0, i));
        for (const char byte : {'0', '9', '"', '[', ']', '{', '-', '\xff'}) {
            std::string changed = sound;
            changed[i] = byte;
            tryAll(changed);
        }
    }
}

TEST(CocoFile, WhatIsWrittenReadsBack) {
    const ScratchFolder folder;
    const RunMask ring = runMaskOf(std::vector<std::uint8_t>{0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1}, 4, 3);
    CocoFile file{{{2, "x \"y\".png", 4, 3, {}}}, {{1, "bag"}}, {}};
    file.annotations.push_back({10, 2, 1, {}, false, {}, false, {}, ring, {}});
    file.annotations.push_back({11, 2, 1, {0.25, 1, 2, 1.5}, true, 2.5, true, {}, ring, {}});
    file.annotations.push_back({12, 2, 1, {}, false, {}, false, {{0, 0, 2, 0, 2, 2, 0, 2}}, {}, {}});
    for (const CocoMasks form : {CocoMasks::Polygons, CocoMasks::Runs}) {
        writeCocoFile(folder / "out.json", file, form);
        const CocoFile again = readCocoFile(folder / "out.json");
        EXPECT_EQ(again.annotations[0].polygons.empty(), form == CocoMasks::Runs);
        const auto objects = CocoTruth(again).objects(0);
        ASSERT_EQ(objects.size(), 3u);
        EXPECT_EQ(objects[0].mask, ring);
        EXPECT_EQ(objects[0].area, 8);
        EXPECT_EQ(objects[0].box, (Box{1, 0, 4, 3}));
        EXPECT_EQ(objects[1].mask, ring);
        EXPECT_EQ(objects[1].box, (Box{0.25f, 1, 2.25f, 2.5f}));
        EXPECT_EQ(objects[1].area, 2.5);
        EXPECT_TRUE(objects[1].crowd);
        EXPECT_EQ(objects[2].area, 4);
        EXPECT_EQ(again.images[0].file, "x \"y\".png");
    }
}

TEST(CocoResults, ReadBackAsWritten) {
    const ScratchFolder folder;
    const FoundObject found{{1.5f, 2, 3.25f, 5}, 0, 0.75f, {4, 6, {3, 2, 19}}};
    const FoundObject plain{{0, 0, 1, 1}, 1, 0.1f, {}};
    writeCocoResults(folder / "results.json", {cocoResult(found, 7, 3), cocoResult(plain, 8, 9)});
    const auto results = readCocoResults(folder / "results.json");
    ASSERT_EQ(results.size(), 2u);
    EXPECT_EQ(results[0].imageId, 7);
    EXPECT_EQ(results[0].categoryId, 3);
    EXPECT_EQ(results[0].box, (std::array<double, 4>{1.5, 2, 1.75, 3}));
    EXPECT_EQ(foundObject(results[0], 0).mask, found.mask);
    EXPECT_EQ(foundObject(results[0], 0).box, found.box);
    EXPECT_EQ(foundObject(results[1], 1).score, 0.1f);
    EXPECT_TRUE(results[1].mask.empty());
    writeCocoResults(folder / "none.json", {});
    EXPECT_TRUE(readCocoResults(folder / "none.json").empty());
}

TEST(CocoResults, WhatIsNoResultFileIsRefused) {
    const std::string start = R"([{"image_id": 1, "category_id": 1, )";
    for (const std::string& text :
         {std::string("{}"), std::string("[3]"), std::string("[[]]"), std::string("[{}]"),
          start + R"("bbox": [1,2,3,4]}])", start + R"("score": 1}])", start + R"("score": "x", "bbox": [1,2,3,4]}])",
          start + R"("score": 1, "bbox": [1,2,3,4])", start + R"("score": 1, "segmentation": [[1,1,2,2,3,1]]}])"})
        expectError(ErrorCode::BadFile, [&] { parseCocoResults(text, "The file"); });
}

}  // namespace
}  // namespace vl
