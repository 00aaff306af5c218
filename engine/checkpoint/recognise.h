// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/api/checkpoint_report.h"
#include "engine/checkpoint/load_plan.h"
#include "engine/checkpoint/weight_names.h"
#include "engine/io/checkpoint_file.h"
#include "engine/io/weight_trees.h"

namespace vl {

/// One set of weights of a file, recognised.
struct RecognisedWeights {
    Recognition recognition;
    std::shared_ptr<const WeightNames> weights;  ///< under the recognised model's names
};

/// Which model the tensors of `tree` belong to: by the file's own description where this program wrote it, else from
/// names and shapes; hints in the file's values decide between models of equal shapes. `preset` not empty: compared
/// with that one. Throws Error(NotFound) for an unknown preset only.
RecognisedWeights recognise(const CheckpointFile& file, const WeightTree& tree, const std::string& preset = {});

/// The same tensors under `spec`'s names, in whichever known spelling most of them fit; a classifier's weights fit the
/// backbone of a dense model and the other way round.
std::shared_ptr<const WeightNames> weightsFor(const ModelSpec& spec, const CheckpointFile& file,
                                              const WeightTree& tree);

/// A name and what cannot be seen in shapes, from the preset of the same sizes. `hints`: lower-case letters and digits.
/// False: no preset has them, and the spec gets a made-up name.
bool adoptPreset(ModelSpec& spec, bool imageSizeSeen, bool classesSeen, const std::string& hints);

}  // namespace vl
