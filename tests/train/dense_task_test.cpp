// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include <ATen/ops/equal.h>

#include "engine/core/error.h"
#include "engine/data/dense_training.h"
#include "engine/data/run_mask.h"
#include "tests/train/small_run.h"

namespace vl {
namespace {

using test::TemporaryFolder;

constexpr int kSide = 128;

/// One bright square of the class's colour on grey, somewhere else in every picture.
class Squares final : public DenseDataset {
public:
    Squares(std::vector<std::string> names, std::int64_t count) : list_(classList(std::move(names))), count_(count) {}

    std::int64_t size() const override { return count_; }
    std::string name(std::int64_t index) const override { return "square " + std::to_string(index); }
    const ClassList& classes() const override { return list_; }
    DenseSample read(std::int64_t index) const override {
        const RandomStream random(7, static_cast<std::uint64_t>(index));
        const int left = static_cast<int>(random.below(0, 48)), top = static_cast<int>(random.below(1, 48));
        const int kind = static_cast<int>(random.below(2, 2)), side = 64;
        DenseSample sample;
        sample.name = name(index);
        sample.picture = {kSide, kSide, 3, std::vector<std::uint8_t>(kSide * kSide * 3, 90)};
        sample.labels.assign(kSide * kSide, 0);
        std::vector<std::uint8_t> inside(kSide * kSide, 0);
        for (int y = top; y < top + side; ++y)
            for (int x = left; x < left + side; ++x) {
                const auto at = static_cast<std::size_t>(y * kSide + x);
                inside[at] = 1;
                sample.labels[at] = static_cast<std::uint8_t>(1 + kind);
                sample.picture.pixels[3 * at + (kind ? 2 : 0)] = 250;
            }
        TrueObject object;
        object.box = {static_cast<float>(left), static_cast<float>(top), static_cast<float>(left + side),
                      static_cast<float>(top + side)};
        object.label = kind;
        object.mask = runMaskOf(inside, kSide, kSide);
        object.area = side * side;
        sample.objects.push_back(object);
        return sample;
    }

private:
    ClassList list_;
    std::int64_t count_;
};

RunSettings denseSettings(ModelTask task, std::int64_t steps) {
    RunSettings settings;
    settings.name = "squares";
    settings.model.preset = task == ModelTask::Segment ? "upernet_pllama_micro" : "mask_rcnn_pllama_micro";
    settings.model.imageSize = kSide;
    settings.data.dataset = task == ModelTask::Segment ? "masks" : "coco";
    settings.data.path = "given";
    settings.data.batch = 4;
    settings.train.epochs = 0;
    settings.train.maxSteps = steps;
    settings.train.warmupEpochs = 0;
    settings.train.lr = 2e-3;
    settings.train.clipNorm = 5;
    settings.train.threads = 1;
    settings.dense.baseLong = settings.dense.baseShort = kSide;
    settings.dense.minRatio = settings.dense.maxRatio = 1;
    settings.dense.photometric = false;
    settings.dense.proposalSamples = settings.dense.regionSamples = 32;
    settings.dense.shown = 2;
    settings.eval.everySteps = 0;
    settings.checkpoint.every = 0;
    return settings;
}

Datasets squares(const RunSettings& settings, ModelTask task) {
    const bool segment = task == ModelTask::Segment;
    const std::vector<std::string> names =
        segment ? std::vector<std::string>{"ground", "red", "blue"} : std::vector<std::string>{"red", "blue"};
    const auto training = std::make_shared<Squares>(names, 40), validation = std::make_shared<Squares>(names, 6);
    Datasets sets;
    sets.train = std::make_shared<DenseTraining>(training, task, settings.dense, true, kSide);
    sets.evaluation = std::make_shared<DenseTraining>(validation, task, settings.dense, false, kSide);
    sets.annotated = validation;
    return sets;
}

std::unique_ptr<Trainer> trained(const RunSettings& settings, ModelTask task, const std::filesystem::path& folder) {
    auto trainer = Trainer::start(settings, folder, squares(settings, task));
    while (!trainer->done())
        trainer->step();
    return trainer;
}

TEST(SegmentTask, LearnsWhereColouredSquaresAre) {
    const TemporaryFolder folder;
    const RunSettings settings = denseSettings(ModelTask::Segment, 40);
    const auto trainer = trained(settings, ModelTask::Segment, folder / "run");
    const auto row = trainer->evaluate({});
    ASSERT_TRUE(row);
    EXPECT_GT(row->meanIou, 0.7);
    EXPECT_GT(row->accuracy, 0.85);
    EXPECT_EQ(row->classScores.size(), 3u);
    const auto film = trainer->takeFilm();
    ASSERT_EQ(film.size(), 1u);
    EXPECT_EQ(film[0]->cells.size(), 2u);
}

TEST(DetectTask, LearnsToFindColouredSquares) {
    const TemporaryFolder folder;
    const RunSettings settings = denseSettings(ModelTask::Detect, 60);
    const auto trainer = trained(settings, ModelTask::Detect, folder / "run");
    const auto row = trainer->evaluate({});
    ASSERT_TRUE(row);
    EXPECT_GT(row->boxAp50, 0.5);
    EXPECT_GE(row->maskAp, 0);
    EXPECT_EQ(row->accuracy, -1);
    EXPECT_EQ(trainer->takeFilm().size(), 1u);
}

TEST(DenseTasks, AnEvaluationThatIsGivenUpLeavesNothing) {
    const TemporaryFolder folder;
    for (const ModelTask task : {ModelTask::Segment, ModelTask::Detect}) {
        const auto trainer = trained(denseSettings(task, 1), task, folder / toString(task));
        int asked = 0;
        EXPECT_FALSE(trainer->evaluate([&] { return ++asked < 3; }));
        EXPECT_TRUE(trainer->takeFilm().empty());
    }
}

TEST(DenseTasks, ARunEndsWithTheSameWeightsWhereverItWasInterrupted) {
    const TemporaryFolder folder;
    for (const auto& [task, parts] : {std::pair{ModelTask::Segment, 1}, std::pair{ModelTask::Segment, 2},
                                      std::pair{ModelTask::Detect, 1}, std::pair{ModelTask::Detect, 2}}) {
        RunSettings settings = denseSettings(task, 6);
        settings.train.parts = parts;
        const std::string name = toString(task) + std::to_string(parts);
        const auto whole = trained(settings, task, folder / (name + "-whole"));
        auto first = Trainer::start(settings, folder / (name + "-parts"), squares(settings, task));
        for (int i = 0; i < 3; ++i)
            first->step();
        first->saveCheckpoint();
        first.reset();
        auto second = Trainer::resume(folder / (name + "-parts"), {}, squares(settings, task));
        while (!second->done())
            second->step();
        const auto expected = whole->model().parameters(), found = second->model().parameters();
        for (std::size_t i = 0; i < expected.size(); ++i)
            EXPECT_TRUE(at::equal(found[i].tensor, expected[i].tensor)) << name << " " << expected[i].name;
    }
}

TEST(DenseTasks, SettingsAreCheckedAgainstTheTask) {
    RunSettings settings = denseSettings(ModelTask::Segment, 1);
    validate(settings);
    settings.data.dataset = "coco";
    EXPECT_THROW(validate(settings), Error);
    settings = denseSettings(ModelTask::Detect, 1);
    settings.data.path.clear();
    EXPECT_THROW(validate(settings), Error);
    settings = denseSettings(ModelTask::Detect, 1);
    settings.dense.shortSides = "480, wide";
    EXPECT_THROW(squares(settings, ModelTask::Detect), Error);
    settings = denseSettings(ModelTask::Segment, 1);
    settings.dense.minRatio = 3;
    EXPECT_THROW(validate(settings), Error);
}

TEST(DenseTraining, APictureThatCannotBeReadGivesWayToTheNextAndIsTold) {
    class Broken final : public DenseDataset {
    public:
        Broken() : good_({"ground", "red", "blue"}, 3) {}
        std::int64_t size() const override { return 3; }
        std::string name(std::int64_t index) const override { return good_.name(index); }
        const ClassList& classes() const override { return good_.classes(); }
        DenseSample read(std::int64_t index) const override {
            if (index == 1) throw Error(ErrorCode::BadFile, "square 1 ends in the middle.", "Copy it again.");
            return good_.read(index);
        }

    private:
        Squares good_;
    };
    const DenseTraining training(std::make_shared<Broken>(), ModelTask::Segment,
                                 denseSettings(ModelTask::Segment, 1).dense, false, kSide);
    std::vector<float> picture(3 * kSide * kSide), next(picture.size());
    const RandomStream random(1, 2);
    const DenseTarget target = training.annotated(1, random, picture.data());
    training.annotated(1, random, next.data());
    EXPECT_EQ(picture, next);
    EXPECT_EQ(target.labels, Squares({"ground", "red", "blue"}, 3).read(2).labels);
    const auto problems = training.takeProblems();
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_NE(problems[0].find("square 1"), std::string::npos);
    EXPECT_TRUE(training.takeProblems().empty());
}

}  // namespace
}  // namespace vl
