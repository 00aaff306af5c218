// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>

#include "engine/io/crc32.h"
#include "engine/nn/model.h"

namespace vl::test {

/// models.md B.1: number `index` of the stream called `key`, in [-1, 1).
inline double crcUniform(std::uint32_t keyHash, std::uint32_t index) {
    std::uint32_t x = keyHash ^ (index * 0x9E3779B1u);
    x ^= x >> 16;
    x *= 0x85EBCA6Bu;
    x ^= x >> 13;
    x *= 0xC2B2AE35u;
    x ^= x >> 16;
    return 2 * (static_cast<double>(x) / 4294967296.0) - 1;
}

inline std::uint32_t crcKey(std::string_view key) { return crc32(std::as_bytes(std::span(key.data(), key.size()))); }

/// offset + scale * v(key, i) in that shape, float32.
inline at::Tensor crcStream(std::string_view key, at::IntArrayRef shape, double scale = 1, double offset = 0) {
    at::Tensor values = at::empty(shape, at::kFloat);
    float* out = values.data_ptr<float>();
    const std::uint32_t hash = crcKey(key);
    for (std::int64_t i = 0; i < values.numel(); ++i)
        out[i] = static_cast<float>(offset + scale * crcUniform(hash, static_cast<std::uint32_t>(i)));
    return values;
}

/// Every floating tensor of a model by the table of B.1; names are taken without `prefix`.
inline void fillByCrc(std::span<Parameter> parameters, std::string_view prefix = {}) {
    const at::NoGradGuard noGrad;
    for (Parameter& parameter : parameters) {
        if (!parameter.tensor.is_floating_point()) continue;
        std::string_view name = parameter.name;
        if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
        double offset = 0, scale = 0.08;
        if (name.find("gamma_") != std::string_view::npos) {
            offset = 0.5, scale = 0.1;
        } else if (name.ends_with("running_var") || (parameter.tensor.dim() == 1 && name.ends_with("weight"))) {
            offset = 1, scale = 0.1;
        } else if (parameter.tensor.dim() == 1) {
            scale = 0.05;
        }
        parameter.tensor.copy_(crcStream(name, parameter.tensor.sizes(), scale, offset));
    }
}

}  // namespace vl::test
