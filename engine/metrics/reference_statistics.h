// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include <ATen/core/Tensor.h>

#include "engine/io/npz_file.h"

namespace vl {

/// Moments of a reference set as guided-diffusion's evaluation suite stores them: arrays mu, sigma and, of spatial
/// features, mu_s, sigma_s. float64, unbiased covariances.
struct ReferenceStatistics {
    at::Tensor mean, covariance;                ///< [D], [D, D]
    at::Tensor spatialMean, spatialCovariance;  ///< [F], [F, F]; undefined where the file has none
};

/// Whether the file holds mu and sigma.
bool hasReferenceStatistics(const NpzFile& file);
/// Throws Error(BadFile) for moments of impossible or different shapes (`path` is for the message).
ReferenceStatistics readReferenceStatistics(const NpzFile& file, const std::filesystem::path& path);
/// Writes atomically what the suite and readReferenceStatistics read. Throws Error(BadFile) on disk errors.
void writeReferenceStatistics(const std::filesystem::path& file, const ReferenceStatistics& statistics);

}  // namespace vl
