// SPDX-License-Identifier: Apache-2.0
#include "engine/metrics/reference_statistics.h"

#include <cstring>
#include <string>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/isfinite.h>

#include "engine/core/error.h"
#include "engine/nn/weights_file.h"

namespace vl {
namespace {

constexpr std::int64_t kMostFeatures = 16384;  ///< 2 GiB of covariance; the usual networks have 2048

at::Tensor readMoment(const NpzFile& file, const std::string& path, const char* name, int dimensions) {
    const NpyArray* array = file.find(name);
    const std::string called = "Array " + std::string(name) + " of " + path;
    if (!array)
        throw Error(ErrorCode::BadFile, called + " is missing.", "Choose statistics with a mean and a covariance.");
    const bool square = dimensions == 1 || (array->shape.size() == 2 && array->shape[0] == array->shape[1]);
    if (array->problem.empty() &&
        (static_cast<int>(array->shape.size()) != dimensions || !square || array->shape[0] < 1 ||
         array->shape[0] > kMostFeatures || (array->dtype != "F64" && array->dtype != "F32")))
        throw Error(ErrorCode::BadFile, called + " is no " + (dimensions == 1 ? "mean" : "covariance") + ".",
                    "Choose statistics that an evaluation suite wrote.");
    const auto bytes = file.read(*array);
    at::Tensor moment = at::empty(array->shape, *torchType(array->dtype));
    std::memcpy(moment.mutable_data_ptr(), bytes.data(), bytes.size());
    moment = moment.to(at::kDouble);
    if (!at::isfinite(moment).all().item<bool>())
        throw Error(ErrorCode::BadFile, called + " holds values that are not finite.", "Compute the statistics again.");
    return moment;
}

void requireSameWidth(const at::Tensor& mean, const at::Tensor& covariance, const std::string& path) {
    if (mean.size(0) == covariance.size(0)) return;
    throw Error(ErrorCode::BadFile, "Mean and covariance of " + path + " have different widths.",
                "Choose statistics that an evaluation suite wrote.");
}

void addMoment(NpzWriter& writer, const char* name, const at::Tensor& moment) {
    const at::Tensor wide = moment.detach().to(at::kCPU, at::kDouble).contiguous();
    writer.add(name, "F64", wide.sizes().vec(),
               {static_cast<const std::byte*>(wide.const_data_ptr()), static_cast<std::size_t>(wide.nbytes())});
}

}  // namespace

bool hasReferenceStatistics(const NpzFile& file) { return file.find("mu") && file.find("sigma"); }

ReferenceStatistics readReferenceStatistics(const NpzFile& file, const std::filesystem::path& path) {
    const std::string called = path.string();
    ReferenceStatistics statistics;
    statistics.mean = readMoment(file, called, "mu", 1);
    statistics.covariance = readMoment(file, called, "sigma", 2);
    requireSameWidth(statistics.mean, statistics.covariance, called);
    if (!file.find("mu_s") && !file.find("sigma_s")) return statistics;
    statistics.spatialMean = readMoment(file, called, "mu_s", 1);
    statistics.spatialCovariance = readMoment(file, called, "sigma_s", 2);
    requireSameWidth(statistics.spatialMean, statistics.spatialCovariance, called);
    return statistics;
}

void writeReferenceStatistics(const std::filesystem::path& file, const ReferenceStatistics& statistics) {
    NpzWriter writer(file);
    addMoment(writer, "mu", statistics.mean);
    addMoment(writer, "sigma", statistics.covariance);
    if (statistics.spatialMean.defined()) {
        addMoment(writer, "mu_s", statistics.spatialMean);
        addMoment(writer, "sigma_s", statistics.spatialCovariance);
    }
    writer.commit();
}

}  // namespace vl
