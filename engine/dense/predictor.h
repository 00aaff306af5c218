// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/api/dense.h"
#include "engine/nn/model.h"

namespace vl {

/// A segmentation or detection model as checkpoints keep it, ready for pictures of any size.
struct DenseModel {
    std::shared_ptr<Model> model;
    ClassList classes;
    std::string name, source;
};
/// The demo's weights of a task. Throws Error(NotFound) when they are not there.
std::filesystem::path demoDenseModel(ModelTask task, const std::filesystem::path& resources);
/// Throws Error(NotFound | BadFile | Mismatch) when the file holds no such model. Empty: the demo's of the task.
DenseModel openDenseModel(const std::filesystem::path& checkpoint, ModelTask task);

/// Asked between two calls of the model; false stops with Error(Cancelled). A segmenter also hands over what is known
/// of the picture so far: pixels whose tile has not come have kNoClass.
using DenseProgress = std::function<bool(int done, int all, const PixelClasses* soFar)>;

/// Segments `picture` (RGB, any size) in its own size. Several scales and mirroring average probabilities.
PixelClasses segmentPicture(Model& model, const Image& picture, const SegmentTesting& how,
                            const DenseProgress& progress = {});

struct FoundObjects {
    std::vector<FoundObject> objects, proposals;
};
/// Finds objects in `picture`, in its own pixels, masks pasted.
FoundObjects detectPicture(Model& model, const Image& picture, const DetectTesting& how,
                           const DenseProgress& progress = {});

/// Attention rows of the patches that `question.region` covers, averaged, or a level of the feature pyramid (mean of
/// absolute values over channels), on the grid of the whole picture.
RegionAnswer answerRegion(Model& model, const Image& picture, const RegionQuestion& question);

/// Overlay of classes or objects on the picture: colours at `opacity`, outlines, boxes with names and scores for objects.
Image overlayOf(const Image& picture, const PixelClasses& classes, const ClassList& list, double opacity = 0.5);
Image overlayOf(const Image& picture, const std::vector<FoundObject>& objects, const ClassList& list,
                double threshold = 0.3, double opacity = 0.5);

}  // namespace vl
