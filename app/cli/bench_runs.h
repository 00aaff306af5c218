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

/// Samples per second of whole unguided chains of `steps` (ddim for DiT, euler for SiT), `batch` at a time; weights in
/// bfloat16 when asked. At least one chain after a warm-up of one step.
double samplingRate(const std::string& preset, int batch, int steps, bool bfloat16, double seconds);
double residentMegabytes();

}  // namespace vl::cli
