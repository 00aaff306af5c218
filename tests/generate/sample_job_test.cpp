// SPDX-License-Identifier: Apache-2.0
#include "engine/generate/sample_job.h"

#include <gtest/gtest.h>

#include <random>

#include "engine/core/error.h"
#include "tests/generate/toy_denoiser.h"

namespace vl {
namespace {

const auto kAlways = [] { return true; };

SampleModel smallModel() {
    return {test::filled<Denoiser>(test::smallDenoiserSpec("sitllama_micro")), nullptr, {}, "small", {}, {}};
}

GridRecipe twoLengths(const char* sampler = "heun") {
    GridRecipe recipe;
    recipe.base.sampler = sampler;
    recipe.base.seed = 40;
    recipe.rows = Vary::Steps;
    recipe.rowValues = {"3", "6"};
    recipe.columnValues = {"1", "4"};
    return recipe;
}

std::vector<Image> picturesOf(SampleJob& job, bool framesBetween) {
    while (!job.done()) {
        if (framesBetween) job.frame();
        job.advance(kAlways);
    }
    return job.result({}).clean;
}

bool same(const std::vector<Image>& a, const std::vector<Image>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const Image& x, const Image& y) { return x.pixels == y.pixels && !x.empty(); });
}

TEST(SampleJob, MovesChainsInLockstepAndShortOnesWait) {
    SampleJob job(smallModel(), twoLengths());
    EXPECT_EQ(job.plan().totalSteps, 6);
    EXPECT_EQ(job.plan().grid.rowLabels.front(), "3 steps");
    ASSERT_EQ(job.plan().noise.size(), 4u);
    EXPECT_EQ(job.plan().noise[0]->size(), 4u);
    EXPECT_DOUBLE_EQ(job.plan().noise[0]->front(), 1);
    EXPECT_DOUBLE_EQ(job.plan().noise[3]->back(), 0);
    EXPECT_EQ(job.plan().noise[0], job.plan().noise[1]);
    const SampleFrame first = job.frame();
    EXPECT_EQ(first.step, 0);
    EXPECT_TRUE(same(first.noisy, first.clean));
    for (int i = 0; i < 4; ++i)
        EXPECT_TRUE(job.advance(kAlways));
    const SampleFrame later = job.frame();
    EXPECT_EQ(later.step, 4);
    EXPECT_EQ(later.cellSteps, (std::vector<int>{3, 3, 4, 4}));
    EXPECT_EQ(later.clean[0].pixels, later.noisy[0].pixels);
    EXPECT_EQ(later.clean[0].width, 16);
    EXPECT_EQ(later.clean[0].channels, 1);
}

TEST(SampleJob, PicturesDoNotDependOnPreviews) {
    SampleJob quiet(smallModel(), twoLengths()), watched(smallModel(), twoLengths());
    EXPECT_TRUE(same(picturesOf(quiet, false), picturesOf(watched, true)));
}

TEST(SampleJob, AStepThatIsGivenUpLeavesTheChainsAsTheyWere) {
    for (const char* sampler : {"heun", "dopri5", "unipc", "sde-heun"}) {
        SampleJob whole(smallModel(), twoLengths(sampler)), broken(smallModel(), twoLengths(sampler));
        for (int calls = 0; !broken.done(); ++calls) {
            int asked = 0;
            const int step = broken.step();
            if (!broken.advance([&] { return asked++ < calls % 3; })) EXPECT_EQ(broken.step(), step);
            else continue;
            EXPECT_TRUE(broken.advance(kAlways));
        }
        EXPECT_TRUE(same(picturesOf(whole, false), broken.result({}).clean)) << sampler;
    }
}

TEST(SampleJob, AnswersHowTheModelSeesACell) {
    SampleJob job(smallModel(), twoLengths());
    job.frame();
    job.advance(kAlways);
    job.frame();
    CellQuestion question;
    question.id = 9, question.cell = 2, question.frame = 1, question.layer = 1, question.along = true;
    question.patch = 3, question.head = 0;
    const CellAnswer answer = job.answer(question);
    EXPECT_EQ(answer.question, 9u);
    EXPECT_EQ(answer.step, 1);
    EXPECT_EQ(answer.layers, 2);
    EXPECT_EQ(answer.heads, 2);
    ASSERT_EQ(answer.attention.tokens, 16);
    ASSERT_EQ(answer.along.size(), 2u);
    EXPECT_EQ(answer.along[1].step, 1);
    double sum = 0;
    for (std::size_t key = 0; key < 16; ++key) {
        sum += answer.along[1].row[key];
        EXPECT_NEAR(answer.along[1].row[key], answer.attention.row(0, 3)[key], 1e-5);
    }
    EXPECT_NEAR(sum, 1, 1e-5);
    EXPECT_FALSE(answer.conditional.empty());
    EXPECT_FALSE(answer.unconditional.empty());
    EXPECT_DOUBLE_EQ(answer.noise, (*job.plan().noise[2])[1]);
    for (auto change : std::vector<std::function<void(CellQuestion&)>>{
             [](CellQuestion& q) { q.cell = 4; }, [](CellQuestion& q) { q.frame = 2; },
             [](CellQuestion& q) { q.layer = 2; }, [](CellQuestion& q) { q.head = 2; },
             [](CellQuestion& q) { q.patch = 16; }, [](CellQuestion& q) { q.cell = -1; }}) {
        CellQuestion wrong = question;
        change(wrong);
        EXPECT_THROW(job.answer(wrong), Error);
    }
}

TEST(SampleJob, KeepsCoarserStatesWhenMemoryIsShort) {
    SampleJob job(smallModel(), twoLengths(), 1);
    job.frame();
    job.advance(kAlways);
    const SampleFrame shown = job.frame();
    CellQuestion question;
    question.frame = 1;
    const Image noisy = job.answer(question).noisy;
    for (std::size_t i = 0; i < noisy.pixels.size(); ++i)
        EXPECT_NEAR(noisy.pixels[i], shown.noisy[0].pixels[i], 1);
}

TEST(SampleJob, AResultCanBeCancelled) {
    SampleJob job(smallModel(), twoLengths());
    try {
        job.result([](double) { return false; });
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::Cancelled);
    }
}

TEST(SampleJob, AnyOrderOfCommandsEndsInTheSamePictures) {
    SampleJob plain(smallModel(), twoLengths("sde-euler"));
    const std::vector<Image> expected = picturesOf(plain, false);
    for (unsigned seed = 0; seed < 10; ++seed) {
        std::mt19937 random(seed);
        SampleJob job(smallModel(), twoLengths("sde-euler"));
        std::size_t frames = 0;
        while (!job.done()) {
            const int before = job.step();
            switch (random() % 5) {
                case 0: EXPECT_TRUE(job.advance(kAlways)); break;
                case 1: EXPECT_FALSE(job.advance([] { return false; })); break;
                case 2: job.frame(), ++frames; break;
                case 3: job.result({}); break;
                default: {
                    CellQuestion question;
                    question.cell = static_cast<int>(random() % 4);
                    question.frame = random() % 3;
                    if (question.frame < frames) EXPECT_EQ(job.answer(question).cell, question.cell);
                    else EXPECT_THROW(job.answer(question), Error);
                }
            }
            ASSERT_LE(job.step() - before, 1);
        }
        EXPECT_TRUE(same(job.result({}).clean, expected)) << seed;
    }
}

}  // namespace
}  // namespace vl
