// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/generate/sample_job.h"

namespace vl::cli {

/// What `sample` was asked for.
struct SampleArguments {
    std::string model, autoencoder, like;
    std::string classes, grid;
    std::string varyRows, varyColumns;
    std::optional<std::string> sampler;
    std::optional<int> steps;
    std::optional<double> guidance;
    std::optional<std::uint64_t> seed, toSeed;
    std::string toClass;
    double eta = 0, noise = 1;
    std::string form = "sigma", lastStep = "Mean";
    bool clip = false;
    std::string out, frames, npz, folder;
    int every = 1, count = 0, batch = 64, scale = 0, framesPerSecond = 10;
    bool force = false;
};

/// The grid they describe for that model. Throws Error(Usage).
GridRecipe recipeOf(const SampleArguments& arguments, const SampleModel& model);
/// Settings of single samples: those of the recipe's base, every class in turn, seeds as a series.
std::vector<int> labelsOf(const SampleArguments& arguments, const SampleModel& model);
CellSettings baseOf(const SampleArguments& arguments, const CellSettings& before = {});

/// Throws Error(Usage) when the file or folder is there already and may not be replaced.
void requireNew(const std::string& path, bool force);

/// `count` samples one after the other, into .npz (arr_0 pictures, arr_1 classes) or a folder for each class.
int sampleMany(const SampleArguments& arguments, SampleModel& model);

}  // namespace vl::cli
