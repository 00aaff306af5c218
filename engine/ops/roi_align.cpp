// SPDX-License-Identifier: Apache-2.0
#include "engine/ops/roi_align.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

#include "engine/core/error.h"

namespace vl {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// The samples along one axis, cell after cell: two neighbours and the weight of the second. A sample outside the map
/// has both weights zero.
template <typename T>
struct AxisSamples {
    std::int64_t perCell = 1;
    std::vector<std::int64_t> low, high;
    std::vector<T> lowWeight, highWeight;

    void fill(T start, T extent, std::int64_t cells, std::int64_t length) {
        perCell = roiAlignSamples(static_cast<double>(extent), cells);
        const auto count = static_cast<std::size_t>(cells * perCell);
        low.assign(count, 0), high.assign(count, 0);
        lowWeight.assign(count, T(0)), highWeight.assign(count, T(0));
        const T cell = extent / static_cast<T>(cells);
        for (std::int64_t i = 0; i < cells * perCell; ++i) {
            const T inside = (static_cast<T>(i % perCell) + T(0.5)) * cell / static_cast<T>(perCell);
            place(static_cast<std::size_t>(i), start + static_cast<T>(i / perCell) * cell + inside, length);
        }
    }

private:
    void place(std::size_t i, T at, std::int64_t length) {
        if (!(at >= T(-1) && at <= static_cast<T>(length))) return;
        at = std::max(at, T(0));
        const auto below = std::min(static_cast<std::int64_t>(at), length - 1);
        low[i] = below;
        high[i] = std::min(below + 1, length - 1);
        highWeight[i] = below == length - 1 ? T(0) : at - static_cast<T>(below);
        lowWeight[i] = T(1) - highWeight[i];
    }
};

template <typename T>
struct Placement {
    std::int64_t image = 0;
    AxisSamples<T> rows, columns;

    void fill(const T* region, const at::Tensor& features, const RoiAlignOptions& options) {
        image = static_cast<std::int64_t>(region[0]);
        const T scale = static_cast<T>(options.scale);
        const T x = region[1] * scale - T(0.5), y = region[2] * scale - T(0.5);
        columns.fill(x, region[3] * scale - T(0.5) - x, options.size, features.size(3));
        rows.fill(y, region[4] * scale - T(0.5) - y, options.size, features.size(2));
    }
    T share() const { return T(1) / static_cast<T>(std::max<std::int64_t>(1, rows.perCell * columns.perCell)); }
};

/// One channel of one region.
template <typename T>
void gather(const Placement<T>& place, const T* plane, std::int64_t width, std::int64_t size, T* out) {
    for (std::int64_t cell = 0; cell < size * size; ++cell) {
        T sum = 0;
        const auto firstRow = static_cast<std::size_t>(cell / size * place.rows.perCell);
        const auto firstColumn = static_cast<std::size_t>(cell % size * place.columns.perCell);
        for (std::size_t r = firstRow; r < firstRow + static_cast<std::size_t>(place.rows.perCell); ++r) {
            const T* upper = plane + place.rows.low[r] * width;
            const T* lower = plane + place.rows.high[r] * width;
            for (std::size_t c = firstColumn; c < firstColumn + static_cast<std::size_t>(place.columns.perCell); ++c) {
                const std::int64_t left = place.columns.low[c], right = place.columns.high[c];
                const T leftWeight = place.columns.lowWeight[c], rightWeight = place.columns.highWeight[c];
                sum += place.rows.lowWeight[r] * (leftWeight * upper[left] + rightWeight * upper[right]) +
                       place.rows.highWeight[r] * (leftWeight * lower[left] + rightWeight * lower[right]);
            }
        }
        out[cell] = sum * place.share();
    }
}

/// The transpose of gather().
template <typename T>
void scatter(const Placement<T>& place, const T* gradient, std::int64_t width, std::int64_t size, T* plane) {
    for (std::int64_t cell = 0; cell < size * size; ++cell) {
        const T value = gradient[cell] * place.share();
        const auto firstRow = static_cast<std::size_t>(cell / size * place.rows.perCell);
        const auto firstColumn = static_cast<std::size_t>(cell % size * place.columns.perCell);
        for (std::size_t r = firstRow; r < firstRow + static_cast<std::size_t>(place.rows.perCell); ++r) {
            T* upper = plane + place.rows.low[r] * width;
            T* lower = plane + place.rows.high[r] * width;
            const T upperValue = value * place.rows.lowWeight[r], lowerValue = value * place.rows.highWeight[r];
            for (std::size_t c = firstColumn; c < firstColumn + static_cast<std::size_t>(place.columns.perCell); ++c) {
                const std::int64_t left = place.columns.low[c], right = place.columns.high[c];
                upper[left] += upperValue * place.columns.lowWeight[c];
                upper[right] += upperValue * place.columns.highWeight[c];
                lower[left] += lowerValue * place.columns.lowWeight[c];
                lower[right] += lowerValue * place.columns.highWeight[c];
            }
        }
    }
}

template <typename T>
void forwardKernel(const at::Tensor& features, const at::Tensor& regions, const RoiAlignOptions& options,
                   at::Tensor& out) {
    const std::int64_t channels = features.size(1), plane = features.size(2) * features.size(3);
    const std::int64_t cells = options.size * options.size;
    const T* in = features.const_data_ptr<T>();
    const T* region = regions.const_data_ptr<T>();
    T* to = out.data_ptr<T>();
    at::parallel_for(0, regions.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
        Placement<T> place;
        for (std::int64_t n = begin; n < end; ++n) {
            place.fill(region + 5 * n, features, options);
            for (std::int64_t c = 0; c < channels; ++c) {
                gather(place, in + (place.image * channels + c) * plane, features.size(3), options.size,
                       to + (n * channels + c) * cells);
            }
        }
    });
}

/// Tasks own channels, so two regions over the same cells never write at once and the order of additions is fixed.
template <typename T>
void backwardKernel(const at::Tensor& gradient, const at::Tensor& regions, const RoiAlignOptions& options,
                    at::Tensor& out) {
    const std::int64_t channels = out.size(1), plane = out.size(2) * out.size(3);
    const std::int64_t cells = options.size * options.size;
    const T* from = gradient.const_data_ptr<T>();
    const T* region = regions.const_data_ptr<T>();
    T* to = out.data_ptr<T>();
    const std::int64_t grain = std::max<std::int64_t>(1, channels / at::get_num_threads());
    at::parallel_for(0, channels, grain, [&](std::int64_t begin, std::int64_t end) {
        Placement<T> place;
        for (std::int64_t n = 0; n < regions.size(0); ++n) {
            place.fill(region + 5 * n, out, options);
            for (std::int64_t c = begin; c < end; ++c) {
                scatter(place, from + (n * channels + c) * cells, out.size(3), options.size,
                        to + (place.image * channels + c) * plane);
            }
        }
    });
}

at::Tensor forwardCpu(const at::Tensor& features, const at::Tensor& regions, const RoiAlignOptions& options) {
    at::Tensor out = at::empty({regions.size(0), features.size(1), options.size, options.size}, features.options());
    if (features.scalar_type() == at::kDouble) {
        forwardKernel<double>(features, regions, options, out);
    } else {
        forwardKernel<float>(features, regions, options, out);
    }
    return out;
}

struct RoiAlignFunction : torch::autograd::Function<RoiAlignFunction> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& features, const at::Tensor& regions,
                              std::int64_t size, double scale) {
        context->save_for_backward({regions});
        context->saved_data["shape"] = features.sizes().vec();
        context->saved_data["size"] = size;
        context->saved_data["scale"] = scale;
        return forwardCpu(features, regions, {size, scale});
    }
    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const at::Tensor regions = context->get_saved_variables()[0], gradient = gradients[0].contiguous();
        const RoiAlignOptions options{context->saved_data["size"].toInt(), context->saved_data["scale"].toDouble()};
        at::Tensor out = at::zeros(context->saved_data["shape"].toIntVector(), gradient.options());
        if (gradient.scalar_type() == at::kDouble) {
            backwardKernel<double>(gradient, regions, options, out);
        } else {
            backwardKernel<float>(gradient, regions, options, out);
        }
        return {out, {}, {}, {}};
    }
};

void checkRegions(const at::Tensor& features, const at::Tensor& regions) {
    const at::Tensor list = regions.detach().to(at::kCPU, at::kDouble).contiguous();
    const double* value = list.const_data_ptr<double>();
    for (std::int64_t i = 0; i < list.numel(); ++i) {
        const bool index = i % 5 == 0;
        if (std::isfinite(value[i]) && (!index || (value[i] >= 0 && value[i] < static_cast<double>(features.size(0)))))
            continue;
        throw Error(ErrorCode::Internal,
                    "Region " + std::to_string(i / 5) + " lies outside its batch or is not finite.",
                    "The weights may have diverged.");
    }
}

}  // namespace

std::int64_t roiAlignSamples(double extent, std::int64_t size) {
    constexpr double kMost = 4096;  // a runaway box must not take the machine's memory
    return static_cast<std::int64_t>(std::clamp(std::ceil(extent / static_cast<double>(size)), 0.0, kMost));
}

at::Tensor roiAlign(const at::Tensor& features, const at::Tensor& regions, const RoiAlignOptions& options) {
    const at::ScalarType type = features.scalar_type();
    if (!features.is_cpu()) return roiAlignReference(features, regions, options);
    // Weights of eight bits would move the samples.
    if (type != at::kFloat && type != at::kDouble) return roiAlign(features.to(at::kFloat), regions, options).to(type);
    checkRegions(features, regions);
    const at::Tensor map = features.contiguous(), list = regions.detach().to(type).contiguous();
    if (!(at::GradMode::is_enabled() && features.requires_grad())) return forwardCpu(map.detach(), list, options);
    return RoiAlignFunction::apply(map, list, options.size, options.scale);
}

}  // namespace vl
