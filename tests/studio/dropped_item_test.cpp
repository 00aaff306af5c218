// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/dropped_item.h"

#include <fstream>

#include <QTemporaryDir>

#include <gtest/gtest.h>

namespace vl {
namespace {

using Kind = DroppedItem::Kind;

struct DroppedItemTest : ::testing::Test {
    QTemporaryDir folder;
    std::filesystem::path root{folder.path().toStdString()};

    std::filesystem::path file(const std::string& name, const std::string& bytes) {
        std::filesystem::create_directories((root / name).parent_path());
        std::ofstream(root / name, std::ios::binary) << bytes;
        return root / name;
    }
};

TEST_F(DroppedItemTest, NamesAndFirstBytesTellPictures) {
    EXPECT_EQ(recognise(file("a.PNG", "x")).kind, Kind::Image);
    EXPECT_EQ(recognise(file("picture", "\x89PNG\r\n\x1a\n....")).kind, Kind::Image);
    EXPECT_EQ(recognise(file("photo.dat", "\xFF\xD8\xFF\xE0" "JFIF 1.1")).kind, Kind::Image);
}

TEST_F(DroppedItemTest, RunFoldersCheckpointsAndSettings) {
    file("run/run.toml", "name = \"a\"\n");
    EXPECT_EQ(recognise(root / "run").kind, Kind::RunFolder);
    EXPECT_EQ(recognise(root / "run" / "run.toml").kind, Kind::RunFolder);
    EXPECT_EQ(recognise(root / "run" / "run.toml").path, root / "run");
    EXPECT_EQ(recognise(file("w.safetensors", "")).kind, Kind::Checkpoint);
    EXPECT_EQ(recognise(file("w.safetensors.index.json", "{}")).kind, Kind::Checkpoint);
    EXPECT_EQ(recognise(file("fashion.toml", "")).kind, Kind::Settings);
}

TEST_F(DroppedItemTest, PyTorchFilesAreTakenByTheirFirstBytes) {
    EXPECT_EQ(recognise(file("a.pth", std::string("PK\x03\x04....", 8))).kind, Kind::Checkpoint);
    EXPECT_EQ(recognise(file("legacy.PT", std::string("\x80\x02\x8a\x0al", 5))).kind, Kind::Checkpoint);
    EXPECT_EQ(recognise(file("pytorch_model.bin", std::string("PK\x03\x04....", 8))).kind, Kind::Checkpoint);
    EXPECT_EQ(recognise(file("picture.pth", "\x89PNG\r\n\x1a\n....")).kind, Kind::Image);
    EXPECT_EQ(recognise(file("text.pth", "hello there")).kind, Kind::Unknown);
    EXPECT_EQ(recognise(file("empty.pth", "")).kind, Kind::Unknown);
    EXPECT_TRUE(recognise(file("text.pth", "hello there")).message.contains(QStringLiteral("text.pth")));
}

TEST_F(DroppedItemTest, AFolderWithPicturesListsThemSorted) {
    file("shelf/b.png", "");
    file("shelf/a.jpg", "");
    file("shelf/notes.txt", "");
    EXPECT_EQ(recognise(root / "shelf").kind, Kind::ImageFolder);
    const auto pictures = picturesIn(root / "shelf");
    ASSERT_EQ(pictures.size(), 2u);
    EXPECT_EQ(pictures[0].filename(), "a.jpg");
}

TEST_F(DroppedItemTest, EverythingElseGetsOneSentenceAndAHint) {
    std::filesystem::create_directories(root / "empty");
    const std::filesystem::path others[] = {file("notes.txt", "hello"), file("model.pth", "PK"), root / "empty", root / "missing.png",
                                            "/dev/null"};
    for (const auto& path : others) {
        const DroppedItem item = recognise(path);
        EXPECT_EQ(item.kind, Kind::Unknown) << path;
        EXPECT_FALSE(item.message.isEmpty()) << path;
        EXPECT_FALSE(item.hint.isEmpty()) << path;
    }
}

}  // namespace
}  // namespace vl
