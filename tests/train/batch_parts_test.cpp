// SPDX-License-Identifier: Apache-2.0
// A batch computed in parts side by side gives what it gives as a whole.
#include "engine/train/batch_parts.h"

#include <cmath>
#include <limits>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/abs.h>
#include <ATen/ops/equal.h>
#include <gtest/gtest.h>

#include "engine/core/error.h"
#include "engine/train/model_setup.h"
#include "engine/train/optimiser.h"
#include "tests/train/small_run.h"

namespace vl::test {
namespace {

/// A model in training with one batch for it, cut into `parts`.
struct Trained {
    Trained(RunSettings given, int parts) : settings(std::move(given)) {
        settings.train.parts = parts;
        model = setUpModel(settings, resolveSpec(settings, 4));
        if (model->hasSoftMask()) model->setSoftMask(0.5);
        task = makeTrainTask(settings, sets, model->spec(), folder / "run");
        LoaderOptions options;
        options.batch = settings.data.batch;
        options.transform = {0, false, 0.3, 0.3};
        batch = Loader(sets.train, options).next();
        cut = std::make_unique<BatchParts>(*model, settings);
    }

    BatchParts::Loss backward(std::int64_t step = 3) {
        return cut->backward(*task, batch, step, [this] { ++forwarded; });
    }

    TemporaryFolder folder;
    RunSettings settings;
    Datasets sets = barSets();
    std::unique_ptr<Model> model;
    std::unique_ptr<TrainTask> task;
    Batch batch;
    std::unique_ptr<BatchParts> cut;
    int forwarded = 0;
};

RunSettings settingsFor(const std::string& preset) {
    RunSettings settings = smallSettings(10);
    settings.model.preset = preset;
    settings.train.dropPath = preset == "illama_micro" ? 0.4 : 0;
    settings.data.batch = 7;  // parts of different sizes
    settings.generate.classDropout = 0.4;
    return settings;
}

TEST(BatchParts, LossAndGradientsAreTheWholeBatchsWhateverIsDrawn) {
    for (const char* preset : {"illama_micro", "sitllama_micro", "ditllama_micro"}) {
        Trained whole(settingsFor(preset), 1);
        const BatchParts::Loss expected = whole.backward();
        for (const int parts : {2, 3, 7}) {
            Trained cut(settingsFor(preset), parts);
            const BatchParts::Loss found = cut.backward();
            EXPECT_EQ(cut.forwarded, 1);
            EXPECT_NEAR(found.value, expected.value, 1e-5 * std::abs(expected.value)) << preset << " " << parts;
            EXPECT_NEAR(found.accuracy, expected.accuracy, 1e-9);
            const double norm = globalGradientNorm(whole.model->parameters());
            const auto wanted = whole.model->parameters(), got = cut.model->parameters();
            for (std::size_t i = 0; i < wanted.size(); ++i) {
                ASSERT_EQ(got[i].tensor.grad().defined(), wanted[i].tensor.grad().defined()) << wanted[i].name;
                if (!wanted[i].tensor.grad().defined()) continue;
                const double away = at::abs(got[i].tensor.grad() - wanted[i].tensor.grad()).max().item<double>();
                EXPECT_LT(away, 1e-5 * norm) << preset << " " << parts << " " << wanted[i].name;
            }
        }
    }
}

TEST(BatchParts, SeeWeightsAndMaskAsTheyAreNow) {
    Trained cut(settingsFor("illama_micro"), 2);
    const double before = cut.backward().value;
    EXPECT_EQ(cut.backward().value, before) << "nothing of the first pass is left behind";
    {
        const at::NoGradGuard noGrad;
        for (Parameter& parameter : cut.model->parameters())
            if (parameter.kind == ParameterKind::Trained) parameter.tensor.mul_(0.5);
    }
    cut.model->setSoftMask(0);
    Trained whole(settingsFor("illama_micro"), 1);
    loadStateDict(*whole.model, stateDict(*cut.model));
    whole.model->setSoftMask(0);
    EXPECT_NE(cut.backward().value, before);
    EXPECT_NEAR(cut.backward().value, whole.backward().value, 1e-5);
}

TEST(BatchParts, WhatAPartThrowsIsThrownAndNoGradientsAreLeft) {
    class Fails final : public TrainTask {
    public:
        explicit Fails(std::int64_t from) : from_(from) {}
        Loss loss(Model& model, const Batch& batch, std::int64_t) override {
            if (batch.first >= from_) throw Error(ErrorCode::Mismatch, "This part does not fit.", "Try another.");
            return {model.parameters()[0].tensor.sum(), 0};
        }
        std::optional<EvalMetrics> evaluate(Model&, const RunPoint&, const std::function<bool()>&) override {
            return std::nullopt;
        }
        double score(const EvalMetrics&) const override { return 0; }

    private:
        std::int64_t from_;
    };
    for (const std::int64_t from : {0, 1, 4}) {  // all, all but the first, the last
        Trained cut(settingsFor("illama_micro"), 3);
        cut.task = std::make_unique<Fails>(from);
        EXPECT_THROW(cut.backward(), Error) << from;
        for (const Parameter& parameter : cut.model->parameters())
            EXPECT_FALSE(parameter.tensor.grad().defined());
    }
}

TEST(BatchParts, AreNotMoreThanPictures) {
    RunSettings settings = smallSettings(1);
    settings.train.parts = settings.data.batch + 1;
    EXPECT_THROW(validate(settings), Error);
}

TEST(BatchParts, ARunInPartsLearnsAndRepeatsItself) {
    const TemporaryFolder folder;
    RunSettings settings = smallSettings(100);
    settings.train.parts = 2;
    settings.train.dropPath = 0;
    settings.eval.everySteps = 0;
    std::vector<TensorMap> ends;
    for (const char* name : {"first", "second"}) {
        const auto trainer = Trainer::start(settings, folder / name, barSets());
        trainTo(*trainer, 100);
        const auto row = trainer->evaluate({});
        ASSERT_TRUE(row);
        EXPECT_GT(row->accuracy, 0.6);
        ends.push_back(stateDict(trainer->model()));
    }
    for (const auto& [name, tensor] : ends[0])
        EXPECT_TRUE(at::equal(tensor, ends[1].at(name))) << name;
}

}  // namespace
}  // namespace vl::test
