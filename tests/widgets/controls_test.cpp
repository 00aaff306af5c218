// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QLocale>
#include <QSignalSpy>
#include <QTest>

#include "widgets/buttons.h"
#include "widgets/empty_view.h"
#include "widgets/form_row.h"
#include "widgets/marks.h"
#include "widgets/number_field.h"
#include "widgets/problem_row.h"

namespace vl {
namespace {

TEST(StateChip, SaysItsStateInWords) {
    StateChip chip;
    EXPECT_EQ(chip.accessibleName(), "Idle");
    chip.setState(RunState::Pausing);
    EXPECT_EQ(chip.accessibleName(), "Pausing…");
    chip.setState(RunState::Running);
    chip.setDetail("6,240 / 14,040");
    EXPECT_EQ(chip.accessibleName(), "Running 6,240 / 14,040");
}

TEST(StateChip, EveryStateHasItsOwnShapeAndWord) {
    QSet<QString> words, shapes;
    for (int i = 0; i <= int(RunState::Failed); ++i) {
        words << stateWord(RunState(i));
        shapes << stateIcon(RunState(i));
        EXPECT_FALSE(icon(stateIcon(RunState(i))).isNull());
    }
    EXPECT_EQ(words.size(), 8);
    EXPECT_EQ(shapes.size(), 8);
}

TEST(Badge, NamesWhenAnEditApplies) {
    const std::unique_ptr<Badge> now(Badge::forApplies(Applies::Now)), run(Badge::forApplies(Applies::NextRun));
    EXPECT_EQ(now->accessibleName(), "now");
    EXPECT_EQ(run->accessibleName(), "next run");
    EXPECT_GT(run->sizeHint().width(), now->sizeHint().width());
}

TEST(SegmentedControl, ArrowsMoveTheChoiceAndSkipDisabledOnes) {
    SegmentedControl control({"Step", "Time", "Images"});
    QSignalSpy spy(&control, &SegmentedControl::currentChanged);
    QTest::keyClick(&control, Qt::Key_Right);
    EXPECT_EQ(control.current(), 1);
    control.setChoiceEnabled(2, false, "No image counts in this run.");
    QTest::keyClick(&control, Qt::Key_Right);
    EXPECT_EQ(control.current(), 1);
    QTest::keyClick(&control, Qt::Key_Left);
    EXPECT_EQ(control.current(), 0);
    EXPECT_EQ(spy.count(), 2);
    EXPECT_EQ(control.button(2)->toolTip(), "No image counts in this run.");
}

TEST(SegmentedControl, SettingTheSameChoiceAgainSaysNothing) {
    SegmentedControl control({"Linear", "Log"});
    QSignalSpy spy(&control, &SegmentedControl::currentChanged);
    control.setCurrent(0);
    EXPECT_EQ(spy.count(), 0);
}

class NumberFieldTest : public ::testing::Test {
protected:
    void type(const QString& text) {
        field_.clear();
        QTest::keyClicks(&field_, text);
    }
    NumberField field_;
};

TEST_F(NumberFieldTest, RefusesWhatIsNoWholeNumberInASentence) {
    field_.setInteger(true);
    field_.setRange(1, 4096);
    type("12x");
    EXPECT_FALSE(field_.value());
    EXPECT_EQ(field_.problem(), "Not a whole number.");
    EXPECT_TRUE(field_.property("invalid").toBool());
    type("128");
    EXPECT_EQ(field_.value(), 128.0);
    EXPECT_FALSE(field_.property("invalid").toBool());
}

TEST_F(NumberFieldTest, NamesTheRange) {
    field_.setRange(0, 1);
    type("1.5");
    EXPECT_EQ(field_.problem(), "Must be 0 to 1.");
    EXPECT_FALSE(field_.value());
}

TEST_F(NumberFieldTest, RefusesInfinityAndNan) {
    for (const char* text : {"inf", "nan", "-inf", "1e999"}) {
        type(text);
        EXPECT_FALSE(field_.value()) << text;
    }
}

TEST_F(NumberFieldTest, ReadsAPointAndTheLocalesComma) {
    const QLocale before;
    QLocale::setDefault(QLocale(QLocale::German));
    type("0.0012");
    EXPECT_EQ(field_.value(), 0.0012);
    type("0,0012");
    EXPECT_EQ(field_.value(), 0.0012);
    QLocale::setDefault(before);
}

TEST_F(NumberFieldTest, ArrowsStepTheSecondDigitOfARealAndOnesOfAnInteger) {
    field_.setRange(0, 1);
    field_.setValue(0.0012);
    QTest::keyClick(&field_, Qt::Key_Up);
    EXPECT_EQ(field_.text(), "0.0013");
    QTest::keyClick(&field_, Qt::Key_Down, Qt::ShiftModifier);
    EXPECT_EQ(field_.text(), "0.0003");
    field_.setRange(1, 64);
    field_.setInteger(true);
    field_.setValue(2);
    QTest::keyClick(&field_, Qt::Key_Down);
    QTest::keyClick(&field_, Qt::Key_Down);
    EXPECT_EQ(field_.text(), "1");
}

TEST(NumberText, IsShortAndReadable) {
    EXPECT_EQ(numberText(0.0012), "0.0012");
    EXPECT_EQ(numberText(128), "128");
    EXPECT_EQ(numberText(0), "0");
    EXPECT_EQ(numberText(0.05), "0.05");
    EXPECT_EQ(numberText(1e-6), "1e-06");
}

TEST(FormRow, ShowsTheProblemOfItsNumber) {
    auto* field = new NumberField;
    field->setInteger(true);
    FormRow row("Batch size", field, Badge::forApplies(Applies::NextEpoch));
    EXPECT_EQ(field->accessibleName(), "Batch size");
    QTest::keyClicks(field, "12x");
    EXPECT_EQ(row.problem(), "Not a whole number.");
}

TEST(ProblemRow, ReadsAsOneSentenceAndOffersOneAction) {
    ProblemRow row;
    row.setProblem(Tone::Error, "Failed", "Out of memory at step 3,112", "Batch 64 would fit.");
    row.setAction("Resume with batch 64");
    EXPECT_EQ(row.accessibleName(), "Failed: Out of memory at step 3,112");
    EXPECT_EQ(row.accessibleDescription(), "Batch 64 would fit.");
    QSignalSpy spy(&row, &ProblemRow::actionTriggered);
    QTest::mouseClick(row.findChild<QPushButton*>(), Qt::LeftButton);
    EXPECT_EQ(spy.count(), 1);
}

TEST(ThinProgress, SaysThePercentage) {
    ThinProgress bar;
    bar.setShare(0.444);
    EXPECT_EQ(bar.accessibleDescription(), "44 %");
    bar.setShare(7);
    EXPECT_EQ(bar.share(), 1.0);
}

}  // namespace
}  // namespace vl
