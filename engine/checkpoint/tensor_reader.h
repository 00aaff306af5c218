// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <ATen/core/Tensor.h>

#include "engine/api/checkpoint_report.h"
#include "engine/io/checkpoint_file.h"

namespace vl {

/// Tells a watcher how far a read is, and turns its "no" into Error(Cancelled).
class ReadMeter {
public:
    ReadMeter(const ReadWatcher& watch, std::uint64_t totalBytes) : watch_(watch) { progress_.totalBytes = totalBytes; }
    void start(const std::string& what);
    void add(std::uint64_t bytes);

private:
    const ReadWatcher& watch_;
    ReadProgress progress_;
    std::uint64_t told_ = 0;
};

/// A copy of the tensor in the file's type. Throws Error(BadFile) for a type torch does not have.
at::Tensor readTensor(const CheckpointFile& file, const PthTensor& tensor, ReadMeter& meter);

/// Converts the data straight into `target`, which has as many elements and is contiguous.
void readInto(at::Tensor target, const CheckpointFile& file, const PthTensor& tensor, ReadMeter& meter);

}  // namespace vl
