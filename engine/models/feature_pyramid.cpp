// SPDX-License-Identifier: Apache-2.0
#include "engine/models/feature_pyramid.h"

#include <ATen/ops/gelu.h>
#include <ATen/ops/max_pool2d.h>

namespace vl {

Feature2Pyramid::Feature2Pyramid(ParameterList& parameters, const std::string& prefix, std::int64_t channels)
    : quarterFirst_(parameters, prefix + "upsample_4x.0", channels, channels),
      quarterNorm_(parameters, prefix + "upsample_4x.1", channels),
      quarterSecond_(parameters, prefix + "upsample_4x.3", channels, channels),
      half_(parameters, prefix + "upsample_2x.0", channels, channels) {}

std::vector<at::Tensor> Feature2Pyramid::operator()(const std::vector<at::Tensor>& maps, bool training) const {
    const at::Tensor quarter = quarterSecond_(at::gelu(quarterNorm_(quarterFirst_(maps[0]), training)));
    return {quarter, half_(maps[1]), maps[2], at::max_pool2d(maps[3], {2, 2}, {2, 2})};
}

}  // namespace vl
