// SPDX-License-Identifier: Apache-2.0
#include "engine/ops/resized_cross_entropy.h"

#include <algorithm>
#include <vector>

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/scalar_tensor.h>
#include <torch/csrc/autograd/custom_function.h>

#include "engine/ops/cpu/dispatch.h"
#include "engine/ops/cpu/kernels.h"

namespace vl {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Where one output place lies between two inputs: value = (1 - share) in[first] + share in[second].
struct Tap {
    std::int64_t first = 0, second = 0;
    float share = 0;
};

/// torch's rule for align_corners = false, in its float32 arithmetic.
std::vector<Tap> bilinearTaps(std::int64_t from, std::int64_t to) {
    const float scale = static_cast<float>(from) / static_cast<float>(to);
    std::vector<Tap> taps(static_cast<std::size_t>(to));
    for (std::int64_t i = 0; i < to; ++i) {
        const float at = std::max(0.0f, scale * (static_cast<float>(i) + 0.5f) - 0.5f);
        const auto first = std::min(static_cast<std::int64_t>(at), from - 1);
        taps[static_cast<std::size_t>(i)] = {first, std::min(first + 1, from - 1), at - static_cast<float>(first)};
    }
    return taps;
}

struct Shape {
    std::int64_t classes = 0, rows = 0, columns = 0;  ///< of one picture's logits
    std::int64_t height = 0, width = 0;               ///< of its labels
};

/// One thread's pass over pictures. Bilinear weights are a product, so rows are widened once and only blended after.
class PicturePass {
public:
    PicturePass(const Shape& shape, std::int64_t ignored, bool withGradient)
        : shape_(shape),
          ignored_(ignored),
          down_(bilinearTaps(shape.rows, shape.height)),
          across_(bilinearTaps(shape.columns, shape.width)),
          wide_(static_cast<std::size_t>(shape.classes * shape.rows * shape.width)),
          wideGradient_(withGradient ? wide_.size() : 0),
          scratch_(static_cast<std::size_t>(shape.classes * cpu::kernels().vectorFloats)) {}

    /// logits [K, h, w]; labels [H, W]; gradient [K, h, w] is written, or null.
    void run(const float* logits, const std::int64_t* labels, float* gradient, cpu::CrossEntropySums& sums) {
        widen(logits);
        std::fill(wideGradient_.begin(), wideGradient_.end(), 0.0f);
        cpu::CrossEntropyRow row;
        row.classes = shape_.classes;
        row.width = shape_.width;
        row.plane = shape_.rows * shape_.width;
        row.ignored = ignored_;
        for (std::int64_t y = 0; y < shape_.height; ++y) {
            const Tap& tap = down_[static_cast<std::size_t>(y)];
            row.upper = wide_.data() + tap.first * shape_.width;
            row.lower = wide_.data() + tap.second * shape_.width;
            row.upperWeight = 1 - tap.share;
            row.lowerWeight = tap.share;
            row.labels = labels + y * shape_.width;
            if (gradient) {
                row.upperGradient = wideGradient_.data() + tap.first * shape_.width;
                row.lowerGradient = wideGradient_.data() + tap.second * shape_.width;
            }
            cpu::kernels().crossEntropyRow(row, scratch_.data(), sums);
        }
        if (gradient) narrow(gradient);
    }

private:
    void widen(const float* logits) {
        for (std::int64_t line = 0; line < shape_.classes * shape_.rows; ++line) {
            const float* from = logits + line * shape_.columns;
            float* to = wide_.data() + line * shape_.width;
            for (const Tap& tap : across_)
                *to++ = (1 - tap.share) * from[tap.first] + tap.share * from[tap.second];
        }
    }
    void narrow(float* gradient) const {
        for (std::int64_t line = 0; line < shape_.classes * shape_.rows; ++line) {
            const float* from = wideGradient_.data() + line * shape_.width;
            float* to = gradient + line * shape_.columns;
            std::fill_n(to, shape_.columns, 0.0f);
            for (const Tap& tap : across_) {
                to[tap.first] += (1 - tap.share) * *from;
                to[tap.second] += tap.share * *from++;
            }
        }
    }

    Shape shape_;
    std::int64_t ignored_;
    std::vector<Tap> down_, across_;
    std::vector<float> wide_, wideGradient_;  ///< [K, h, W]
    std::vector<float> scratch_;
};

/// `gradient` [B, K, h, w] is written when defined. Sums are added picture by picture, whatever the threads.
cpu::CrossEntropySums fusedPass(const at::Tensor& logits, const at::Tensor& labels, std::int64_t ignored,
                                const at::Tensor& gradient) {
    const Shape shape{logits.size(1), logits.size(2), logits.size(3), labels.size(1), labels.size(2)};
    const std::int64_t logitStride = shape.classes * shape.rows * shape.columns;
    const std::int64_t labelStride = shape.height * shape.width;
    std::vector<cpu::CrossEntropySums> pictures(static_cast<std::size_t>(logits.size(0)));
    at::parallel_for(0, logits.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
        PicturePass pass(shape, ignored, gradient.defined());
        for (std::int64_t b = begin; b < end; ++b)
            pass.run(logits.const_data_ptr<float>() + b * logitStride,
                     labels.const_data_ptr<std::int64_t>() + b * labelStride,
                     gradient.defined() ? gradient.data_ptr<float>() + b * logitStride : nullptr,
                     pictures[static_cast<std::size_t>(b)]);
    });
    cpu::CrossEntropySums total;
    for (const cpu::CrossEntropySums& picture : pictures) {
        total.loss += picture.loss;
        total.labelled += picture.labelled;
        total.right += picture.right;
    }
    return total;
}

struct CrossEntropyFunction : torch::autograd::Function<CrossEntropyFunction> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& logits, const at::Tensor& labels,
                              std::int64_t ignored, cpu::CrossEntropySums* sums) {
        const at::Tensor gradient = at::empty(logits.sizes(), logits.options());
        *sums = fusedPass(logits, labels, ignored, gradient);
        context->save_for_backward({gradient});
        return at::scalar_tensor(sums->loss, logits.options());
    }
    static variable_list backward(AutogradContext* context, variable_list gradients) {
        return {context->get_saved_variables()[0] * gradients[0], {}, {}, {}};
    }
};

}  // namespace

ResizedCrossEntropy resizedCrossEntropy(const at::Tensor& logits, const at::Tensor& labels, std::int64_t ignored) {
    const bool fits = logits.dim() == 4 && labels.dim() == 3 && labels.is_cpu() && labels.is_contiguous();
    if (!fits || !cpu::kernelsApply({logits})) return resizedCrossEntropyReference(logits, labels, ignored);
    cpu::CrossEntropySums sums;
    at::Tensor sum;
    if (cpu::recordsGradient({logits})) {
        sum = CrossEntropyFunction::apply(logits, labels, ignored, &sums);
    } else {
        sums = fusedPass(logits, labels, ignored, {});
        sum = at::scalar_tensor(sums.loss, logits.options());
    }
    return {sum, sums.labelled, sums.right};
}

}  // namespace vl
