// SPDX-License-Identifier: Apache-2.0
#include "engine/generate/sample_pictures.h"

#include <algorithm>

#include "engine/generate/chain.h"
#include "engine/generate/latent_preview.h"

namespace vl {

std::vector<Image> imagesFrom(const at::Tensor& pixels) {
    const at::Tensor rows = pixels.permute({0, 2, 3, 1}).contiguous();
    const std::int64_t count = rows.size(0), bytes = rows.numel() / std::max<std::int64_t>(count, 1);
    std::vector<Image> images;
    images.reserve(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) {
        const auto* first = rows.const_data_ptr<std::uint8_t>() + i * bytes;
        images.push_back({static_cast<int>(rows.size(2)), static_cast<int>(rows.size(1)), static_cast<int>(rows.size(3)),
                          {first, first + bytes}});
    }
    return images;
}

at::Tensor shownPixels(const at::Tensor& samples, const ModelSpec& spec) {
    const at::Tensor values = samples.to(at::kCPU, at::kFloat);
    if (spec.diffusion.latent && values.size(1) == stableDiffusionProjection().factors.size(0))
        return latentPreview(values);
    const std::int64_t channels = values.size(1);
    return pixelsOf(channels == 1 ? values : values.narrow(1, 0, channels < 3 ? 1 : 3));
}

}  // namespace vl
