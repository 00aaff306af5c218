// SPDX-License-Identifier: Apache-2.0
#include "engine/data/film_file.h"

#include <gtest/gtest.h>

#include "engine/api/run_folder.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"

namespace vl::test {
namespace {

FilmFrame frameAt(std::int64_t step, int channels = 1) {
    FilmFrame frame;
    frame.step = step;
    frame.epoch = static_cast<double>(step) / 10;
    frame.guidance = 4;
    for (int label = 0; label < 3; ++label)
        for (int i = 0; i < 2; ++i) {
            frame.labels.push_back(label);
            Image cell{4, 4, channels, {}};
            for (int p = 0; p < 16 * channels; ++p)
                cell.pixels.push_back(static_cast<std::uint8_t>(step + 20 * label + 7 * i + p));
            frame.cells.push_back(cell);
        }
    return frame;
}

TEST(Film, ComesBackAsItWasWritten) {
    const ScratchFolder run;
    const FilmFrame grey = frameAt(5), colour = frameAt(10, 3);
    appendFilmFrame(run.path(), grey);
    appendFilmFrame(run.path(), colour);
    const auto film = readFilm(run.path());
    ASSERT_EQ(film.size(), 2u);
    EXPECT_EQ(film[1].step, 10);
    EXPECT_EQ(film[1].guidance, 4);
    EXPECT_EQ(film[1].labels, colour.labels);
    for (std::size_t i = 0; i < 6; ++i) {
        EXPECT_EQ(film[0].cells[i].pixels, grey.cells[i].pixels) << i;
        EXPECT_EQ(film[1].cells[i].pixels, colour.cells[i].pixels) << i;
    }
}

TEST(Film, LaterStepsAreCutOff) {
    const ScratchFolder run;
    for (const int step : {5, 10, 15}) appendFilmFrame(run.path(), frameAt(step));
    cutFilm(run.path(), 10);
    const auto film = readFilm(run.path());
    ASSERT_EQ(film.size(), 2u);
    EXPECT_EQ(film.back().step, 10);
}

TEST(Film, DamagedLinesAndPicturesAreLeftOut) {
    const ScratchFolder run;
    appendFilmFrame(run.path(), frameAt(5));
    const auto list = run.path() / "samples" / "film.jsonl";
    const std::string good = bytesOf(list);
    put(list, "not json\n{\"step\":1}\n{\"step\":2,\"labels\":[0,1],\"file\":\"../../secret.png\"}\n"
              "{\"step\":3,\"labels\":\"x\",\"file\":\"step-00000005.png\"}\n"
              "{\"step\":4,\"labels\":[0,1,2,3,4],\"file\":\"step-00000005.png\"}\n" + good + "{\"step\":9,\"lab");
    const auto film = readFilm(run.path());
    ASSERT_EQ(film.size(), 1u);
    EXPECT_EQ(film.front().step, 5);
}

TEST(Film, RefusesCellsThatFormNoGrid) {
    const ScratchFolder run;
    FilmFrame frame = frameAt(5);
    frame.cells.pop_back();
    expectError(ErrorCode::Usage, [&] { appendFilmFrame(run.path(), frame); });
    EXPECT_TRUE(readFilm(run.path() / "nothing").empty());
}

}  // namespace
}  // namespace vl::test
