// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/model_spec.h"
#include "engine/checkpoint/weight_names.h"

namespace vl {

/// A model's sizes as far as its tensors show them; what they cannot show is the family's first preset's.
struct SizesFromShapes {
    ModelSpec spec;
    bool imageSizeSeen = false, classesSeen = false;
    std::vector<std::string> notes{};  ///< what tensors leave open
};

/// How one family is recognised: nothing for weights of other families.
struct FamilyRule {
    std::string_view family;
    std::string_view naming;  ///< who spells its tensors so: "official", "timm", "mmseg" ...
    std::optional<SizesFromShapes> (*read)(const WeightNames& weights);
};
std::span<const FamilyRule> familyRules();

// Readers, a file each kind of task.
std::optional<SizesFromShapes> readIllama(const WeightNames& weights);
std::optional<SizesFromShapes> readPlain(const WeightNames& weights);
std::optional<SizesFromShapes> readVit(const WeightNames& weights);
std::optional<SizesFromShapes> readPyramid(const WeightNames& weights);
std::optional<SizesFromShapes> readTwins(const WeightNames& weights);
std::optional<SizesFromShapes> readMasked(const WeightNames& weights);
std::optional<SizesFromShapes> readMaskedClassifier(const WeightNames& weights);
std::optional<SizesFromShapes> readUperNet(const WeightNames& weights);
std::optional<SizesFromShapes> readMaskRcnn(const WeightNames& weights);
std::optional<SizesFromShapes> readAutoencoder(const WeightNames& weights);
std::optional<SizesFromShapes> readDitLlama(const WeightNames& weights);
std::optional<SizesFromShapes> readSitLlama(const WeightNames& weights);
std::optional<SizesFromShapes> readDit(const WeightNames& weights);
std::optional<SizesFromShapes> readSit(const WeightNames& weights);

// What the readers share.
/// The family's first preset, for what shapes cannot show; of dense models the first with that kind of backbone.
ModelSpec familyTemplate(std::string_view family, std::string_view backbone = {});
/// The published head widths: 64, 32 for narrow models, 72 for a width of 1152.
int usualHeads(int dim);
/// Side of a square of `patches`, 0 when it is none.
int squareSide(int patches);
/// dim, in channels and patch from a patch convolution [D, C, p, p]; false when it is no such tensor.
bool readPatchConv(const WeightNames& weights, std::string_view name, ModelSpec& spec);
/// Stages of a pyramid from tensors under `prefix`; the width of the hidden layer is that of `mlp` ("mlp.fc1.weight").
bool readStages(const WeightNames& weights, const std::string& prefix, const std::string& mlp, ModelSpec& spec);
/// Sizes of an encoder in mmpretrain's spelling under "backbone.": `classRow`, its table has a row for a class token.
bool readEncoder(const WeightNames& weights, bool classRow, SizesFromShapes& sizes);
/// numClasses from the rows of a tensor less `extra`; leaves it when there is none.
void readClasses(const WeightNames& weights, std::string_view name, SizesFromShapes& sizes, int extra = 0);

}  // namespace vl
