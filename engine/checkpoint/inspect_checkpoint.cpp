// SPDX-License-Identifier: Apache-2.0
#include "engine/checkpoint/checkpoint.h"
#include "engine/checkpoint/chosen_weights.h"
#include "engine/checkpoint/tensor_reader.h"
#include "engine/io/tensor_statistics.h"

namespace vl {

CheckpointReport inspectCheckpoint(const std::filesystem::path& file, const CheckpointOptions& options,
                                   const ReadWatcher& watch) {
    const auto choice = chooseWeights(file, options);
    auto report = reportOn(choice);
    if (!options.statistics) return report;
    std::uint64_t total = 0;
    for (const TensorRow& row : report.tensors)
        total += row.bytes;
    ReadMeter meter(watch, total);
    const auto tensors = choice.file.tensors();
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        meter.start(tensors[i].name);
        const auto data = choice.file.data(tensors[i]);
        report.tensors[i].statistics = tensorStatistics(data.bytes, tensors[i].dtype, [&](std::size_t bytes) {
            meter.add(bytes);
            return true;
        });
    }
    report.statisticsDone = true;
    return report;
}

CheckpointWeights readCheckpoint(const std::filesystem::path& file, const CheckpointOptions& options,
                                 const ReadWatcher& watch) {
    const auto choice = chooseWeights(file, options);
    CheckpointWeights result{{}, reportOn(choice)};
    std::uint64_t total = 0;
    for (const NamedWeight& weight : choice.recognised.weights->all())
        total += weight.tensor->bytes;
    ReadMeter meter(watch, total);
    for (const NamedWeight& weight : choice.recognised.weights->all())
        result.tensors.emplace(weight.name, readTensor(choice.file, *weight.tensor, meter));
    return result;
}

}  // namespace vl
