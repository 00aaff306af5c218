// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>
#include <c10/core/GradMode.h>

#include "engine/checkpoint/tensor_reader.h"
#include "engine/core/error.h"
#include "engine/io/weight_trees.h"
#include "engine/metrics/feature_extractor.h"
#include "engine/metrics/inception_v3.h"
#include "engine/metrics/picture_batch.h"

namespace vl {
namespace {

/// Along one dimension: every output lies between two inputs.
at::Tensor resampled(const at::Tensor& x, std::int64_t dimension, std::int64_t size) {
    const auto from = x.size(dimension);
    const float scale = static_cast<float>(from) / static_cast<float>(size);
    std::vector<std::int64_t> lower, upper;
    std::vector<float> share;
    for (std::int64_t i = 0; i < size; ++i) {
        const float place = static_cast<float>(i) * scale;
        lower.push_back(std::min(static_cast<std::int64_t>(std::floor(place)), from - 1));
        upper.push_back(std::min(lower.back() + 1, from - 1));
        share.push_back(place - static_cast<float>(lower.back()));
    }
    std::vector<std::int64_t> shape(static_cast<std::size_t>(x.dim()), 1);
    shape[static_cast<std::size_t>(dimension)] = size;
    const at::Tensor low = at::index_select(x, dimension, at::tensor(lower, at::kLong));
    const at::Tensor high = at::index_select(x, dimension, at::tensor(upper, at::kLong));
    return low + (high - low) * at::tensor(share, at::kFloat).view(shape);
}

InceptionV3 readNetwork(const std::filesystem::path& path) {
    const auto file = CheckpointFile::open(path);
    const auto trees = findWeights(file.tensors());
    std::unordered_map<std::string_view, const PthTensor*> tensors;
    if (!trees.empty())
        for (const NamedTensor& named : tensorsOf(trees.front(), file.tensors()))
            tensors.emplace(named.name, named.tensor);
    const ReadWatcher none;
    ReadMeter meter(none, 0);
    return InceptionV3([&](const std::string& name) {
        const auto found = tensors.find(name);
        return found == tensors.end() ? at::Tensor() : readTensor(file, *found->second, meter);
    });
}

class InceptionFeatures final : public FeatureExtractor {
public:
    explicit InceptionFeatures(const std::filesystem::path& file)
        : network_(readNetwork(file)), name_("Inception v3 of " + file.filename().string()) {}

    PictureFeatures extract(const at::Tensor& pictures) override {
        const c10::NoGradGuard noGrad;
        requirePictures(pictures);
        at::Tensor x = resizeLikeTensorFlow1(pictures.to(at::kCPU, at::kFloat), kInceptionSide);
        x = (x - 128) / 128;
        if (x.size(1) == 1) x = x.expand({-1, 3, -1, -1}).contiguous();
        const auto output = network_.forward(x);
        return {output.pooled, output.spatial, at::softmax(output.logits, 1)};
    }

    std::string name() const override { return name_; }

private:
    InceptionV3 network_;
    std::string name_;
};

}  // namespace

at::Tensor resizeLikeTensorFlow1(const at::Tensor& pictures, std::int64_t side) {
    at::Tensor x = pictures;
    if (x.size(3) != side) x = resampled(x, 3, side);
    if (x.size(2) != side) x = resampled(x, 2, side);
    return x;
}

std::unique_ptr<FeatureExtractor> inceptionFeatures(const std::filesystem::path& file) {
    return std::make_unique<InceptionFeatures>(file);
}

}  // namespace vl
