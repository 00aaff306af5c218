// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/metrics/measure_pictures.h"

namespace vl::cli {

/// What `visionllama evaluate-samples` found out; what could not be measured is not there.
struct SampleReport {
    std::string samples, reference, network;
    std::int64_t pictures = 0, referencePictures = 0, features = 0;
    bool inception = false;  ///< the features are those that the Frechet Inception distance is defined by
    std::optional<double> frechet, spatialFrechet, score, precision, recall;
    std::vector<ClassCount> classes;
    std::vector<std::string> classNames;  ///< of `classes`; may be fewer
    std::vector<std::string> notes;
    double seconds = 0;

    /// Share of labelled pictures that the network takes for their class.
    std::optional<double> accuracy() const;
};

void printReport(const SampleReport& report);
std::string reportJson(const SampleReport& report);

}  // namespace vl::cli
