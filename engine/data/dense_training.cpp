// SPDX-License-Identifier: Apache-2.0
#include "engine/data/dense_training.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "engine/core/error.h"
#include "engine/core/text.h"

namespace vl {
namespace {

/// Each sample of an epoch has draws of its own, whatever worker makes it.
constexpr std::uint64_t kSampleStream = 0x64656E7365ull;

void normalise(const Image& picture, float* out) {
    const auto pixels = static_cast<std::size_t>(picture.width) * picture.height;
    for (std::size_t c = 0; c < 3; ++c) {
        const auto scale = static_cast<float>(1 / (255 * kImagenetStd[c]));
        const auto shift = static_cast<float>(kImagenetMean[c] / kImagenetStd[c]);
        for (std::size_t i = 0; i < pixels; ++i)
            out[c * pixels + i] = static_cast<float>(picture.pixels[3 * i + c]) * scale - shift;
    }
}

}  // namespace

std::vector<int> sidesOf(const std::string& text) {
    std::vector<int> sides;
    for (const std::string& word : splitText(text, ',')) {
        if (word.empty()) continue;
        int side = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), side);
        if (error != std::errc{} || end != word.data() + word.size() || side < 1 || side > 1 << 15)
            throw Error(ErrorCode::Usage, "dense.short_sides holds '" + printable(word) + "', which is no side in pixels.",
                        "List sides with commas, such as 480, 512, 544.");
        sides.push_back(side);
    }
    return sides;
}

DenseTraining::DenseTraining(std::shared_ptr<const DenseDataset> data, ModelTask task, const DenseSettings& settings,
                             bool flip, int canvas)
    : Dataset(data->classes().names, canvas, 3), data_(std::move(data)), task_(task) {
    segment_ = {.crop = canvas,
                .baseLong = settings.baseLong,
                .baseShort = settings.baseShort,
                .minRatio = settings.minRatio,
                .maxRatio = settings.maxRatio,
                .mostOfOneClass = settings.mostOfOneClass,
                .flip = flip,
                .photometric = settings.photometric};
    detect_ = {.size = canvas,
               .shortSides = sidesOf(settings.shortSides),
               .maxLong = settings.maxLong,
               .minScale = settings.minRatio,
               .maxScale = settings.maxRatio,
               .flip = flip};
}

DenseSample DenseTraining::readable(std::int64_t index) const {
    // A whole data set of broken files must end, not go round for ever.
    const std::int64_t tries = std::min<std::int64_t>(data_->size(), 100);
    for (std::int64_t i = 0; i < tries; ++i) {
        try {
            return data_->read((index + i) % data_->size());
        } catch (const Error& error) {
            const std::lock_guard lock(mutex_);
            const std::string sentence = error.message() + " " + error.hint();
            if (problems_.size() < 100 && std::ranges::find(problems_, sentence) == problems_.end())
                problems_.push_back(sentence);
        }
    }
    throw Error(ErrorCode::BadFile, "None of 100 annotated pictures from number " + std::to_string(index) + " on can be read.",
                "Look at the problems listed before.");
}

void DenseTraining::read(std::int64_t index, std::uint8_t* pixels) const {
    const TestCanvas canvas = fitForDetection(readable(index).picture, imageSize(), imageSize(), imageSize());
    std::memcpy(pixels, canvas.picture.pixels.data(), imageBytes());
}

DenseTarget DenseTraining::annotated(std::int64_t index, const RandomStream& random, float* out) const {
    const RandomStream own(random.bits(kSampleStream + static_cast<std::uint64_t>(index)), kSampleStream);
    DenseTarget target;
    target.width = target.height = imageSize();
    const DenseSample sample = readable(index);
    if (task_ == ModelTask::Segment) {
        DenseSample crop = augmentSegment(sample, segment_, own);
        normalise(crop.picture, out);
        target.labels = std::move(crop.labels);
    } else {
        DetectCanvas canvas = augmentDetect(sample, detect_, own);
        normalise(canvas.sample.picture, out);
        target.objects = std::move(canvas.sample.objects);
        target.width = canvas.width;
        target.height = canvas.height;
    }
    return target;
}

std::vector<std::string> DenseTraining::takeProblems() const {
    const std::lock_guard lock(mutex_);
    return std::exchange(problems_, {});
}

Datasets openDenseDatasets(const RunSettings& settings, ModelTask task, int canvas) {
    const auto open = [&](DenseSplit split, std::int64_t limit) {
        return task == ModelTask::Segment
                   ? openSegmentDataset(settings.data.dataset, settings.data.path, split, limit)
                   : openDetectDataset(settings.data.path, split, limit);
    };
    const auto training = [&](std::shared_ptr<const DenseDataset> data, bool flip) {
        return std::make_shared<DenseTraining>(std::move(data), task, settings.dense, flip, canvas);
    };
    Datasets sets;
    sets.train = training(open(DenseSplit::Train, settings.data.limit), settings.data.flip);
    sets.annotated = open(DenseSplit::Validation, settings.eval.limit);
    sets.evaluation = training(sets.annotated, false);
    if (sets.evaluation->classNames() != sets.train->classNames())
        throw Error(ErrorCode::Mismatch, "The training and validation parts hold different classes.",
                    "Give both the same classes.");
    return sets;
}

}  // namespace vl
