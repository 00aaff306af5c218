// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>
#include <nlohmann/json.hpp>

namespace vl {

/// A size a case gives; throws Error(BadFile) naming `what` when it is not in low..high.
std::int64_t recordedSize(const nlohmann::json& value, const std::string& what, std::int64_t low, std::int64_t high);

/// `count` boxes of the stream `name` in the recorded detection cases: with v = (u + 1) / 2 row by row, centre (v0 W,
/// v1 H) and size (smallest + 0.4 W v2, smallest + 0.4 H v3), computed in double, then float32 [count, 4].
at::Tensor recordedBoxes(const std::string& name, std::int64_t count, double smallest, double height, double width);

/// floor((u + 1) / 2 * classes) of `name`, int64 [count].
at::Tensor recordedClasses(const std::string& name, std::int64_t count, std::int64_t classes);

/// The disc inscribed in a box [4] on a canvas: pixels whose centres lie in the ellipse, in double. bool [height,
/// width].
at::Tensor recordedEllipse(const at::Tensor& box, std::int64_t height, std::int64_t width);

/// Compares a found list with a recorded one row by row, where rows whose scores agree within the tolerance may have
/// changed places: each recorded row takes the closest unused one.
class RowMatcher {
public:
    /// boxes [n, 4], scores [n], labels [n] or undefined. Boxes are measured on `scale` pixels, scores on themselves.
    RowMatcher(const at::Tensor& boxes, const at::Tensor& scores, const at::Tensor& labels, double scale);
    /// The row taken, or -1 when there is none of that label left. `label` < 0: any.
    std::int64_t match(const std::array<double, 4>& box, double score, std::int64_t label);
    /// Of all rows so far; infinite when one found no partner.
    double worst() const { return worst_; }

private:
    double distance(std::int64_t row, const std::array<double, 4>& box, double score) const;

    at::Tensor boxes_, scores_, labels_;
    double scale_;
    std::vector<bool> used_;
    double worst_ = 0;
};

}  // namespace vl
