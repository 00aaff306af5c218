// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "engine/core/random.h"
#include "engine/data/index_mask.h"
#include "tests/session/fake_pictures.h"

namespace vl::test {
namespace {

std::vector<std::string> namesIn(const DenseLook& look) {
    std::vector<std::string> names;
    for (const auto& picture : look.pictures)
        names.push_back(picture->name);
    return names;
}

TEST(PicturesWorker, AFolderGoesOnPastWhatCannotBeRead) {
    PicturesFixture f;
    for (const char* name : {"in/p3.png", "in/p1.png", "in/broken2.png", "in/tiny4.jpg", "in/notes.txt"}) f.file(name);
    const DenseLook look = f.served(f.request(1, f.folder() / "in"));
    EXPECT_EQ(look.problem, "");
    EXPECT_EQ(namesIn(look), (std::vector<std::string>{"broken2.png", "p1.png", "p3.png", "tiny4.jpg"}));
    EXPECT_EQ(look.done, 4);
    EXPECT_EQ(look.all, 4);
    EXPECT_EQ(look.modelName, "model-1");
    EXPECT_EQ(look.layers, 4);
    EXPECT_NE(look.pictures[0]->problem, "");
    EXPECT_NE(look.pictures[0]->advice, "");
    EXPECT_EQ(look.pictures[0]->classes, nullptr);
    for (const std::size_t i : {1u, 2u, 3u}) {
        EXPECT_EQ(look.pictures[i]->problem, "");
        ASSERT_NE(look.pictures[i]->classes, nullptr);
        EXPECT_EQ(look.pictures[i]->tilesDone, look.pictures[i]->tiles);
        EXPECT_GT(look.pictures[i]->milliseconds, 0);
    }
    EXPECT_EQ(look.pictures[3]->classes->labels.size(), 1u);
    EXPECT_FALSE(look.segmentScores);
}

TEST(PicturesWorker, APictureThatBreaksTheModelIsOneSentenceAndTheOthersGoOn) {
    auto script = std::make_shared<PicturesScript>();
    script->failOnShade = 2;
    PicturesFixture f(script);
    for (const char* name : {"p1.png", "p2.png", "p3.png"}) f.file(name);
    const DenseLook look = f.served(f.request(1, f.folder().path()));
    ASSERT_EQ(look.pictures.size(), 3u);
    EXPECT_EQ(look.pictures[1]->problem, "The model broke on this picture.");
    EXPECT_EQ(look.pictures[1]->classes, nullptr);
    EXPECT_NE(look.pictures[2]->classes, nullptr);
}

TEST(PicturesWorker, NothingToReadOrAWrongModelIsAProblemOfTheRequest) {
    PicturesFixture f;
    EXPECT_NE(f.served(f.request(1, f.folder() / "none.png")).problem, "");
    EXPECT_NE(f.served(f.request(2, {})).problem, "");
    std::filesystem::create_directories(f.folder() / "empty");
    EXPECT_NE(f.served(f.request(3, f.folder() / "empty")).problem, "");
    f.script().failToOpen = true;
    const DenseLook look = f.served(f.request(4, f.file("p1.png")));
    EXPECT_EQ(look.problem, "That is a classifier.");
    EXPECT_EQ(look.advice, "Choose a segmenter.");
    EXPECT_EQ(look.request, 4u);
    f.script().failToOpen = false;
    EXPECT_EQ(f.served(f.request(5, f.folder() / "p1.png")).done, 1);
    f.worker().look(f.request(6, f.folder() / "p1.png", ModelTask::Classify));
    EXPECT_TRUE(f.waitFor([&] { return !f.notices().empty(); }));
}

TEST(PicturesWorker, PastedPicturesNeedNoFile) {
    PicturesFixture f;
    DenseRequest request = f.request(1, {});
    request.image = shade(6, 4, 5);
    EXPECT_EQ(namesIn(f.served(request)), (std::vector<std::string>{"pasted picture"}));
    request.id = 2;
    request.image.channels = 7;
    const DenseLook look = f.served(request);
    ASSERT_EQ(look.pictures.size(), 1u);
    EXPECT_NE(look.pictures[0]->problem, "");
}

TEST(PicturesWorker, VideosGiveEveryNthFrame) {
    PicturesFixture f;
    DenseRequest request = f.request(1, f.file("clip.mp4"));
    request.videoStep = 3;
    const DenseLook look = f.served(request);
    EXPECT_EQ(namesIn(look), (std::vector<std::string>{"frame 0", "frame 3", "frame 6"}));
    EXPECT_EQ(look.all, 3);
    EXPECT_EQ(look.pictures[1]->picture.pixels.front(), 3);
}

TEST(PicturesWorker, TilesShowWhileAPictureIsUnderWay) {
    PicturesFixture f;
    f.script().holdAtTile = 2;
    f.worker().look(f.request(1, f.file("p1.png")));
    ASSERT_TRUE(f.waitFor([&] { return f.script().holding.load(); }));
    const DenseLook look = f.look();
    EXPECT_TRUE(look.busy);
    EXPECT_EQ(look.done, 0);
    ASSERT_EQ(look.pictures.size(), 1u);
    EXPECT_EQ(look.pictures[0]->tilesDone, 2);
    EXPECT_EQ(look.pictures[0]->tiles, 3);
    EXPECT_NE(look.pictures[0]->classes, nullptr);
    f.script().holdAtTile = -1;
    EXPECT_TRUE(f.waitFor([&] { return f.look().done == 1; }));
    EXPECT_EQ(look.pictures[0]->tilesDone, 2);  // what was handed out does not change
}

TEST(PicturesWorker, CancellingKeepsWhatIsDoneAndLetsOneAskAboutIt) {
    PicturesFixture f;
    for (int i = 0; i < 9; ++i) f.file("p" + std::to_string(i) + ".png");
    f.worker().look(f.request(1, f.folder().path()));
    ASSERT_TRUE(f.waitFor([&] { return f.look().done >= 2; }));
    f.script().holdAtTile = 1;
    ASSERT_TRUE(f.waitFor([&] { return f.script().holding.load() || !f.look().busy; }));
    f.worker().cancel(ModelTask::Segment);
    const DenseLook look = f.look();
    EXPECT_FALSE(look.busy);
    EXPECT_GE(look.done, 2);
    RegionQuestion question;
    question.id = 5;
    question.request = 1;
    EXPECT_EQ(f.answered(question).values, (std::vector<float>{40}));
    EXPECT_EQ(f.look().version, look.version);  // and nothing came after the cancellation
}

TEST(PicturesWorker, ANewRequestTakesThePlaceOfAnUnfinishedOneOfItsTaskAlone) {
    PicturesFixture f;
    f.script().holdAtTile = 1;
    f.worker().look(f.request(1, f.file("p1.png")));
    ASSERT_TRUE(f.waitFor([&] { return f.script().holding.load(); }));
    f.worker().look(f.request(2, f.file("p2.png"), ModelTask::Detect));
    EXPECT_EQ(f.look().request, 1u);
    f.worker().look(f.request(3, f.folder() / "p2.png"));
    f.script().holdAtTile = -1;
    ASSERT_TRUE(f.waitFor([&] { return !f.look().busy && !f.look(ModelTask::Detect).busy; }));
    EXPECT_EQ(f.look().request, 3u);
    EXPECT_EQ(f.look().modelName, "model-3");
    EXPECT_EQ(namesIn(f.look()), (std::vector<std::string>{"p2.png"}));
    EXPECT_EQ(f.look(ModelTask::Detect).request, 2u);
    EXPECT_EQ(f.look(ModelTask::Detect).pictures.at(0)->objects.size(), 1u);
}

TEST(PicturesWorker, OldPicturesLoseTheirPixelsAndCanBeReadAgain) {
    // A picture of 40 x 20 takes 2400 bytes and its classes 4000: two fit.
    PicturesFixture f(std::make_shared<PicturesScript>(), 14'000, 1);
    for (int i = 0; i < 5; ++i) f.file("p" + std::to_string(i) + ".png");
    const DenseLook look = f.served(f.request(1, f.folder().path()));
    ASSERT_EQ(look.pictures.size(), 5u);
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(look.pictures[i]->classes == nullptr, i < 3) << i;
        EXPECT_FALSE(look.pictures[i]->picture.empty());
        EXPECT_EQ(look.pictures[i]->name, "p" + std::to_string(i) + ".png");
    }
    RegionQuestion question;
    question.id = 1;
    question.request = 1;
    EXPECT_EQ(f.answered(question).problem, "");
    const int before = f.script().predicted;
    DenseExport masks;
    masks.request = 1;
    masks.form = DenseExport::Form::IndexMask;
    masks.to = f.folder() / "out";
    EXPECT_EQ(f.exported(masks).kind, Notice::Kind::Info);
    EXPECT_EQ(f.script().predicted, before + 3);
    EXPECT_EQ(readIndexMask(f.folder() / "out/p0.png").indices.front(), 0);
    EXPECT_EQ(readIndexMask(f.folder() / "out/p4.png").indices.front(), 1);

    f.served(f.request(2, f.file("clip.mp4")));
    question.id = 2;
    question.request = 2;
    EXPECT_NE(f.answered(question).problem, "");  // frames cannot be had back
    question.id = 3;
    question.picture = 6;
    EXPECT_EQ(f.answered(question).problem, "");
}

TEST(PicturesWorker, QuestionsAboutWhatIsNotThereAreAnsweredWithASentence) {
    PicturesFixture f;
    RegionQuestion question;
    question.id = 1;
    question.request = 7;
    EXPECT_NE(f.answered(question).problem, "");
    f.served(f.request(7, f.file("p1.png")));
    for (const int picture : {-1, 1, 1 << 30}) {
        question.id++;
        question.picture = picture;
        EXPECT_NE(f.answered(question).problem, "");
    }
    question.id++;
    question.picture = 0;
    const RegionAnswer answer = f.answered(question);
    EXPECT_EQ(answer.problem, "");
    EXPECT_EQ(answer.request, 7u);
    question.id++;
    question.task = ModelTask::Detect;
    EXPECT_NE(f.answered(question).problem, "");
}

TEST(PicturesWorker, ExportsNeverOverwriteAndSayWhereTheyAre) {
    PicturesFixture f;
    f.file("p1.png");
    f.file("p2.png");
    f.served(f.request(1, f.folder().path()));
    DenseExport request;
    request.request = 1;
    request.to = f.folder() / "out";
    for (int i = 0; i < 2; ++i) EXPECT_EQ(f.exported(request).kind, Notice::Kind::Info);
    for (const char* name : {"out/p1.png", "out/p2.png", "out/p1-2.png", "out/p2-2.png"})
        EXPECT_TRUE(std::filesystem::exists(f.folder() / name)) << name;
    request.pictures = {1};
    request.to = f.folder() / "single.png";
    EXPECT_TRUE(f.exported(request).message.find("single.png") != std::string::npos);
    request.to.clear();
    EXPECT_EQ(f.exported(request).kind, Notice::Kind::Error);
    request.to = f.folder() / "x.png";
    request.request = 9;
    EXPECT_EQ(f.exported(request).kind, Notice::Kind::Error);
    request.request = 1;
    request.pictures = {77, -4};
    EXPECT_EQ(f.exported(request).kind, Notice::Kind::Error);
}

void expectSound(const DenseLook& look, std::uint64_t asked, std::uint64_t& version) {
    ASSERT_EQ(look.request, asked);
    ASSERT_GE(look.version, version);
    version = look.version;
    ASSERT_LE(look.done, static_cast<std::int64_t>(look.pictures.size()));
    ASSERT_LE(static_cast<std::int64_t>(look.pictures.size()), look.done + 1);
    ASSERT_FALSE(look.busy && look.cancelled);
    ASSERT_TRUE(look.modelName.empty() || look.modelName == "model-" + std::to_string(asked));
    for (std::int64_t i = 0; i < look.done; ++i) {
        const DensePicture& picture = *look.pictures[static_cast<std::size_t>(i)];
        ASSERT_EQ(picture.tilesDone, picture.tiles);
        ASSERT_FALSE(picture.name.empty());
    }
}

TEST(PicturesWorker, AnySequenceOfCommandsKeepsLooksSound) {
    for (std::uint64_t sequence = 0; sequence < 300; ++sequence) {
        const RandomStream random(41, sequence);
        auto script = std::make_shared<PicturesScript>();
        script->tiles = static_cast<int>(random.below(900, 4));
        script->failToOpen = random.below(901, 10) == 0;
        script->failOnShade = static_cast<int>(random.below(902, 8));
        PicturesFixture f(script, random.below(903, 2) == 0 ? 10'000 : 1 << 20, random.below(904, 2) == 0 ? 1 : 1 << 20);
        for (const char* name : {"p0.png", "p1.png", "broken3.png", "tiny4.png"}) f.file(name);
        f.file("clip.mp4");
        std::uint64_t id = 0, asked[2] = {0, 0}, versions[2] = {0, 0};
        const auto commands = random.below(0, 20);
        for (std::uint64_t i = 1; i <= commands; ++i) {
            const int which = static_cast<int>(random.below(100 + i, 2));
            const ModelTask task = which ? ModelTask::Detect : ModelTask::Segment;
            switch (random.below(i, 7)) {
                case 0:
                case 1: {
                    const std::filesystem::path sources[] = {f.folder().path(), f.folder() / "p1.png", f.folder() / "clip.mp4",
                                                             f.folder() / "nothing"};
                    asked[which] = ++id;
                    f.worker().look(f.request(id, sources[random.below(200 + i, 4)], task));
                    break;
                }
                case 2:
                    f.worker().cancel(task);
                    break;
                case 3: {
                    RegionQuestion question;
                    question.id = i;
                    question.task = task;
                    question.request = random.below(300 + i, 4) == 0 ? 999 : asked[which];
                    question.picture = static_cast<int>(random.below(400 + i, 5)) - 1;
                    f.worker().ask(question);
                    break;
                }
                case 4: {
                    DenseExport request;
                    request.task = task;
                    request.request = asked[which];
                    request.form = static_cast<DenseExport::Form>(random.below(500 + i, 4));
                    request.to = f.folder() / "out";
                    f.worker().exportAs(request);
                    break;
                }
                case 5:
                    (void)f.waitFor([&] { return !f.look(task).busy; });
                    break;
                default:
                    break;
            }
            for (int t = 0; t < 2; ++t)
                expectSound(f.look(t ? ModelTask::Detect : ModelTask::Segment), asked[t], versions[t]);
        }
        if (random.below(950, 2) == 0) {
            ASSERT_TRUE(f.waitFor([&] { return !f.look().busy && !f.look(ModelTask::Detect).busy; })) << sequence;
        }
        f.worker().shutdown();
        for (int t = 0; t < 2; ++t)
            expectSound(f.look(t ? ModelTask::Detect : ModelTask::Segment), asked[t], versions[t]);
        if (HasFatalFailure()) FAIL() << "sequence " << sequence;
    }
}

}  // namespace
}  // namespace vl::test
