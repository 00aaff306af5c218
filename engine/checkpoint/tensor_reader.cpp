// SPDX-License-Identifier: Apache-2.0
#include "engine/checkpoint/tensor_reader.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/nn/weights_file.h"

namespace vl {
namespace {

constexpr std::uint64_t kReportBytes = 8 << 20;
constexpr std::size_t kPiece = 16 << 20;  // bytes between two looks at the watcher

at::ScalarType typeOf(const CheckpointFile& file, const PthTensor& tensor) {
    if (const auto type = torchType(tensor.dtype)) return *type;
    throw Error(ErrorCode::BadFile,
                "Tensor '" + printable(tensor.name) + "' in " + file.path().string() + " has type " +
                    printable(tensor.dtype) + ", which this program does not read.",
                "Convert the weights to F32.");
}

/// Copies `bytes` of one piece, converting when the types differ. Data in files need not be aligned.
void copyPiece(at::Tensor target, const std::byte* data, std::size_t bytes, at::ScalarType type) {
    if (target.scalar_type() == type) {
        std::memcpy(target.data_ptr(), data, bytes);
        return;
    }
    std::vector<std::byte> aligned;
    if (reinterpret_cast<std::uintptr_t>(data) % 16 != 0) {
        aligned.assign(data, data + bytes);
        data = aligned.data();
    }
    target.copy_(at::from_blob(const_cast<std::byte*>(data), {target.numel()}, at::TensorOptions().dtype(type)));
}

}  // namespace

void ReadMeter::start(const std::string& what) { progress_.what = what; }

void ReadMeter::add(std::uint64_t bytes) {
    progress_.doneBytes += bytes;
    const bool last = progress_.doneBytes >= progress_.totalBytes;
    if (!watch_ || (progress_.doneBytes - told_ < kReportBytes && !last)) return;
    told_ = progress_.doneBytes;
    if (!watch_(progress_))
        throw Error(ErrorCode::Cancelled, "Reading the checkpoint was cancelled.", "Nothing was changed.");
}

void readInto(at::Tensor target, const CheckpointFile& file, const PthTensor& tensor, ReadMeter& meter) {
    meter.start(tensor.name);
    const auto type = typeOf(file, tensor);
    const auto data = file.data(tensor);
    const std::size_t element = c10::elementSize(type);
    auto flat = target.view({-1});
    const auto count = static_cast<std::size_t>(flat.numel());
    const std::size_t piece = kPiece / element;
    for (std::size_t done = 0; done < count; done += piece) {
        const auto now = std::min(piece, count - done);
        copyPiece(flat.narrow(0, static_cast<std::int64_t>(done), static_cast<std::int64_t>(now)),
                  data.bytes.data() + done * element, now * element, type);
        meter.add(now * element);
    }
}

at::Tensor readTensor(const CheckpointFile& file, const PthTensor& tensor, ReadMeter& meter) {
    const at::Tensor result = at::empty(tensor.shape, typeOf(file, tensor));
    readInto(result, file, tensor, meter);
    return result;
}

}  // namespace vl
