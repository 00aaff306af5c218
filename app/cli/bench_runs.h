// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace vl::cli {

/// Where a training step's time goes, as shares of it.
struct PhaseShares {
    double imagesPerSecond = 0, data = 0, forward = 0, backward = 0, optimiser = 0;
};

/// Forward passes without gradients on random pictures, images per second. Building and warming up are not timed.
double inferenceRate(const std::string& preset, int batch, double seconds);

/// Forward, cross entropy, backward and AdamW on random pictures, images per second.
double trainingRate(const std::string& preset, int batch, double seconds);

/// A real run (loader, augmentation, run folder in a temporary place) on made-up pictures, with what each phase takes.
PhaseShares trainingPhases(const std::string& preset, int batch, double seconds);

double residentMegabytes();

}  // namespace vl::cli
