// SPDX-License-Identifier: Apache-2.0
#include "engine/metrics/inception_score.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <ATen/TensorOperators.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/xlogy.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

#include "engine/core/error.h"

namespace vl {

InceptionScore::InceptionScore(std::int64_t splitSize) : splitSize_(std::max<std::int64_t>(splitSize, 1)) {}

void InceptionScore::add(const at::Tensor& probabilities) {
    const c10::NoGradGuard noGrad;
    if (probabilities.dim() != 2 || probabilities.size(1) < 1 ||
        (sum_.defined() && sum_.size(0) != probabilities.size(1)))
        throw Error(ErrorCode::Mismatch, "Probabilities of another number of classes cannot be added to a score.",
                    "Use one network for all pictures.");
    const at::Tensor wide = probabilities.detach().to(at::kCPU, at::kDouble);
    if (!at::isfinite(wide).all().item<bool>())
        throw Error(ErrorCode::NonFinite, "The classes of a picture hold a value that is not finite.",
                    "Check the pictures and the network they were put through.");
    if (!sum_.defined()) sum_ = at::zeros({wide.size(1)}, at::kDouble);
    for (std::int64_t from = 0; from < wide.size(0);) {
        const auto part = std::min(splitSize_ - inSplit_, wide.size(0) - from);
        addToSplit(wide.narrow(0, from, part));
        from += part;
    }
}

void InceptionScore::addToSplit(const at::Tensor& part) {
    sum_ += part.sum(0);
    negentropy_ += at::xlogy(part, part).sum().item<double>();  // 0 log 0 counts as 0
    inSplit_ += part.size(0);
    count_ += part.size(0);
    if (inSplit_ < splitSize_) return;
    finished_.push_back(splitScore());
    sum_.zero_();
    negentropy_ = 0;
    inSplit_ = 0;
}

double InceptionScore::splitScore() const {
    const auto pictures = static_cast<double>(inSplit_);
    const at::Tensor mean = sum_ / pictures;
    return std::exp(negentropy_ / pictures - at::xlogy(mean, mean).sum().item<double>());
}

double InceptionScore::value() const {
    if (count_ < 1) throw Error(ErrorCode::Usage, "There are no pictures to score.", "Add pictures first.");
    const c10::NoGradGuard noGrad;
    const double rest = inSplit_ > 0 ? splitScore() : 0;
    const auto splits = finished_.size() + (inSplit_ > 0 ? 1 : 0);
    return (std::accumulate(finished_.begin(), finished_.end(), 0.0) + rest) / static_cast<double>(splits);
}

}  // namespace vl
