// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace vl {

/// A garment of Fashion-MNIST cut out of its black ground, to be drawn at any size and turn.
class SceneGarment {
public:
    static constexpr int kSide = 28;

    /// `pixels` [28][28]. `openHoles`: what shows through large gaps (a sandal's straps, a bag's handle) is not garment;
    /// of other classes every gap is filled, being a dark print.
    SceneGarment(std::span<const std::uint8_t> pixels, bool openHoles);

    /// Pixels that are garment.
    int area() const { return area_; }
    bool covers(int x, int y) const { return shape_[index(x, y)] > 0; }

    struct Point {
        float inside;                     ///< 0..1; the outline is at 0.5
        float shade;                      ///< 0..1
    };
    /// At a place in the 28 x 28 picture; pixel (i, j) has its centre at (i + 0.5, j + 0.5). The outline is smooth
    /// (cubic B-spline), the shade exact at pixel centres (Catmull-Rom).
    Point at(float x, float y) const;

private:
    static std::size_t index(int x, int y) { return static_cast<std::size_t>(y * kSide + x); }
    void keepLargeParts();
    void fillHoles(bool openHoles);
    void spreadShade();

    std::vector<float> shape_, shade_;
    int area_ = 0;
};

}  // namespace vl
