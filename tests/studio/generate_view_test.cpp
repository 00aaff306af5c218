// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/generate/generate_view.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <gtest/gtest.h>

#include "app/studio/generate/generate_panel.h"
#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/studio_settings.h"
#include "engine/io/checkpoint_metadata.h"
#include "engine/io/safetensors.h"
#include "tests/studio/support/made_up_denoiser.h"
#include "tests/studio/support/studio_fixture.h"
#include "widgets/number_field.h"

namespace vl {
namespace {

class GenerateViewTest : public StudioFixture {
protected:
    GenerateViewTest() {
        model_ = madeUpDenoiser(toPath(folder_.filePath("model/sit.safetensors")));
        view().openModel(model_);
        EXPECT_TRUE(waitUntil([this] { return view().models().find(model_) >= 0; }));
        auto& chooser = view().panel().form().modelChooser();
        at_ = view().models().find(model_);
        chooser.setCurrentIndex(at_);
        Q_EMIT chooser.activated(at_);
        window_->showView(QStringLiteral("generate"));
    }
    GenerateView& view() { return *static_cast<GenerateView*>(window_->view(QStringLiteral("generate"))); }
    SamplerForm& form() { return view().panel().form(); }

    /// Rows 4 and 8 steps, three classes, and the plan the engine would answer with.
    void begin() {
        form().columns().set(Vary::Class, {"Shirt, Bag, Boot"});
        form().rows().set(Vary::Steps, {"4 8"});
        view().generate();
        ASSERT_EQ(engine_.sampleRequests.size(), 1u);
        auto plan = std::make_shared<GenerationPlan>();
        const Denoiser& model = *form().model();
        plan->spec = model.info.spec;
        plan->classNames = model.info.classNames;
        plan->modelName = "made up";
        plan->modelHash = "0123456789ab";
        plan->grid = expandGrid(engine_.sampleRequests.front().recipe, plan->spec, plan->classNames);
        plan->totalSteps = 8;
        for (const CellSettings& cell : plan->grid.cells) {
            auto noise = std::make_shared<std::vector<double>>();
            for (int i = 0; i <= cell.steps; ++i)
                noise->push_back(1 - double(i) / cell.steps);
            plan->noise.push_back(noise);
        }
        cells_ = static_cast<int>(plan->grid.cells.size());
        engine_.showPlan(plan);
        status(GenerationState::Running, 0);
    }
    void status(GenerationState state, int step) {
        GenerationStatus s;
        s.state = state;
        s.request = engine_.sampleRequests.back().id;
        s.step = step;
        s.totalSteps = 8;
        s.secondsLeft = 3.2;
        s.previewShare = 0.018;
        engine_.showGeneration(s);
        view().feed().poll();
    }
    void frame(int step) {
        auto f = std::make_shared<SampleFrame>();
        f->step = step;
        for (int i = 0; i < cells_; ++i) {
            f->noisy.push_back({8, 8, 1, std::vector<std::uint8_t>(64, static_cast<std::uint8_t>(10 * step))});
            f->clean.push_back({8, 8, 1, std::vector<std::uint8_t>(64, 200)});
            f->cellSteps.push_back(std::min(step, i < 3 ? 4 : 8));
        }
        engine_.addFrame(f);
        status(GenerationState::Running, step);
    }
    int grey(int cell) { return qGray(view().grid().picture(cell).pixel(3, 3)); }
    int key(Qt::Key which) {
        QTest::keyClick(&view().grid(), which);
        return 0;
    }

    std::filesystem::path model_;
    int at_ = -1, cells_ = 0;
};

TEST_F(GenerateViewTest, StandsBetweenInspectAndModelWithItsKey) {
    QStringList ids;
    for (const View* each : window_->views())
        ids << each->id();
    EXPECT_EQ(ids.indexOf(QStringLiteral("generate")) + 1, ids.indexOf(QStringLiteral("model")));
    EXPECT_EQ(window_->actions().find(QStringLiteral("view.generate"))->shortcut(), QKeySequence(Qt::CTRL | Qt::Key_6));
    EXPECT_EQ(window_->actions().find(QStringLiteral("generate.start"))->shortcut(),
              QKeySequence(Qt::CTRL | Qt::Key_Return));
}

TEST_F(GenerateViewTest, TheRequestIsWhatTheFormSays) {
    form().guidanceField().setText(QStringLiteral("2.5"));
    begin();
    const SampleRequest& request = engine_.sampleRequests.front();
    EXPECT_EQ(request.model, model_);
    EXPECT_EQ(request.resultsFolder, toPath(folder_.filePath("samples")));
    EXPECT_EQ(request.recipe.rows, Vary::Steps);
    EXPECT_EQ(request.recipe.columns, Vary::Class);
    EXPECT_DOUBLE_EQ(request.recipe.base.guidance, 2.5);
    EXPECT_EQ(request.recipe.base.sampler, "euler");  // the default of a flow model
    EXPECT_EQ(view().grid().rows().size(), 2u);
    EXPECT_EQ(view().grid().rows()[1].value, QStringLiteral("8"));
    EXPECT_EQ(view().grid().columns()[2].name, QStringLiteral("Boot"));
}

TEST_F(GenerateViewTest, AWrongValueIsSaidAndGenerateWaits) {
    form().rows().set(Vary::Steps, {"many"});
    Q_EMIT form().rows().edited();
    EXPECT_EQ(form().cells(), 0);
    EXPECT_TRUE(form().problem().contains(QStringLiteral("many")));
    EXPECT_FALSE(view().panel().generateButton().isEnabled());
    EXPECT_EQ(view().panel().generateButton().toolTip(), form().problem());
    view().generate();
    EXPECT_TRUE(engine_.sampleRequests.empty());
}

TEST_F(GenerateViewTest, FramesAppearAsTheyComeAndTheNewestIsFollowed) {
    begin();
    frame(0);
    EXPECT_EQ(grey(0), 0);
    frame(2);
    EXPECT_EQ(view().frame(), 1);
    EXPECT_EQ(grey(0), 20);
    EXPECT_DOUBLE_EQ(view().grid().rows()[0].share, 0.5);
    EXPECT_DOUBLE_EQ(view().grid().rows()[1].share, 0.25);
    EXPECT_EQ(view().header().progress(), QStringLiteral("step 2 of 8, about 4 s left"));
    EXPECT_EQ(view().panel().chart().step(), 2);
}

TEST_F(GenerateViewTest, AnEarlierFrameStaysWhileLaterOnesCome) {
    begin();
    for (int step : {0, 2, 4})
        frame(step);
    view().setFrame(1);
    frame(6);
    EXPECT_EQ(view().frame(), 1);
    EXPECT_EQ(grey(5), 20);
    view().setFrame(99);
    EXPECT_EQ(view().frame(), 3);
    frame(8);
    EXPECT_EQ(view().frame(), 4);
}

TEST_F(GenerateViewTest, KeysSelectStepAndSwitch) {
    begin();
    frame(0);
    frame(2);
    EXPECT_EQ(view().grid().selected(), 0);
    key(Qt::Key_Right);
    key(Qt::Key_Down);
    EXPECT_EQ(view().grid().selected(), 4);
    key(Qt::Key_Comma);
    EXPECT_EQ(view().frame(), 0);
    key(Qt::Key_X);
    EXPECT_TRUE(view().clean());
    EXPECT_EQ(grey(0), 200);
    key(Qt::Key_Space);
    EXPECT_TRUE(view().playing());
    key(Qt::Key_Space);
    EXPECT_FALSE(view().playing());
}

TEST_F(GenerateViewTest, ControlsAskAndShowOnlyWhatIsConfirmed) {
    engine_.autoConfirm = false;
    begin();
    EXPECT_FALSE(view().header().stepButton().isEnabled());
    view().header().pauseButton().click();
    EXPECT_EQ(engine_.commands.back(), "pause generation");
    EXPECT_FALSE(view().header().stepButton().isEnabled());
    status(GenerationState::Paused, 3);
    EXPECT_TRUE(view().header().stepButton().isEnabled());
    view().header().stepButton().click();
    EXPECT_EQ(engine_.commands.back(), "step generation");
    view().header().pauseButton().click();
    EXPECT_EQ(engine_.commands.back(), "continue generation");
    view().header().stopButton().click();
    EXPECT_EQ(engine_.commands.back(), "stop generation");
}

TEST_F(GenerateViewTest, AStopSaysWhatItLost) {
    begin();
    frame(2);
    GenerationStatus s;
    s.state = GenerationState::Stopped;
    s.request = engine_.sampleRequests.back().id;
    s.problem = "The grid was stopped at step 2 of 8 and not saved.";
    engine_.showGeneration(s);
    view().feed().poll();
    EXPECT_EQ(lastProblem(), QStringLiteral("The grid was stopped at step 2 of 8 and not saved."));
    EXPECT_FALSE(view().feed().active());
    EXPECT_EQ(view().shown().frames.size(), 1u);  // what there is stays
}

TEST_F(GenerateViewTest, ExportingNamesTheFileAndTheCell) {
    begin();
    view().exportTo("/tmp/none.png");
    EXPECT_TRUE(engine_.exportRequests.empty());  // nothing to save yet
    frame(8);
    view().exportTo("/somewhere/grid.gif");
    view().exportTo("/somewhere/cell.png", 2);
    ASSERT_EQ(engine_.exportRequests.size(), 2u);
    EXPECT_EQ(engine_.exportRequests[0].file, "/somewhere/grid.gif");
    EXPECT_EQ(engine_.exportRequests[0].cell, -1);
    EXPECT_EQ(engine_.exportRequests[1].cell, 2);
}

TEST_F(GenerateViewTest, AKeptSeedIsUsedAgainAndOthersAreDrawnAnew) {
    form().keepSeed(4711);
    begin();
    EXPECT_EQ(engine_.sampleRequests.front().recipe.base.seed, 4711u);
    view().generate();
    EXPECT_EQ(engine_.sampleRequests.back().recipe.base.seed, 4711u);
}

TEST_F(GenerateViewTest, InterpolationSetsTheColumns) {
    window_->actions().find(QStringLiteral("generate.classes"))->trigger();
    EXPECT_EQ(form().columns().vary(), Vary::LabelMix);
    EXPECT_EQ(form().cells(), 7);
    window_->actions().find(QStringLiteral("generate.seeds"))->trigger();
    view().generate();
    ASSERT_FALSE(engine_.sampleRequests.empty());
    const GridRecipe& recipe = engine_.sampleRequests.back().recipe;
    EXPECT_EQ(recipe.columns, Vary::SeedMix);
    ASSERT_TRUE(recipe.base.seedTo.has_value());
    EXPECT_NE(*recipe.base.seedTo, recipe.base.seed);
}

TEST_F(GenerateViewTest, TheChosenSampleIsAskedAboutOnlyWhileItsTabIsOpen) {
    begin();
    frame(2);
    EXPECT_TRUE(engine_.cellQuestions.empty());
    view().panel().tabs().setCurrent(1);
    ASSERT_TRUE(waitUntil([this] { return !engine_.cellQuestions.empty(); }));
    key(Qt::Key_Right);
    ASSERT_TRUE(waitUntil([this] { return engine_.cellQuestions.back().cell == 1; }));
    EXPECT_TRUE(engine_.cellQuestions.back().along);
    EXPECT_EQ(engine_.cellQuestions.front().head, -1);  // before the heads are known: their mean
}

TEST_F(GenerateViewTest, AForeignPictureIsOneProblemAndTakesNothingAway) {
    form().keepSeed(12);
    view().restoreFrom(picture("foreign.png"));
    ASSERT_TRUE(waitUntil([this] { return !lastProblem().isEmpty(); }));
    EXPECT_EQ(window_->problems().all().size(), 1u);
    EXPECT_EQ(form().seed(), 12u);
}

}  // namespace
}  // namespace vl
