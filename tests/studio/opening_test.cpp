// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QClipboard>
#include <QImage>
#include <QMimeData>
#include <QSettings>

#include <gtest/gtest.h>

#include "app/studio/shell/image_conversion.h"
#include "app/studio/shell/opener.h"
#include "app/studio/shell/project_dock.h"
#include "app/studio/shell/studio_settings.h"
#include "tests/studio/support/made_up_denoiser.h"
#include "tests/studio/support/studio_fixture.h"

namespace vl {
namespace {

class OpeningTest : public StudioFixture {
protected:
    const SelectedImage& selected() { return window_->context().selection.image(); }
};

TEST_F(OpeningTest, ADroppedImageIsSelectedAndInspectShows) {
    drop(picture("shoe.png"));
    ASSERT_TRUE(openedAll());
    EXPECT_EQ(selected().name, QStringLiteral("shoe.png"));
    EXPECT_EQ(selected().image.width, 28);
    EXPECT_EQ(window_->currentView()->id(), QStringLiteral("inspect"));
    const auto recent = recentItems(*openStudioSettings());
    ASSERT_FALSE(recent.isEmpty());
    EXPECT_TRUE(recent.first().path.endsWith(QStringLiteral("shoe.png")));
}

TEST_F(OpeningTest, ATextFileNamedPngIsOneSentenceWithAHintAndLosesNothing) {
    drop(picture("good.png"));
    ASSERT_TRUE(openedAll());
    drop(file("bad.png", "this is no picture at all"));
    ASSERT_TRUE(openedAll());
    ASSERT_FALSE(window_->problems().all().empty());
    EXPECT_FALSE(window_->problems().all().back().message.isEmpty());
    EXPECT_FALSE(window_->problems().all().back().hint.isEmpty());
    EXPECT_EQ(selected().name, QStringLiteral("good.png"));
}

TEST_F(OpeningTest, AMissingFileAndAnUnknownOneAreRefusedInWords) {
    drop(toPath(folder_.filePath(QStringLiteral("missing.png"))));
    ASSERT_TRUE(openedAll());
    EXPECT_TRUE(lastProblem().contains(QStringLiteral("is not there"))) << lastProblem().toStdString();
    drop(file("notes.txt", "hello"));
    ASSERT_TRUE(openedAll());
    EXPECT_TRUE(lastProblem().contains(QStringLiteral("notes.txt")));
    EXPECT_EQ(window_->currentView()->id(), QStringLiteral("start"));
}

TEST_F(OpeningTest, ADenoisersCheckpointOpensWhereSamplesAreMade) {
    const SelectedModel before = window_->context().selection.model();
    drop(madeUpDenoiser(toPath(folder_.filePath(QStringLiteral("denoiser.safetensors")))));
    ASSERT_TRUE(openedAll());
    EXPECT_EQ(window_->currentView()->id(), QStringLiteral("generate"));
    EXPECT_EQ(window_->context().selection.model().checkpoint, before.checkpoint) << "it looks at no pictures";
}

TEST_F(OpeningTest, ABrokenCheckpointDoesNotBecomeTheModel) {
    drop(file("broken.safetensors", "\xff\xff\xff\xff\xff\xff\xff\xff{}"));
    ASSERT_TRUE(openedAll());
    EXPECT_EQ(window_->problems().openCount(), 1);
    EXPECT_TRUE(window_->context().selection.model().checkpoint.empty());
}

TEST_F(OpeningTest, AFolderOfImagesIsListedInTheProject) {
    picture("shelf/a.png");
    picture("shelf/b.png");
    drop(toPath(folder_.filePath(QStringLiteral("shelf"))));
    ASSERT_TRUE(openedAll());
    ASSERT_TRUE(waitUntil([this] { return selected().name == QStringLiteral("a.png"); }));
    EXPECT_EQ(window_->problems().openCount(), 0);
}

TEST_F(OpeningTest, ABrokenRunFolderIsToldAndNotAdded) {
    file("run/run.toml", "this is = = no toml");
    drop(toPath(folder_.filePath(QStringLiteral("run"))));
    ASSERT_TRUE(waitUntil([this] { return window_->problems().openCount() > 0; }));
    EXPECT_TRUE(window_->context().runs.runs().empty());
}

TEST_F(OpeningTest, ARunFolderAppearsWithItsRows) {
    file("run/run.toml", "name = \"seen\"\n");
    drop(toPath(folder_.filePath(QStringLiteral("run"))));
    ASSERT_TRUE(waitUntil([this] { return !window_->context().runs.runs().empty(); })) << lastProblem().toStdString();
    EXPECT_EQ(window_->context().runs.runs()[0]->name, QStringLiteral("seen"));
    EXPECT_TRUE(window_->context().runs.runs()[0]->visible);
}

TEST_F(OpeningTest, PastesPicturesAndPaths) {
    QImage image(10, 6, QImage::Format_RGB32);
    image.fill(qRgb(200, 20, 20));
    QApplication::clipboard()->setImage(image);
    window_->actions().find(QStringLiteral("edit.paste"))->trigger();
    EXPECT_EQ(selected().image.width, 10);
    EXPECT_EQ(selected().image.channels, 3);
    QApplication::clipboard()->setText(fromPath(picture("by path.png")) + QStringLiteral("\n"));
    window_->actions().find(QStringLiteral("edit.paste"))->trigger();
    ASSERT_TRUE(openedAll());
    EXPECT_EQ(selected().name, QStringLiteral("by path.png"));
    QApplication::clipboard()->setText(QStringLiteral("just words"));
    window_->actions().find(QStringLiteral("edit.paste"))->trigger();
    EXPECT_TRUE(lastProblem().contains(QStringLiteral("clipboard")));
}

TEST_F(OpeningTest, OnlyTheLastOfSeveralPicturesIsShown) {
    const auto first = picture("first.png"), second = picture("second.png");
    window_->openPath(first);
    window_->openPath(second);
    ASSERT_TRUE(openedAll());
    EXPECT_EQ(selected().name, QStringLiteral("second.png"));
}

TEST(ImageConversion, KeepsGreyAndLaysTransparencyOnWhite) {
    QImage grey(3, 2, QImage::Format_Grayscale8);
    grey.fill(77);
    const Image one = fromQImage(grey);
    EXPECT_EQ(one.channels, 1);
    ASSERT_EQ(one.pixels.size(), 6u);
    EXPECT_EQ(one.pixels[5], 77);
    QImage clear(2, 2, QImage::Format_ARGB32);
    clear.fill(qRgba(255, 0, 0, 0));
    const Image white = fromQImage(clear);
    EXPECT_EQ(white.pixels[0], 255);
    EXPECT_TRUE(fromQImage(QImage()).empty());
}

TEST(RecentItems, NewestFirstOncePerPathAndBounded) {
    QTemporaryDir folder;
    QSettings settings(folder.filePath(QStringLiteral("s.ini")), QSettings::IniFormat);
    const QDateTime now = QDateTime::currentDateTime();
    for (int i = 0; i < 20; ++i) rememberRecent(settings, {RecentItem::Kind::Image, QStringLiteral("/p/%1").arg(i), QStringLiteral("d"), now});
    rememberRecent(settings, {RecentItem::Kind::Run, QStringLiteral("/p/15"), QStringLiteral("run"), now});
    const auto items = recentItems(settings);
    EXPECT_EQ(items.size(), 12);
    EXPECT_EQ(items[0].path, QStringLiteral("/p/15"));
    EXPECT_EQ(items[0].kind, RecentItem::Kind::Run);
    EXPECT_EQ(std::count_if(items.begin(), items.end(), [](const RecentItem& i) { return i.path == QStringLiteral("/p/15"); }), 1);
    settings.setValue(QStringLiteral("recent/items"), QStringList{QStringLiteral("99\tx"), QStringLiteral("junk")});
    EXPECT_TRUE(recentItems(settings).isEmpty());
}

TEST(AgoText, SpeaksLikePeople) {
    const QDateTime now(QDate(2026, 3, 18), QTime(12, 0));
    EXPECT_EQ(agoText(now.addSecs(-12), now), QStringLiteral("12 s ago"));
    EXPECT_EQ(agoText(now.addSecs(-720), now), QStringLiteral("12 min ago"));
    EXPECT_EQ(agoText(now.addSecs(-3 * 3600), now), QStringLiteral("3 h ago"));
    EXPECT_EQ(agoText(now.addDays(-1), now), QStringLiteral("yesterday"));
    EXPECT_EQ(agoText(now.addDays(-15), now), QStringLiteral("3 Mar 2026"));
}

}  // namespace
}  // namespace vl
