// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/core/error.h"
#include "engine/session/pictures_worker.h"
#include "tests/core/scratch_folder.h"
#include "tests/session/fake_generation.h"

namespace vl::test {

/// What a fake dense model does.
struct PicturesScript {
    int tiles = 3;
    bool failToOpen = false;
    int failOnShade = -1;                  ///< pictures of this shade break the model
    std::atomic<int> holdAtTile{-1};       ///< this tile lasts until it is given up or the number changes
    std::atomic<bool> holding{false};
    std::atomic<int> predicted{0}, answered{0};
    int videoFrames = 7;
    std::shared_ptr<Ticks> clock = std::make_shared<Ticks>();
};

inline Image shade(int width, int height, int value) {
    return {width, height, 3, std::vector<std::uint8_t>(static_cast<std::size_t>(width * height * 3), static_cast<std::uint8_t>(value))};
}

/// Runs through tiles as a model would; every pixel is of class (shade mod 3), the right half of the next one.
inline PixelClasses fakeSegmentation(PicturesScript& script, const Image& picture, const DenseProgress& progress) {
    const int value = picture.pixels.front();
    PixelClasses out{picture.width, picture.height, {}, {}, {}, {}, {}};
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x)
            out.labels.push_back(static_cast<std::uint8_t>((value + (2 * x >= picture.width ? 1 : 0)) % 3));
    out.confidence = out.second = out.secondConfidence = out.entropy = std::vector<std::uint8_t>(out.labels.size(), 200);
    for (int tile = 0; tile <= script.tiles; ++tile) {
        script.clock->milliseconds += 150;
        if (!progress(tile, script.tiles, &out)) throw Error(ErrorCode::Cancelled, "Stopped.", "Again.");
        if (tile == 1 && value == script.failOnShade)
            throw Error(ErrorCode::NonFinite, "The model broke on this picture.", "Try another.");
        while (script.holdAtTile == tile) {
            script.holding = true;
            if (!progress(tile, script.tiles, &out)) throw Error(ErrorCode::Cancelled, "Stopped.", "Again.");
            std::this_thread::yield();
        }
        script.holding = false;
    }
    ++script.predicted;
    return out;
}

/// One object: the left half, of class (shade mod 3).
inline FoundObjects fakeSearch(PicturesScript& script, const Image& picture, const DenseProgress& progress) {
    (void)fakeSegmentation(script, picture, [&](int done, int all, const PixelClasses*) { return progress(done, all, nullptr); });
    FoundObject object;
    object.box = {0, 0, static_cast<float>(picture.width / 2), static_cast<float>(picture.height)};
    object.label = picture.pixels.front() % 3;
    object.score = 0.9f;
    object.mask = {picture.width, picture.height,
                   {0, static_cast<std::uint32_t>(picture.width / 2 * picture.height),
                    static_cast<std::uint32_t>((picture.width - picture.width / 2) * picture.height)}};
    return {{object}, {}};
}

/// The shade of a file is the number in its name ("p12.png"); "broken" files cannot be read, "tiny" ones are one pixel.
inline Image fakePicture(const std::filesystem::path& file) {
    const std::string name = file.stem().string();
    if (name.find("broken") != std::string::npos)
        throw Error(ErrorCode::BadFile, file.string() + " is a damaged picture.", "Choose another.");
    const auto digit = name.find_first_of("0123456789");
    const int value = digit == std::string::npos ? 0 : std::stoi(name.substr(digit));
    return name.find("tiny") != std::string::npos ? shade(1, 1, value) : shade(40, 20, value);
}

/// A worker of fakes over a folder of empty files.
class PicturesFixture {
public:
    explicit PicturesFixture(std::shared_ptr<PicturesScript> script = std::make_shared<PicturesScript>(),
                             std::size_t keptBytes = 256u << 20, std::size_t thumbnailBytes = 128u << 20)
        : script_(std::move(script)) {
        PicturesParts parts;
        parts.open = [this](const DenseRequest& request) { return open(request); };
        parts.readers.picture = &fakePicture;
        parts.readers.isVideo = [](const std::filesystem::path& file) { return file.extension() == ".mp4"; };
        parts.readers.video = [this](const std::filesystem::path&) {
            FrameReader reader;
            auto at = std::make_shared<int>(0);
            const int frames = script_->videoFrames;
            reader.next = [at, frames]() -> std::optional<Image> {
                if (*at >= frames) return std::nullopt;
                return shade(40, 20, (*at)++);
            };
            reader.skip = [at, frames] { return (*at)++ < frames; };
            reader.frames = frames;
            return reader;
        };
        parts.changed = [this] {
            const std::lock_guard lock(mutex_);
            ++rings_;
            changed_.notify_all();
        };
        parts.notice = [this](Notice news) {
            const std::lock_guard lock(mutex_);
            notices_.push_back(std::move(news));
            ++rings_;
            changed_.notify_all();
        };
        parts.clock = script_->clock;
        parts.keptBytes = keptBytes;
        parts.thumbnailBytes = thumbnailBytes;
        worker_ = std::make_unique<PicturesWorker>(std::move(parts));
    }
    ~PicturesFixture() { worker_->shutdown(); }

    PicturesWorker& worker() { return *worker_; }
    PicturesScript& script() { return *script_; }
    const ScratchFolder& folder() const { return folder_; }
    std::filesystem::path file(const std::string& name) { return put(folder_ / name, ""); }

    DenseRequest request(std::uint64_t id, const std::filesystem::path& source, ModelTask task = ModelTask::Segment) {
        DenseRequest request;
        request.id = id;
        request.task = task;
        request.source = source;
        return request;
    }
    DenseLook look(ModelTask task = ModelTask::Segment) { return worker_->pictures(task); }
    /// The finished look of a request.
    DenseLook served(const DenseRequest& request) {
        worker_->look(request);
        EXPECT_TRUE(waitFor([&] { return !look(request.task).busy; }));
        return look(request.task);
    }
    RegionAnswer answered(RegionQuestion question) {
        worker_->ask(question);
        EXPECT_TRUE(waitFor([&] { return worker_->answer() && worker_->answer()->question == question.id; }));
        return *worker_->answer();
    }
    std::vector<Notice> notices() {
        const std::lock_guard lock(mutex_);
        return notices_;
    }
    /// How an export went.
    Notice exported(const DenseExport& request) {
        const std::size_t before = notices().size();
        worker_->exportAs(request);
        EXPECT_TRUE(waitFor([&] { return notices().size() > before; }));
        return notices().back();
    }

    bool waitFor(const std::function<bool()>& condition) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        std::unique_lock lock(mutex_);
        while (true) {
            const auto seen = rings_;
            lock.unlock();
            if (condition()) return true;
            lock.lock();
            changed_.wait_for(lock, std::chrono::milliseconds(5), [&] { return rings_ != seen; });
            if (std::chrono::steady_clock::now() > deadline) return false;
        }
    }

private:
    std::shared_ptr<const DensePredictor> open(const DenseRequest& request) {
        if (script_->failToOpen) throw Error(ErrorCode::Mismatch, "That is a classifier.", "Choose a segmenter.");
        auto predictor = std::make_shared<DensePredictor>();
        predictor->name = "model-" + std::to_string(request.id);
        predictor->source = "test";
        predictor->classes = classList({"a", "b", "c"});
        predictor->layers = 4;
        predictor->heads = 2;
        predictor->segment = [this](const Image& picture, const SegmentTesting&, const DenseProgress& progress) {
            return fakeSegmentation(*script_, picture, progress);
        };
        predictor->detect = [this](const Image& picture, const DetectTesting&, const DenseProgress& progress) {
            return fakeSearch(*script_, picture, progress);
        };
        predictor->answer = [this](const Image& picture, const RegionQuestion&) {
            ++script_->answered;
            RegionAnswer answer;
            answer.rows = answer.columns = 1;
            answer.values = {static_cast<float>(picture.width)};
            return answer;
        };
        return predictor;
    }

    std::shared_ptr<PicturesScript> script_;
    ScratchFolder folder_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t rings_ = 0;
    std::vector<Notice> notices_;
    std::unique_ptr<PicturesWorker> worker_;
};

}  // namespace vl::test
