// SPDX-License-Identifier: Apache-2.0
// Against pycocotools itself, where a Python that has it is around: VISIONLLAMA_PYTHON, else python3.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include <nlohmann/json.hpp>

#include "engine/data/coco_truth.h"
#include "engine/metrics/detect_judge.h"
#include "tests/core/scratch_folder.h"
#include "tests/metrics/detect_scenes.h"

namespace vl {
namespace {

using nlohmann::json;

constexpr int kMaskCases = 200, kSets = 8, kClasses = 3, kSide = 128;

int runPython(const std::string& arguments) {
    const char* chosen = std::getenv("VISIONLLAMA_PYTHON");
    return std::system(("'" + std::string(chosen && *chosen ? chosen : "python3") + "' " + arguments).c_str());
}

json readJson(const std::filesystem::path& file) {
    std::ifstream stream(file);
    return json::parse(stream);
}

class Draws {
public:
    explicit Draws(std::uint64_t seed) : random_(seed, 3) {}
    int below(int n) { return static_cast<int>(random_.below(at_++, static_cast<std::uint64_t>(n))); }
    /// Around a picture's side, now and then outside of it or a whole number.
    double place(int side) {
        const double value = random_.uniform(at_++) * (side + 8) - 4;
        return below(4) == 0 ? std::floor(value) : below(3) == 0 ? std::round(value * 10) / 10 : value;
    }

private:
    RandomStream random_;
    std::uint64_t at_ = 0;
};

json maskCase(Draws& draws) {
    const int width = 1 + draws.below(40), height = 1 + draws.below(40);
    json polygons = json::array(), runs = json::array(), boxes = json::array();
    for (int n = 1 + draws.below(4); n > 0; --n) {
        json polygon = json::array();
        for (int corners = 3 + draws.below(8); corners > 0; --corners) {
            polygon.push_back(draws.place(width));
            polygon.push_back(draws.place(height));
            if (draws.below(10) == 0) {  // the same corner twice
                polygon.push_back(polygon[polygon.size() - 2]);
                polygon.push_back(polygon[polygon.size() - 2]);
            }
        }
        polygons.push_back(polygon);
    }
    for (int n = draws.below(3); n > 0; --n) {
        json counts = json::array();
        int left = width * height;
        for (counts.push_back(draws.below(left + 1)), left -= counts.back().get<int>(); left > 0;
             left -= counts.back().get<int>())
            counts.push_back(1 + draws.below(left));
        runs.push_back(counts);
    }
    for (int n = 1 + draws.below(2); n > 0; --n)
        boxes.push_back(
            {draws.place(width), draws.place(height), std::abs(draws.place(width)), std::abs(draws.place(height))});
    return {{"size", {height, width}}, {"polygons", polygons}, {"runs", runs}, {"boxes", boxes}};
}

std::vector<RunMask> masksOf(const json& item) {
    const int height = item["size"][0], width = item["size"][1];
    std::vector<RunMask> masks;
    for (const json& polygon : item["polygons"])
        masks.push_back(runMaskOfPolygon(polygon.get<std::vector<double>>(), width, height));
    for (const json& counts : item["runs"])
        masks.push_back({width, height, counts.get<std::vector<std::uint32_t>>()});
    for (const json& box : item["boxes"])
        masks.push_back(runMaskOfBox(box.get<std::array<double, 4>>(), width, height));
    return masks;
}

void compareMasks(const json& item, const json& expected) {
    const std::vector<RunMask> masks = masksOf(item);
    ASSERT_EQ(expected["all"].size(), masks.size());
    for (std::size_t i = 0; i < masks.size(); ++i) {
        const RunMask& mask = masks[i];
        const json& one = expected["all"][i];
        EXPECT_EQ(runMaskText(mask), one["text"].get<std::string>()) << "mask " << i;
        EXPECT_EQ(runMaskFromText(one["text"].get<std::string>(), mask.width, mask.height), mask);
        EXPECT_EQ(area(mask), one["area"].get<std::int64_t>());
        EXPECT_EQ(boundingBox(mask), (one["box"].get<std::array<double, 4>>()));
        EXPECT_EQ(runMaskText(runMaskOf(pixelsOf(mask), mask.width, mask.height)),
                  expected["pixels"][i].get<std::string>());
        for (std::size_t k = 0; k < masks.size(); ++k) {
            EXPECT_EQ(overlap(mask, masks[k], false), expected["overlaps"][i][k].get<double>());
            EXPECT_EQ(overlap(mask, masks[k], true), expected["crowded"][i][k].get<double>());
        }
    }
    EXPECT_EQ(runMaskText(unite(masks)), expected["united"].get<std::string>());
}

/// Writes one set of scenes as COCO's files and judges it.
void writeScenes(int index, const std::filesystem::path& folder, DetectJudge& judge) {
    test::SceneMaker maker(static_cast<std::uint64_t>(100 + index), kClasses, kSide);
    CocoFile file{{}, {{9, "c"}, {2, "a"}, {5, "b"}}, {}};
    const std::array<std::int64_t, kClasses> ids{2, 5, 9};
    std::vector<CocoResult> results;
    for (std::int64_t id = 12; id > 0; --id) {
        const test::JudgedScene scene = maker.make();
        judge.add(id, scene.truth, scene.found);
        file.images.push_back({id, std::to_string(id) + ".png", kSide, kSide, {}});
        for (const TrueObject& object : scene.truth) {
            const CocoResult box = cocoResult({object.box, 0, 0, {}}, id, 0);
            file.annotations.push_back({static_cast<std::int64_t>(file.annotations.size()) + 1,
                                        id,
                                        ids[static_cast<std::size_t>(object.label)],
                                        box.box,
                                        true,
                                        object.area,
                                        object.crowd,
                                        {},
                                        object.mask,
                                        {}});
        }
        for (const FoundObject& object : scene.found)
            results.push_back(cocoResult(object, id, ids[static_cast<std::size_t>(object.label)]));
    }
    const auto name = [&](const char* what) { return folder / (what + std::to_string(index) + ".json"); };
    writeCocoFile(name("coco_"), file, index % 2 == 0 ? CocoMasks::Polygons : CocoMasks::Runs);
    writeCocoResults(name("results_"), results);
}

void compareScores(const json& expected, const AverageScores& s, const std::vector<double>& byClass,
                   const std::vector<std::vector<double>>& curves, const std::vector<double>& byOverlap) {
    const std::array stats{s.ap,  s.ap50, s.ap75,  s.apSmall, s.apMedium, s.apLarge,
                           s.ar1, s.ar10, s.ar100, s.arSmall, s.arMedium, s.arLarge};
    for (std::size_t i = 0; i < stats.size(); ++i)
        EXPECT_NEAR(stats[i], expected["stats"][i].get<double>(), 1e-12) << "figure " << i;
    for (std::size_t k = 0; k < kClasses; ++k) {
        EXPECT_NEAR(byClass[k], expected["categories"][k].get<double>(), 1e-12);
        EXPECT_EQ(curves[k], expected["curves"][k].get<std::vector<double>>());
    }
    for (std::size_t t = 0; t < 10; ++t)
        EXPECT_NEAR(byOverlap[t], expected["overlaps"][t].get<double>(), 1e-12);
}

TEST(CocoAgainstPycocotools, MasksAndFiguresAreTheSame) {
    if (runPython("-c 'import pycocotools, numpy' 2>/dev/null") != 0)
        GTEST_SKIP() << "no Python with pycocotools: set VISIONLLAMA_PYTHON to one to run this";
    const test::ScratchFolder folder;
    Draws draws(11);
    json cases = json::array();
    for (int i = 0; i < kMaskCases; ++i)
        cases.push_back(maskCase(draws));
    test::put(folder / "masks.json", cases.dump());
    std::vector<DetectScores> scores;
    std::vector<std::array<std::vector<double>, 2>> byOverlap;
    for (int i = 0; i < kSets; ++i) {
        DetectJudge judge(kClasses);
        writeScenes(i, folder.path(), judge);
        scores.push_back(judge.scores());
        byOverlap.push_back({judge.precisionByOverlap(false), judge.precisionByOverlap(true)});
    }
    ASSERT_EQ(runPython("'" VL_SOURCE_DIR "/tests/metrics/coco_reference.py' '" + folder.path().string() + "' " +
                        std::to_string(kSets)),
              0);

    const json masks = readJson(folder / "masks_out.json");
    for (std::size_t i = 0; i < cases.size(); ++i) {
        SCOPED_TRACE(cases[i].dump());
        compareMasks(cases[i], masks[i]);
    }
    const json figures = readJson(folder / "scores_out.json");
    for (std::size_t i = 0; i < scores.size(); ++i) {
        SCOPED_TRACE("set " + std::to_string(i));
        compareScores(figures[i]["bbox"], scores[i].boxes, scores[i].boxAp, scores[i].boxCurves, byOverlap[i][0]);
        compareScores(figures[i]["segm"], scores[i].masks, scores[i].maskAp, scores[i].maskCurves, byOverlap[i][1]);
    }
}

}  // namespace
}  // namespace vl
