// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include <ATen/ops/full.h>
#include <c10/core/GradMode.h>
#include <gtest/gtest.h>

#include "engine/core/error.h"
#include "engine/train/checkpoint_store.h"
#include "tests/train/small_run.h"

namespace vl::test {
namespace {

namespace fs = std::filesystem;

/// A small model with an optimiser, set to a recognisable value.
struct Something {
    Something() : model(makeModel(spec())), optimiser((model->initialise(1), model->parameters())) {}
    static ModelSpec spec() {
        ModelSpec spec = findPreset("illama_micro");
        spec.imageSize = 16;
        spec.numClasses = 4;
        return spec;
    }
    void setAll(double value) {
        const c10::NoGradGuard noGrad;
        for (Parameter& parameter : model->parameters())
            parameter.tensor.fill_(value);
        for (auto& [name, tensor] : optimiser.state())
            tensor.fill_(value);
    }
    CheckpointInfo info(std::int64_t step) const {
        CheckpointInfo info;
        info.spec = model->spec();
        info.step = step;
        info.classNames = {"a", "b", "c", "d"};
        return info;
    }
    std::unique_ptr<Model> model;
    AdamW optimiser;
};

double valueOf(const TensorMap& tensors) { return tensors.begin()->second.flatten()[0].item<double>(); }

/// Weights and moments must come from one save, whichever save that is.
void expectPair(const CheckpointStore& store, std::int64_t step, double value) {
    const auto loaded = store.loadLast();
    EXPECT_EQ(loaded.info.step, step);
    EXPECT_EQ(valueOf(loaded.weights), value);
    EXPECT_EQ(valueOf(loaded.optimiser), value);
}

TEST(CheckpointStore, LoadsThePairItWrote) {
    const TemporaryFolder folder;
    Something s;
    const CheckpointStore store(folder / "run", 3);
    CheckpointStore(folder / "run", 3).saveLast(*s.model, s.optimiser, s.info(5));
    const auto loaded = store.loadLast();
    EXPECT_EQ(loaded.info.step, 5);
    EXPECT_EQ(loaded.info.classNames.size(), 4u);
    EXPECT_EQ(loaded.optimiser.size(), 2 * loaded.weights.size());
}

/// A kill after the first, second or third file of a save: put together from the files of two whole saves.
TEST(CheckpointStore, AKillBetweenTheFilesLeavesAMatchingPair) {
    Something s;
    const TemporaryFolder one, two;
    s.setAll(1);
    CheckpointStore(one / "run", 0).saveLast(*s.model, s.optimiser, s.info(10));
    s.setAll(2);
    CheckpointStore(two / "run", 0).saveLast(*s.model, s.optimiser, s.info(20));
    const fs::path old = one / "run/checkpoints", fresh = two / "run/checkpoints";
    const CheckpointStore store(one / "run", 0);

    expectPair(store, 10, 1);
    fs::copy_file(fresh / "last.optimizer.safetensors", old / "next.optimizer.safetensors");
    expectPair(store, 10, 1);
    fs::copy_file(fresh / "last.safetensors", old / "last.safetensors", fs::copy_options::overwrite_existing);
    expectPair(store, 20, 2);
    fs::rename(old / "next.optimizer.safetensors", old / "last.optimizer.safetensors");
    expectPair(store, 20, 2);
}

TEST(CheckpointStore, ASecondKillAfterAnInterruptedSaveDoesNoHarmEither) {
    Something s;
    const TemporaryFolder one, two;
    s.setAll(1);
    CheckpointStore(one / "run", 0).saveLast(*s.model, s.optimiser, s.info(10));
    s.setAll(2);
    CheckpointStore(two / "run", 0).saveLast(*s.model, s.optimiser, s.info(20));
    const fs::path old = one / "run/checkpoints", fresh = two / "run/checkpoints";
    fs::rename(fresh / "last.optimizer.safetensors", old / "next.optimizer.safetensors");
    fs::rename(fresh / "last.safetensors", old / "last.safetensors");
    const CheckpointStore store(one / "run", 0);
    expectPair(store, 20, 2);
    store.tidyUp();
    // Resumed from there, the next save was killed after its first file.
    std::ofstream(old / "next.optimizer.safetensors") << "of a later step";
    expectPair(store, 20, 2);
}

TEST(CheckpointStore, LeftoversOfAKilledWriterGo) {
    Something s;
    const TemporaryFolder folder;
    CheckpointStore store(folder / "run", 0);
    store.saveLast(*s.model, s.optimiser, s.info(10));
    std::ofstream(folder / "run/checkpoints/last.safetensors.tmp123-4") << "half";
    store.tidyUp();
    EXPECT_FALSE(fs::exists(folder / "run/checkpoints/last.safetensors.tmp123-4"));
    EXPECT_EQ(store.loadLast().info.step, 10);
}

TEST(CheckpointStore, AHalfWrittenOptimiserFileIsPassedOver) {
    Something s;
    const TemporaryFolder folder;
    CheckpointStore store(folder / "run", 0);
    s.setAll(1);
    store.saveLast(*s.model, s.optimiser, s.info(10));
    std::ofstream(folder / "run/checkpoints/next.optimizer.safetensors") << "half";
    expectPair(store, 10, 1);
}

TEST(CheckpointStore, AStrangersOptimiserStateIsRefused) {
    Something s;
    const TemporaryFolder one, two;
    CheckpointStore(one / "run", 0).saveLast(*s.model, s.optimiser, s.info(10));
    CheckpointStore(two / "run", 0).saveLast(*s.model, s.optimiser, s.info(10));  // the same step, another save
    fs::copy_file(two / "run/checkpoints/last.optimizer.safetensors",
                  one / "run/checkpoints/last.optimizer.safetensors", fs::copy_options::overwrite_existing);
    try {
        CheckpointStore(one / "run", 0).loadLast();
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::Mismatch);
        EXPECT_NE(error.hint().find("init_from"), std::string::npos);
    }
}

TEST(CheckpointStore, ATruncatedCheckpointIsABadFile) {
    Something s;
    const TemporaryFolder folder;
    CheckpointStore store(folder / "run", 0);
    const fs::path file = store.saveLast(*s.model, s.optimiser, s.info(10));
    fs::resize_file(file, fs::file_size(file) / 2);
    try {
        store.loadLast();
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::BadFile);
    }
}

TEST(CheckpointStore, NumberedCopiesSurviveTheNextSave) {
    Something s;
    const TemporaryFolder folder;
    CheckpointStore store(folder / "run", 2);
    store.saveLast(*s.model, s.optimiser, s.info(1));
    store.saveLast(*s.model, s.optimiser, s.info(2));
    EXPECT_EQ(readCheckpointInfo(folder / "run/checkpoints/step-00000001.safetensors").step, 1);
    EXPECT_EQ(readCheckpointInfo(folder / "run/checkpoints/step-00000002.safetensors").step, 2);
}

}  // namespace
}  // namespace vl::test
