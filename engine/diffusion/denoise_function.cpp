// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/denoise_function.h"

#include <algorithm>
#include <string>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/where.h>

#include "engine/core/error.h"

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

/// Which rows of a model call make which sample.
struct RowPlan {
    at::Tensor sample, label;               ///< [rows] int64: what each row is of
    at::Tensor first, second, null;         ///< [B] int64: rows of a sample; those it does not have point at its first
    at::Tensor mix, scale, guided;          ///< [B] float64, float64, bool
    bool anyMixed = false, anyGuided = false;
};

at::Tensor numbers(const std::vector<std::int64_t>& values) { return at::tensor(values, at::kLong); }

RowPlan planRows(const std::vector<SampleCondition>& conditions, std::int64_t nullClass) {
    std::vector<std::int64_t> sample, label, first, second, null, guided;
    std::vector<double> mix, scale;
    RowPlan plan;
    const auto row = [&](std::size_t of, std::int64_t wanted) {
        sample.push_back(static_cast<std::int64_t>(of));
        label.push_back(wanted);
        return static_cast<std::int64_t>(label.size()) - 1;
    };
    for (std::size_t i = 0; i < conditions.size(); ++i) {
        const SampleCondition& condition = conditions[i];
        const bool two = condition.labelTo && *condition.labelTo != condition.label;
        const bool mixed = two && condition.mix > 0 && condition.mix < 1;
        first.push_back(row(i, two && condition.mix >= 1 ? *condition.labelTo : condition.label));
        second.push_back(mixed ? row(i, *condition.labelTo) : first.back());
        null.push_back(condition.scale == 1 ? first.back() : row(i, nullClass));
        mix.push_back(mixed ? condition.mix : 0);
        scale.push_back(condition.scale);
        guided.push_back(condition.scale != 1);
        plan.anyMixed |= mixed;
        plan.anyGuided |= condition.scale != 1;
    }
    plan.sample = numbers(sample), plan.label = numbers(label);
    plan.first = numbers(first), plan.second = numbers(second), plan.null = numbers(null);
    plan.mix = at::tensor(mix, at::kDouble), plan.scale = at::tensor(scale, at::kDouble);
    plan.guided = numbers(guided).to(at::kBool);
    return plan;
}

/// [B] to [B, 1, 1, 1] as `like` is stored.
at::Tensor beside(const at::Tensor& values, const at::Tensor& like) {
    return values.to(like.device(), like.scalar_type()).view({-1, 1, 1, 1});
}

/// Outputs of the rows to one for each sample. A share of 0 and a scale of 1 leave the bits of the first row alone.
at::Tensor gather(const at::Tensor& rows, const RowPlan& plan, std::int64_t guidedChannels) {
    const auto pick = [&](const at::Tensor& index) { return rows.index_select(0, index.to(rows.device())); };
    at::Tensor result = pick(plan.first);
    if (plan.anyMixed) result = result + beside(plan.mix, rows) * (pick(plan.second) - result);
    if (!plan.anyGuided) return result;
    // Q27: only the first channels are guided.
    const at::Tensor conditional = result.narrow(1, 0, guidedChannels);
    const at::Tensor unconditional = pick(plan.null).narrow(1, 0, guidedChannels);
    const at::Tensor steered = unconditional + beside(plan.scale, rows) * (conditional - unconditional);
    const at::Tensor guided = plan.guided.to(rows.device()).view({-1, 1, 1, 1});
    return at::cat({at::where(guided, steered, conditional),
                    result.narrow(1, guidedChannels, result.size(1) - guidedChannels)},
                   1);
}

/// One model call; a single row goes in twice.
at::Tensor callRows(Denoiser& model, const at::Tensor& x, const at::Tensor& t, const at::Tensor& y) {
    if (x.size(0) > 1) return model.denoise(x, t, y);
    return model.denoise(at::cat({x, x}), at::cat({t, t}), at::cat({y, y})).narrow(0, 0, 1);
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

DenoiseFunction denoiseEachWith(Denoiser& model, std::vector<SampleCondition> conditions,
                                std::function<void()> beforeCall) {
    const RowPlan plan = planRows(conditions, model.spec().numClasses);
    return [&model, plan, beforeCall = std::move(beforeCall)](const at::Tensor& x, const at::Tensor& t) {
        if (x.size(0) != plan.first.size(0))
            throw Error(ErrorCode::Mismatch, "The batch does not hold one sample for each of the conditions.",
                        "Give as many conditions as samples.");
        const at::Tensor& weight = model.parameters().front().tensor;
        const at::Tensor samples = x.to(weight.device(), weight.scalar_type()), times = t.to(weight.device());
        std::vector<at::Tensor> parts;
        const std::int64_t rows = plan.sample.size(0);
        for (std::int64_t from = 0; from < rows; from += kModelRows) {
            if (beforeCall) beforeCall();
            const std::int64_t count = std::min(kModelRows, rows - from);
            const at::Tensor of = plan.sample.narrow(0, from, count).to(weight.device());
            parts.push_back(callRows(model, samples.index_select(0, of), times.index_select(0, of),
                                     plan.label.narrow(0, from, count).to(weight.device())));
        }
        const at::Tensor out = parts.size() == 1 ? parts.front() : at::cat(parts);
        return gather(out.to(x.device(), x.scalar_type()), plan, model.spec().diffusion.guidedChannels);
    };
}

}  // namespace vl
