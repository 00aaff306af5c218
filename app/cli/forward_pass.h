// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "engine/nn/model.h"
#include "engine/nn/state_dict.h"

namespace vl::cli {

/// Runs the tensors of `inputs` ("input" and what the family needs beside it) through a model and returns everything
/// worth a name, float32: "blocks.N" of every layer, and
/// - classifiers: "logits";
/// - denoisers ("t" [B], "y" [B]; with `guidance` the guided form on two halves): "output";
/// - masked autoencoders ("noise" [B, L], or it is drawn): "output" (the prediction), "latent", "mask", "ids_restore";
/// - segmenters: "logits", "aux", "psp" and "features.N";
/// - detectors: "features.N", "scores.N" and "deltas.N" of every level;
/// - autoencoders: "mean", "log_variance" and "output" (the decoded mean).
/// Throws Error(BadFile) for a missing tensor, Error(Usage) for guidance where there is none.
TensorMap forwardPass(Model& model, const TensorMap& inputs, std::optional<double> guidance);

}  // namespace vl::cli
