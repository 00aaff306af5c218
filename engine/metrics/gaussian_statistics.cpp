// SPDX-License-Identifier: Apache-2.0
#include "engine/metrics/gaussian_statistics.h"

#include <string>

#include <ATen/TensorOperators.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/linalg_eigh.h>
#include <ATen/ops/linalg_eigvalsh.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/outer.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

#include "engine/core/error.h"

namespace vl {
namespace {

void requireFinite(const at::Tensor& values, const char* what) {
    if (at::isfinite(values).all().item<bool>()) return;
    throw Error(ErrorCode::NonFinite, std::string(what) + " hold a value that is not finite.",
                "Check the pictures and the network they were put through.");
}

at::Tensor checkedMoment(const at::Tensor& moment, at::IntArrayRef sizes, const char* what) {
    if (!moment.defined() || moment.sizes() != sizes)
        throw Error(ErrorCode::Mismatch, std::string("The ") + what + " of two sets of features have different sizes.",
                    "Compare statistics of the same network.");
    const at::Tensor wide = moment.detach().to(at::kCPU, at::kDouble);
    requireFinite(wide, "The statistics");
    return wide;
}

/// The symmetric root of a covariance; rounding makes zero eigenvalues slightly negative.
at::Tensor symmetricRoot(const at::Tensor& covariance) {
    const auto [values, vectors] = at::linalg_eigh(covariance);
    return at::matmul(vectors * values.clamp_min(0).sqrt(), vectors.t());
}

}  // namespace

void GaussianStatistics::add(const at::Tensor& features) {
    const c10::NoGradGuard noGrad;
    if (features.dim() != 2 || features.size(1) < 1 || (mean_.defined() && features.size(1) != mean_.size(0)))
        throw Error(ErrorCode::Mismatch, "Features of another width cannot be added to these statistics.",
                    "Use one network for all pictures.");
    const at::Tensor wide = features.detach().to(at::kCPU, at::kDouble);
    requireFinite(wide, "The features of a picture");
    const auto added = wide.size(0), width = wide.size(1);
    if (!mean_.defined()) {
        mean_ = at::zeros({width}, at::kDouble);
        scatter_ = at::zeros({width, width}, at::kDouble);
    }
    if (added == 0) return;
    // Chan, Golub & LeVeque 1983: the batch's own moments about its own mean, then the shift between the means.
    const at::Tensor mean = wide.mean(0), centred = wide - mean, shift = mean - mean_;
    const auto total = static_cast<double>(count_ + added);
    const double before = static_cast<double>(count_), share = static_cast<double>(added) / total;
    scatter_ += at::matmul(centred.t(), centred) + at::outer(shift, shift) * (before * share);
    mean_ += shift * share;
    count_ += added;
}

at::Tensor GaussianStatistics::mean() const {
    if (count_ < 1) throw Error(ErrorCode::Usage, "There are no features to take a mean of.", "Add pictures first.");
    return mean_.clone();
}

at::Tensor GaussianStatistics::covariance() const {
    if (count_ < 2)
        throw Error(ErrorCode::Usage, "A covariance needs the features of at least two pictures.",
                    "Add more pictures.");
    return scatter_ / static_cast<double>(count_ - 1);
}

double frechetDistance(const at::Tensor& mean1, const at::Tensor& covariance1, const at::Tensor& mean2,
                       const at::Tensor& covariance2) {
    const c10::NoGradGuard noGrad;
    const std::int64_t width = mean1.defined() && mean1.dim() == 1 ? mean1.size(0) : 0;
    if (width < 1)
        throw Error(ErrorCode::Mismatch, "There are no statistics to compare.", "Give the mean of some features.");
    const at::Tensor m1 = checkedMoment(mean1, {width}, "means"), m2 = checkedMoment(mean2, {width}, "means");
    const at::Tensor c1 = checkedMoment(covariance1, {width, width}, "covariances");
    const at::Tensor c2 = checkedMoment(covariance2, {width, width}, "covariances");
    // c1 c2 has the eigenvalues of the symmetric c1^(1/2) c2 c1^(1/2), which need no complex numbers.
    const at::Tensor root = symmetricRoot(c1);
    const at::Tensor product = at::matmul(at::matmul(root, c2), root);
    const at::Tensor eigenvalues = at::linalg_eigvalsh((product + product.t()) / 2);
    const double cross = eigenvalues.clamp_min(0).sqrt().sum().item<double>();
    return (m1 - m2).square().sum().item<double>() + c1.trace().item<double>() + c2.trace().item<double>() - 2 * cross;
}

}  // namespace vl
