// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

#include "engine/api/run_folder.h"
#include "engine/api/schedule.h"
#include "engine/core/error.h"
#include "engine/nn/weights_file.h"
#include "tests/train/small_run.h"

namespace vl::test {
namespace {

std::vector<StepMetrics> stepsOf(const std::filesystem::path& folder) { return readRunFolder(folder).steps; }

TEST(Trainer, LearnsASimpleTask) {
    const TemporaryFolder folder;
    RunSettings settings = smallSettings(120);
    settings.train.dropPath = 0;
    const auto trainer = Trainer::start(settings, folder / "run", barSets());
    trainTo(*trainer, 120);
    const auto rows = stepsOf(folder / "run");
    ASSERT_EQ(rows.size(), 120u);
    EXPECT_LT(rows.back().loss, 0.7 * rows.front().loss);
    EXPECT_GT(readRunFolder(folder / "run").evals.back().accuracy, 0.9);
}

TEST(Trainer, AResumedRunEndsWithTheSameBytes) {
    const TemporaryFolder folder;
    const RunSettings settings = smallSettings(24);
    {
        const auto whole = Trainer::start(settings, folder / "whole", barSets());
        trainTo(*whole, 24);
    }
    {
        const auto half = Trainer::start(settings, folder / "half", barSets());
        trainTo(*half, 12);
    }
    {
        const auto rest = Trainer::resume(folder / "half", {}, barSets());
        EXPECT_EQ(rest->facts().step, 12);
        trainTo(*rest, 24);
    }
    const TensorMap a = readTensors(folder / "whole" / "checkpoints" / "last.safetensors");
    const TensorMap b = readTensors(folder / "half" / "checkpoints" / "last.safetensors");
    ASSERT_EQ(a.size(), b.size());
    for (const auto& [name, tensor] : a)
        EXPECT_TRUE(tensor.equal(b.at(name))) << name;
    const TensorMap momentsA = readTensors(folder / "whole" / "checkpoints" / "last.optimizer.safetensors");
    const TensorMap momentsB = readTensors(folder / "half" / "checkpoints" / "last.optimizer.safetensors");
    for (const auto& [name, tensor] : momentsA)
        EXPECT_TRUE(tensor.equal(momentsB.at(name))) << name;

    const auto rowsA = stepsOf(folder / "whole"), rowsB = stepsOf(folder / "half");
    ASSERT_EQ(rowsA.size(), rowsB.size());
    for (std::size_t i = 0; i < rowsA.size(); ++i) {
        EXPECT_EQ(rowsA[i].step, rowsB[i].step);
        EXPECT_EQ(rowsA[i].loss, rowsB[i].loss) << "step " << rowsA[i].step;
        EXPECT_EQ(rowsA[i].gradNorm, rowsB[i].gradNorm);
        EXPECT_EQ(rowsA[i].lr, rowsB[i].lr);
        EXPECT_EQ(rowsA[i].alpha, rowsB[i].alpha);
    }
}

TEST(Trainer, StepsAfterTheLastCheckpointAreDoneAgain) {
    const TemporaryFolder folder;
    {
        const auto trainer = Trainer::start(smallSettings(24), folder / "run", barSets());
        trainTo(*trainer, 10);  // the last checkpoint is at step 8; as if killed here
    }
    const auto trainer = Trainer::resume(folder / "run", {}, barSets());
    EXPECT_EQ(trainer->facts().step, 8);
    EXPECT_EQ(trainer->history().steps.size(), 8u);
    trainTo(*trainer, 24);
    const auto rows = stepsOf(folder / "run");
    ASSERT_EQ(rows.size(), 24u);
    for (std::size_t i = 0; i < rows.size(); ++i)
        EXPECT_EQ(rows[i].step, static_cast<std::int64_t>(i + 1));
}

TEST(Trainer, ARunCanBeExtended) {
    const TemporaryFolder folder;
    {
        const auto trainer = Trainer::start(smallSettings(8), folder / "run", barSets());
        trainTo(*trainer, 8);
        trainer->saveCheckpoint();
    }
    {
        const auto trainer = Trainer::resume(folder / "run", 12, barSets());
        EXPECT_FALSE(trainer->done());
        trainTo(*trainer, 12);
        EXPECT_TRUE(trainer->done());
        EXPECT_EQ(trainer->settings().train.maxSteps, 12);
    }
    EXPECT_THROW(Trainer::resume(folder / "run", 4, barSets()), Error);
}

TensorMap copyOf(const TensorMap& tensors) {
    TensorMap copies;
    for (const auto& [name, tensor] : tensors)
        copies[name] = tensor.clone();
    return copies;
}

TEST(Trainer, ALossThatIsNotANumberLeavesWeightsAndMomentsAlone) {
    const TemporaryFolder folder;
    const auto trainer = Trainer::start(smallSettings(24), folder / "run", barSets());
    trainTo(*trainer, 4);
    for (Parameter& parameter : trainer->model().parameters())
        if (parameter.name == "head.bias") parameter.tensor.detach().fill_(std::numeric_limits<double>::infinity());
    const TensorMap weights = copyOf(stateDict(trainer->model())), moments = copyOf(trainer->optimiser().state());
    try {
        trainer->step();
        FAIL() << "went on";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::NonFinite);
        EXPECT_NE(error.message().find("at step 5"), std::string::npos) << error.message();
        EXPECT_NE(error.hint().find("train.lr"), std::string::npos);
        EXPECT_NE(error.hint().find("the checkpoint at step 4"), std::string::npos) << error.hint();
    }
    EXPECT_EQ(trainer->facts().step, 4);
    EXPECT_EQ(trainer->optimiser().steps(), 4);
    for (const auto& [name, tensor] : stateDict(trainer->model()))
        EXPECT_TRUE(tensor.equal(weights.at(name))) << name;
    for (const auto& [name, tensor] : trainer->optimiser().state())
        EXPECT_TRUE(tensor.equal(moments.at(name))) << name;
    EXPECT_EQ(stepsOf(folder / "run").size(), 4u);
}

TEST(Trainer, BestIsKeptOnlyWhenItIsBetter) {
    const TemporaryFolder folder;
    const auto trainer = Trainer::start(smallSettings(60), folder / "run", barSets());
    trainTo(*trainer, 60);
    const RunRecord record = readRunFolder(folder / "run");
    double best = -1;
    for (const EvalMetrics& row : record.evals)
        best = std::max(best, row.accuracy);
    EXPECT_EQ(readCheckpointInfo(folder / "run" / "checkpoints" / "best.safetensors").accuracy, best);
}

TEST(Trainer, KeepsAsManyNumberedCheckpointsAsAsked) {
    const TemporaryFolder folder;
    RunSettings settings = smallSettings(24);
    settings.checkpoint.keep = 2;
    const auto trainer = Trainer::start(settings, folder / "run", barSets());
    trainTo(*trainer, 24);
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "run" / "checkpoints"))
        if (entry.path().filename().string().starts_with("step-")) names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    EXPECT_EQ(names, (std::vector<std::string>{"step-00000020.safetensors", "step-00000024.safetensors"}));
}

TEST(Trainer, AnEditTakesEffectAtTheNextStepAndIsWrittenDown) {
    const TemporaryFolder folder;
    const auto trainer = Trainer::start(smallSettings(24), folder / "run", barSets());
    trainTo(*trainer, 6);
    EXPECT_EQ(trainer->edit("train.lr", 0.002), "Learning rate 0.001 to 0.002");
    RunSettings edited = smallSettings(24);
    edited.train.lr = 0.002;
    EXPECT_DOUBLE_EQ(trainer->step().lr, learningRate(edited.train, 6, 12, 24));
    EXPECT_EQ(loadSettings(folder / "run" / "run.toml").train.lr, 0.002);
    EXPECT_THROW(trainer->edit("model.preset", std::string("illama_tiny")), Error);
}

TEST(Trainer, RefusesAFolderThatHoldsARunAndOneThatHoldsNone) {
    const TemporaryFolder folder;
    { const auto trainer = Trainer::start(smallSettings(4), folder / "run", barSets()); }
    EXPECT_THROW(Trainer::start(smallSettings(4), folder / "run", barSets()), Error);
    EXPECT_THROW(Trainer::resume(folder / "nothing", {}, barSets()), Error);
    EXPECT_THROW(Trainer::resume(folder / "run", {}, barSets()), Error);  // no checkpoint yet
}

TEST(Trainer, TheGalleryShowsMistakesFirst) {
    const TemporaryFolder folder;
    RunSettings settings = smallSettings(4);
    settings.eval.everySteps = 2;
    const auto trainer = Trainer::start(settings, folder / "run", barSets());
    EXPECT_EQ(trainer->gallery(), nullptr);
    trainTo(*trainer, 2);
    const auto gallery = trainer->gallery();
    ASSERT_TRUE(gallery);
    EXPECT_EQ(gallery->total, 40);
    EXPECT_EQ(gallery->classNames.size(), 4u);
    bool rightSeen = false;
    double confidence = 1;
    for (const GallerySample& sample : gallery->samples) {
        const bool right = sample.predicted == sample.label;
        EXPECT_FALSE(rightSeen && !right);
        if (!right) {
            EXPECT_LE(sample.confidence, confidence);
            confidence = sample.confidence;
        }
        rightSeen = rightSeen || right;
        EXPECT_EQ(sample.image.width, 16);
    }
    EXPECT_EQ(trainer->refreshGallery()->step, 2);
}

TEST(Trainer, AnInterruptedEvaluationLeavesNoTrace) {
    const TemporaryFolder folder;
    const auto trainer = Trainer::start(smallSettings(24), folder / "run", barSets());
    for (int i = 0; i < 5; ++i)
        trainer->step();
    ASSERT_TRUE(trainer->evaluationDue());
    EXPECT_FALSE(trainer->evaluate([] { return false; }));
    EXPECT_TRUE(trainer->evaluationDue());
    EXPECT_TRUE(readRunFolder(folder / "run").evals.empty());
}

TEST(Trainer, InspectionShowsEveryLayerAndPutsTheMaskBack) {
    const TemporaryFolder folder;
    const auto trainer = Trainer::start(smallSettings(24), folder / "run", barSets());
    trainer->step();
    const double alpha = trainer->model().softMask();
    InspectRequest request;
    request.id = 9;
    request.image = barPictures(1, 3)->image(0);
    request.alpha = 0.25;
    const auto inspection = trainer->inspect(request);
    EXPECT_EQ(trainer->model().softMask(), alpha);
    EXPECT_EQ(inspection->request, 9u);
    EXPECT_EQ(inspection->alpha, 0.25);
    EXPECT_EQ(inspection->geometry.tokens, 17);
    ASSERT_EQ(inspection->layers.size(), 4u);
    for (const LayerAttention& layer : inspection->layers)
        for (int head = 0; head < layer.heads; ++head)
            for (int query = 0; query < layer.tokens; ++query) {
                double sum = 0;
                for (int key = 0; key < layer.tokens; ++key)
                    sum += layer.row(head, query)[key];
                ASSERT_NEAR(sum, 1, 1e-5);  // before the mask, a row is a distribution
            }
    double probability = 0;
    for (const Prediction& prediction : inspection->predictions)
        probability += prediction.probability;
    EXPECT_NEAR(probability, 1, 1e-9);
    EXPECT_GT(trainer->step().inspectMs, 0);
}

TEST(Trainer, InspectionDoesNotChangeTheTraining) {
    const TemporaryFolder folder;
    const auto quiet = Trainer::start(smallSettings(24), folder / "quiet", barSets());
    const auto watched = Trainer::start(smallSettings(24), folder / "watched", barSets());
    InspectRequest request;
    request.image = barPictures(1, 3)->image(0);
    request.alpha = 0.5;
    for (int i = 0; i < 8; ++i) {
        const StepMetrics a = quiet->step();
        watched->inspect(request);
        watched->refreshGallery();
        EXPECT_EQ(watched->step().loss, a.loss);
    }
}

TEST(RunFolders, NumbersGoUp) {
    const TemporaryFolder folder;
    const auto first = nextRunFolder(folder / "runs", "my run/1");
    EXPECT_EQ(first.filename(), "my-run-1-001");
    std::filesystem::create_directories(first);
    EXPECT_EQ(nextRunFolder(folder / "runs", "my run/1").filename(), "my-run-1-002");
}

}  // namespace
}  // namespace vl::test
