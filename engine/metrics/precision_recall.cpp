// SPDX-License-Identifier: Apache-2.0
#include "engine/metrics/precision_recall.h"

#include <algorithm>
#include <limits>
#include <string>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/topk.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

#include "engine/core/error.h"

namespace vl {
namespace {

/// Features as float64 with their squared lengths; the products of float32 would lose close neighbours.
struct Points {
    explicit Points(const at::Tensor& features) : values(features.detach().to(at::kCPU, at::kDouble)) {
        if (!at::isfinite(values).all().item<bool>())
            throw Error(ErrorCode::NonFinite, "The features of a picture hold a value that is not finite.",
                        "Check the pictures and the network they were put through.");
        lengths = values.square().sum(1);
    }
    std::int64_t count() const { return values.size(0); }

    at::Tensor values, lengths;
};

struct Block {
    std::int64_t from = 0, count = 0;
    at::Tensor of(const at::Tensor& tensor) const { return tensor.narrow(0, from, count); }
};

template <typename Visit>
void forBlocks(std::int64_t total, std::int64_t size, Visit&& visit) {
    for (std::int64_t from = 0; from < total; from += size)
        visit(Block{from, std::min(size, total - from)});
}

/// Squared distances [rows, columns].
at::Tensor distances(const Points& a, const Block& rows, const Points& b, const Block& columns) {
    const at::Tensor products = at::matmul(rows.of(a.values), columns.of(b.values).t());
    at::Tensor result = rows.of(a.lengths).unsqueeze(1) + columns.of(b.lengths).unsqueeze(0);
    result -= products * 2;
    if (&a == &b && rows.from < columns.from + columns.count && columns.from < rows.from + rows.count) {
        // Rounding must not push a point off itself.
        const auto first = std::max(rows.from, columns.from);
        const auto last = std::min(rows.from + rows.count, columns.from + columns.count);
        result.narrow(0, first - rows.from, last - first)
            .narrow(1, first - columns.from, last - first)
            .fill_diagonal_(0);
    }
    return result.clamp_min_(0);
}

/// Tells how much of the three passes over pairs is done.
class Pairs {
public:
    Pairs(const PrecisionRecallOptions& options, double total) : options_(options), total_(total) {}
    void add(const Block& rows, std::int64_t columns) {
        done_ += static_cast<double>(rows.count) * static_cast<double>(columns);
        if (options_.progress) options_.progress(std::min(1.0, done_ / total_));
    }

private:
    const PrecisionRecallOptions& options_;
    double total_, done_ = 0;
};

void requireSet(const at::Tensor& features, int neighbours) {
    if (!features.defined() || features.dim() != 2)
        throw Error(ErrorCode::Mismatch, "Features must be rows of equal width.", "Give one row a picture.");
    if (neighbours < 1 || features.size(0) <= neighbours)
        throw Error(ErrorCode::Usage,
                    "Precision and recall need at least " + std::to_string(std::max(neighbours, 1) + 1) +
                        " pictures on each side.",
                    "Use more pictures.");
}

at::Tensor radiiOf(const Points& points, const PrecisionRecallOptions& options, Pairs& pairs) {
    const int kept = options.neighbours + 1;  // the point itself is its own nearest
    at::Tensor radii = at::zeros({points.count()}, at::kDouble);
    forBlocks(points.count(), options.rows, [&](const Block& rows) {
        at::Tensor nearest = at::full({rows.count, kept}, std::numeric_limits<double>::infinity(), at::kDouble);
        forBlocks(points.count(), options.columns, [&](const Block& columns) {
            const at::Tensor all = at::cat({nearest, distances(points, rows, points, columns)}, 1);
            nearest = std::get<0>(at::topk(all, kept, 1, /*largest=*/false));
        });
        rows.of(radii).copy_(std::get<0>(nearest.max(1)));
        pairs.add(rows, points.count());
    });
    return radii;
}

}  // namespace

at::Tensor manifoldRadii(const at::Tensor& features, const PrecisionRecallOptions& options) {
    const c10::NoGradGuard noGrad;
    requireSet(features, options.neighbours);
    const Points points(features);
    Pairs pairs(options, static_cast<double>(points.count()) * static_cast<double>(points.count()));
    return radiiOf(points, options, pairs);
}

PrecisionRecall precisionRecall(const at::Tensor& reference, const at::Tensor& samples,
                                const PrecisionRecallOptions& options) {
    const c10::NoGradGuard noGrad;
    requireSet(reference, options.neighbours);
    requireSet(samples, options.neighbours);
    if (reference.size(1) != samples.size(1))
        throw Error(ErrorCode::Mismatch, "The features of the two sets have different widths.",
                    "Use one network for both.");
    const Points real(reference), made(samples);
    const auto n = static_cast<double>(real.count()), m = static_cast<double>(made.count());
    Pairs pairs(options, n * n + m * m + n * m);
    const at::Tensor realRadii = radiiOf(real, options, pairs), madeRadii = radiiOf(made, options, pairs);
    const at::Tensor realFound = at::zeros({real.count()}, at::kBool), madeFound = at::zeros({made.count()}, at::kBool);
    forBlocks(real.count(), options.rows, [&](const Block& rows) {
        forBlocks(made.count(), options.columns, [&](const Block& columns) {
            const at::Tensor between = distances(real, rows, made, columns);
            at::Tensor found = rows.of(realFound);
            found |= (between <= columns.of(madeRadii).unsqueeze(0)).any(1);
            found = columns.of(madeFound);
            found |= (between <= rows.of(realRadii).unsqueeze(1)).any(0);
        });
        pairs.add(rows, made.count());
    });
    return {madeFound.sum().item<double>() / m, realFound.sum().item<double>() / n};
}

}  // namespace vl
