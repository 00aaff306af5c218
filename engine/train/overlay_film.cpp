// SPDX-License-Identifier: Apache-2.0
#include "engine/train/overlay_film.h"

#include <numeric>
#include <utility>

#include "engine/data/dense_augment.h"

namespace vl {
namespace {

constexpr int kCell = 160, kBorder = 32;  // pixels; grey of what the picture leaves free

}  // namespace

void OverlayFilm::add(const Image& overlay) {
    cells_.push_back(fitForDetection(overlay, kCell, kCell, kCell, kBorder).picture);
}

void OverlayFilm::finish(const RunPoint& at) {
    if (cells_.empty()) return;
    FilmFrame frame;
    frame.step = at.step;
    frame.epoch = at.epoch;
    frame.labels.resize(cells_.size());
    std::iota(frame.labels.begin(), frame.labels.end(), 0);
    frame.cells = std::exchange(cells_, {});
    film_.add(std::move(frame));
}

}  // namespace vl
