// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/selection.h"

#include <utility>

namespace vl {

void Selection::setImage(SelectedImage image) {
    image_ = std::move(image);
    Q_EMIT imageChanged();
}

void Selection::setModel(SelectedModel model) {
    if (model == model_) return;
    model_ = std::move(model);
    Q_EMIT modelChanged();
}

void Selection::setLayerHead(int layer, int head) {
    if (layer == layer_ && head == head_) return;
    layer_ = layer;
    head_ = head;
    Q_EMIT layerHeadChanged();
}

void Selection::setRun(std::filesystem::path folder) {
    if (folder == run_) return;
    run_ = std::move(folder);
    Q_EMIT runChanged();
}

void Selection::setCheckpoint(std::filesystem::path file) {
    checkpoint_ = std::move(file);
    Q_EMIT checkpointChanged();
}

}  // namespace vl
