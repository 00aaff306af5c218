// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include "engine/api/engine.h"
#include "engine/dense/predictor.h"

namespace vl {

/// A dense model as the pictures' worker asks it; tests make their own.
struct DensePredictor {
    std::string name, source;
    ClassList classes;
    int layers = 0, heads = 0;
    std::function<PixelClasses(const Image&, const SegmentTesting&, const DenseProgress&)> segment;
    std::function<FoundObjects(const Image&, const DetectTesting&, const DenseProgress&)> detect;
    std::function<RegionAnswer(const Image&, const RegionQuestion&)> answer;
};

/// Opens models of dense requests and keeps the last few. For one thread.
class DenseModels {
public:
    /// `resources` holds demo/.
    explicit DenseModels(std::filesystem::path resources) : resources_(std::move(resources)) {}

    /// Throws as openDenseModel; Error(NotFound) when the demo's is not there.
    std::shared_ptr<const DensePredictor> open(const DenseRequest& request);

private:
    struct Kept {
        std::filesystem::path file;
        std::filesystem::file_time_type written;
        ModelTask task;
        std::shared_ptr<const DensePredictor> predictor;
    };
    std::filesystem::path resources_;
    std::list<Kept> kept_;  ///< most recently used first
};

}  // namespace vl
