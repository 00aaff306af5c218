// SPDX-License-Identifier: Apache-2.0
#include "engine/metrics/picture_source.h"

#include <algorithm>
#include <cstring>

#include <ATen/ops/empty.h>

#include "engine/core/error.h"
#include "engine/data/fashion_mnist.h"

namespace vl {
namespace {

constexpr std::int64_t kMostSide = 8192;
constexpr std::uint64_t kMostLabelBytes = 1u << 30;

at::Tensor planes(const at::Tensor& interleaved) { return interleaved.permute({0, 3, 1, 2}).contiguous(); }

std::span<std::byte> bytesOf(const at::Tensor& tensor) {
    return {static_cast<std::byte*>(tensor.mutable_data_ptr()), tensor.nbytes()};
}

class NpzPictures final : public PictureSource {
public:
    NpzPictures(const NpyArray& array, NpyStream stream, std::vector<int> labels)
        : shape_(array.shape), stream_(std::move(stream)), labels_(std::move(labels)) {
        if (shape_.size() == 3) shape_.push_back(1);
    }

    std::int64_t size() const override { return shape_[0]; }

    PictureBatch next(std::int64_t most) override {
        const auto count = std::min(most, size() - done_);
        if (count <= 0) return {};
        const at::Tensor batch = at::empty({count, shape_[1], shape_[2], shape_[3]}, at::kByte);
        stream_.read(bytesOf(batch));
        PictureBatch result{planes(batch), {}};
        if (!labels_.empty()) result.labels.assign(labels_.begin() + done_, labels_.begin() + done_ + count);
        done_ += count;
        return result;
    }

private:
    std::vector<std::int64_t> shape_;
    NpyStream stream_;
    std::vector<int> labels_;
    std::int64_t done_ = 0;
};

class DatasetPictures final : public PictureSource {
public:
    explicit DatasetPictures(std::shared_ptr<const Dataset> dataset) : dataset_(std::move(dataset)) {}

    std::int64_t size() const override { return dataset_->size(); }
    std::vector<std::string> classNames() const override { return dataset_->classNames(); }

    PictureBatch next(std::int64_t most) override {
        const auto count = std::min(most, size() - done_);
        if (count <= 0) return {};
        const std::int64_t side = dataset_->imageSize();
        const at::Tensor batch = at::empty({count, side, side, dataset_->channels()}, at::kByte);
        PictureBatch result;
        for (std::int64_t i = 0; i < count; ++i, ++done_) {
            dataset_->read(
                done_, batch.mutable_data_ptr<std::uint8_t>() + static_cast<std::size_t>(i) * dataset_->imageBytes());
            result.labels.push_back(dataset_->label(done_));
        }
        result.pictures = planes(batch);
        return result;
    }

private:
    std::shared_ptr<const Dataset> dataset_;
    std::int64_t done_ = 0;
};

template <typename T>
std::vector<int> labelsAs(const std::vector<std::byte>& bytes) {
    std::vector<int> labels(bytes.size() / sizeof(T));
    for (std::size_t i = 0; i < labels.size(); ++i) {
        T value{};
        std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
        const auto wide = static_cast<std::int64_t>(value);
        labels[i] = wide < 0 || wide > (1 << 24) ? -1 : static_cast<int>(wide);
    }
    return labels;
}

std::vector<int> readLabels(const NpzFile& file, const NpyArray& array) {
    const auto bytes = file.read(array, kMostLabelBytes);
    if (array.dtype == "U8") return labelsAs<std::uint8_t>(bytes);
    if (array.dtype == "I8") return labelsAs<std::int8_t>(bytes);
    if (array.dtype == "I16") return labelsAs<std::int16_t>(bytes);
    if (array.dtype == "I32") return labelsAs<std::int32_t>(bytes);
    if (array.dtype == "I64") return labelsAs<std::int64_t>(bytes);
    return {};
}

}  // namespace

std::unique_ptr<PictureSource> npzPictures(const NpzFile& file, const std::filesystem::path& path) {
    const NpyArray* array = file.find("arr_0");
    if (!array)
        throw Error(ErrorCode::BadFile, path.string() + " holds no pictures: there is no array arr_0.",
                    "Choose a file with arr_0 [N, H, W, 3] of bytes.");
    auto stream = file.stream(*array);
    const auto& shape = array->shape;
    const bool grey = shape.size() == 3, colour = shape.size() == 4 && (shape[3] == 1 || shape[3] == 3);
    const auto fits = [&](std::size_t axis) { return shape[axis] >= 1 && shape[axis] <= kMostSide; };
    if (array->dtype != "U8" || !(grey || colour) || !fits(1) || !fits(2))
        throw Error(ErrorCode::BadFile, "Array arr_0 of " + path.string() + " holds no pictures.",
                    "Save them as uint8 of shape [N, H, W, 3] or [N, H, W].");
    std::vector<int> labels;
    if (const NpyArray* numbers = file.find("arr_1");
        numbers && numbers->shape.size() == 1 && numbers->problem.empty() && numbers->shape[0] == shape[0])
        labels = readLabels(file, *numbers);
    return std::make_unique<NpzPictures>(*array, std::move(stream), std::move(labels));
}

std::unique_ptr<PictureSource> datasetPictures(std::shared_ptr<const Dataset> dataset) {
    return std::make_unique<DatasetPictures>(std::move(dataset));
}

std::unique_ptr<PictureSource> openPictures(const std::string& text) {
    constexpr int side = 28;
    if (text == "fashion-mnist" || text == "fashion-mnist:train" || text == "fashion-mnist:test")
        return datasetPictures(openFashionMnist({}, text != "fashion-mnist:test", side, 1));
    if (text.starts_with("fashion-mnist:"))
        throw Error(ErrorCode::Usage, "Fashion-MNIST has no part \"" + text.substr(14) + "\".",
                    "Write fashion-mnist or fashion-mnist:test.");
    std::error_code error;
    if (std::filesystem::is_directory(text, error)) return folderPictures(text);
    if (!std::filesystem::exists(text, error))
        throw Error(ErrorCode::NotFound, "There is no file or folder " + text + ".",
                    "Name a .npz file, a folder of pictures or fashion-mnist.");
    return npzPictures(NpzFile::open(text), text);
}

}  // namespace vl
