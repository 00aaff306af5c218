// SPDX-License-Identifier: Apache-2.0
#include "engine/session/dense_models.h"

#include <algorithm>
#include <utility>

#include "engine/core/error.h"

namespace vl {
namespace {

constexpr std::size_t kKeptModels = 2;  // one a task

std::shared_ptr<const DensePredictor> predictorOf(DenseModel opened) {
    auto predictor = std::make_shared<DensePredictor>();
    predictor->name = opened.name;
    predictor->source = opened.source;
    predictor->classes = opened.classes;
    predictor->layers = opened.model->layers();
    predictor->heads = opened.model->spec().heads;
    const std::shared_ptr<Model> model = opened.model;
    predictor->segment = [model](const Image& picture, const SegmentTesting& how, const DenseProgress& progress) {
        return segmentPicture(*model, picture, how, progress);
    };
    predictor->detect = [model](const Image& picture, const DetectTesting& how, const DenseProgress& progress) {
        return detectPicture(*model, picture, how, progress);
    };
    predictor->answer = [model](const Image& picture, const RegionQuestion& question) {
        return answerRegion(*model, picture, question);
    };
    return predictor;
}

}  // namespace

std::shared_ptr<const DensePredictor> DenseModels::open(const DenseRequest& request) {
    const bool demo = request.checkpoint.empty();
    const std::filesystem::path file = demo ? demoDenseModel(request.task, resources_) : request.checkpoint;
    std::error_code missing;
    const auto written = std::filesystem::last_write_time(file, missing);
    const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& kept) {
        return kept.file == file && kept.task == request.task;
    });
    if (found != kept_.end()) {
        if (!missing && found->written == written) {
            kept_.splice(kept_.begin(), kept_, found);
            return kept_.front().predictor;
        }
        kept_.erase(found);
    }
    DenseModel opened = openDenseModel(file, request.task);
    if (demo) opened.source = "demo checkpoint";
    kept_.push_front({file, written, request.task, predictorOf(std::move(opened))});
    if (kept_.size() > kKeptModels) kept_.pop_back();
    return kept_.front().predictor;
}

}  // namespace vl
