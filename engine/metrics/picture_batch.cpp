// SPDX-License-Identifier: Apache-2.0
#include "engine/metrics/picture_batch.h"

#include "engine/core/error.h"

namespace vl {

void requirePictures(const at::Tensor& pictures) {
    if (pictures.defined() && pictures.dim() == 4 && pictures.scalar_type() == at::kByte && pictures.size(2) > 0 &&
        pictures.size(3) > 0 && (pictures.size(1) == 1 || pictures.size(1) == 3))
        return;
    throw Error(ErrorCode::Mismatch, "Pictures must be bytes of one or three channels.", "Give grey or RGB pictures.");
}

Image pictureOf(const at::Tensor& pictures, std::int64_t index) {
    const at::Tensor interleaved = pictures.select(0, index).permute({1, 2, 0}).contiguous();
    Image image{static_cast<int>(interleaved.size(1)),
                static_cast<int>(interleaved.size(0)),
                static_cast<int>(interleaved.size(2)),
                {}};
    const auto* bytes = interleaved.const_data_ptr<std::uint8_t>();
    image.pixels.assign(bytes, bytes + interleaved.numel());
    return image;
}

}  // namespace vl
