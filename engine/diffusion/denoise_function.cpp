// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/denoise_function.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/full_like.h>

namespace vl {
namespace {

using Call = std::function<at::Tensor(const at::Tensor&, const at::Tensor&, const at::Tensor&)>;

DenoiseFunction inWeightsType(Denoiser& model, const at::Tensor& y, Call call) {
    return [&model, y, call = std::move(call)](const at::Tensor& x, const at::Tensor& t) {
        const at::Tensor& weight = model.parameters().front().tensor;
        const at::Tensor out =
            call(x.to(weight.device(), weight.scalar_type()), t.to(weight.device()), y.to(weight.device()));
        return out.to(x.device(), x.scalar_type());
    };
}

}  // namespace

DenoiseFunction denoiseWith(Denoiser& model, const at::Tensor& y) {
    return inWeightsType(model, y, [&model](const at::Tensor& x, const at::Tensor& t, const at::Tensor& classes) {
        return model.denoise(x, t, classes);
    });
}

DenoiseFunction denoiseGuidedWith(Denoiser& model, const at::Tensor& y, double scale) {
    if (scale == 1) return denoiseWith(model, y);
    return inWeightsType(model, y,
                         [&model, scale](const at::Tensor& x, const at::Tensor& t, const at::Tensor& classes) {
                             const at::Tensor null = at::full_like(classes, model.spec().numClasses);
                             const at::Tensor out =
                                 model.denoiseGuided(at::cat({x, x}), at::cat({t, t}), at::cat({classes, null}), scale);
                             return out.narrow(0, 0, x.size(0));
                         });
}

DenoiseFunction denoiseGuidedHalves(Denoiser& model, const at::Tensor& y, double scale) {
    return inWeightsType(model, y,
                         [&model, scale](const at::Tensor& x, const at::Tensor& t, const at::Tensor& classes) {
                             return model.denoiseGuided(x, t, classes, scale);
                         });
}

}  // namespace vl
