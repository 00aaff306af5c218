// SPDX-License-Identifier: Apache-2.0
// How the model sees one cell at one frame.
#include <algorithm>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>

#include "engine/api/denoiser_presets.h"
#include "engine/core/error.h"
#include "engine/generate/chain.h"
#include "engine/generate/sample_job.h"
#include "engine/generate/sample_pictures.h"

namespace vl {
namespace {

/// Attention of one layer, [B, heads, N, N].
class LayerProbe final : public Probe {
public:
    explicit LayerProbe(int layer) : layer_(layer) {}
    void attention(int layer, const at::Tensor& softmax) override {
        if (layer == layer_) softmax_ = softmax.to(at::kCPU, at::kFloat);
    }
    const at::Tensor& softmax() const { return softmax_; }

private:
    int layer_;
    at::Tensor softmax_;
};

/// The picture that an output for x at a level says is behind it.
at::Tensor cleanOf(const at::Tensor& output, const at::Tensor& x, const NoiseLevel& level, const ModelSpec& spec) {
    if (level.noise == 0) return x;
    if (isFlowDenoiser(spec)) return Transport(transportSettingsOf(spec)).clean(output, x, level.time);
    const at::Tensor mean = output.narrow(1, 0, x.size(1));
    const DiffusionPrediction prediction = diffusionSettingsOf(spec).prediction;
    if (prediction == DiffusionPrediction::Clean) return mean;
    if (prediction == DiffusionPrediction::Velocity) return level.signal * x - level.noise * mean;
    return (x - level.noise * mean) / level.signal;
}

/// The asked heads and queries of [heads, N, N] as one row over keys.
std::vector<float> attentionRow(const at::Tensor& maps, int head, int token) {
    const at::Tensor heads = head < 0 ? maps.mean(0) : maps.select(0, head);
    const at::Tensor row = (token < 0 ? heads.mean(0) : heads.select(0, token)).contiguous();
    return {row.const_data_ptr<float>(), row.const_data_ptr<float>() + row.numel()};
}

int shownLabel(const CellSettings& cell) { return cell.labelTo && cell.labelMix > 0.5 ? *cell.labelTo : cell.label; }

constexpr std::size_t kFramesAtOnce = 16;

}  // namespace

std::pair<std::size_t, std::int64_t> SampleJob::placeOf(int cell) const {
    for (std::size_t i = 0; i < chains_.size(); ++i) {
        const auto at = std::ranges::find(chains_[i].cells, cell);
        if (at != chains_[i].cells.end()) return {i, at - chains_[i].cells.begin()};
    }
    throw Error(ErrorCode::Usage, "The grid has no cell " + std::to_string(cell) + ".",
                "It has " + std::to_string(plan_.grid.cells.size()) + ", counted from 0.");
}

at::Tensor SampleJob::storedState(std::size_t frame, int cell) const {
    const auto [chain, at] = placeOf(cell);
    return frames_[frame][chain].x.narrow(0, at, 1).to(at::kFloat);
}

void SampleJob::checkQuestion(const CellQuestion& question) const {
    const auto refuse = [](const std::string& what, const std::string& advice) {
        throw Error(ErrorCode::Usage, what, advice);
    };
    placeOf(question.cell);
    if (question.frame >= frames_.size())
        refuse("There is no frame " + std::to_string(question.frame) + " yet.", "Ask about one that was shown.");
    const Model& model = *model_.denoiser;
    if (question.layer < 0 || question.layer >= model.layers())
        refuse("The model has no layer " + std::to_string(question.layer) + ".",
               "It has " + std::to_string(model.layers()) + ", counted from 0.");
    if (question.head >= plan_.spec.heads || question.head < -1)
        refuse("The layer has no head " + std::to_string(question.head) + ".",
               "It has " + std::to_string(plan_.spec.heads) + ", counted from 0; -1 is their mean.");
    if (question.patch >= plan_.spec.patches() || question.patch < -1)
        refuse("The picture has no patch " + std::to_string(question.patch) + ".",
               "It has " + std::to_string(plan_.spec.patches()) + ", counted from 0; -1 is their mean.");
}

CellAnswer SampleJob::answer(const CellQuestion& question) {
    const at::NoGradGuard noGrad;
    checkQuestion(question);
    const auto [chain, at] = placeOf(question.cell);
    CellAnswer answer;
    answer.question = question.id;
    answer.cell = question.cell;
    answer.frame = question.frame;
    answer.step = frames_[question.frame][chain].step;
    answer.layers = model_.denoiser->layers();
    answer.geometry = model_.denoiser->attentionGeometry(question.layer);
    predict(answer, question);
    if (question.along) follow(answer, question);
    return answer;
}

void SampleJob::predict(CellAnswer& answer, const CellQuestion& question) {
    const CellSettings& cell = plan_.grid.cells[static_cast<std::size_t>(question.cell)];
    const NoiseLevel level = chains_[placeOf(question.cell).first].sampler->level(answer.step);
    const at::Tensor weight = model_.denoiser->parameters().front().tensor;
    const at::Tensor x = storedState(question.frame, question.cell);
    const at::Tensor twice = at::cat({x, x});
    LayerProbe probe(question.layer);
    ForwardOptions options;
    options.probe = &probe;
    const at::Tensor y = at::tensor({std::int64_t{shownLabel(cell)}, std::int64_t{plan_.spec.numClasses}}, at::kLong);
    const at::Tensor t = at::tensor({level.time, level.time}, at::kDouble).to(at::kFloat);
    const at::Tensor output = model_.denoiser
                                  ->denoise(twice.to(weight.device(), weight.scalar_type()), t.to(weight.device()),
                                            y.to(weight.device()), options)
                                  .to(x.device(), at::kFloat);
    const std::int64_t guided = plan_.spec.diffusion.guidedChannels;
    const at::Tensor with = output.narrow(0, 0, 1), without = output.narrow(0, 1, 1);
    const at::Tensor steered = without + cell.guidance * (with - without);
    const at::Tensor both =
        at::cat({steered.narrow(1, 0, guided), with.narrow(1, guided, with.size(1) - guided)}, 1);
    const auto picture = [&](const at::Tensor& sample) { return imagesFrom(shownPixels(sample, plan_.spec)).front(); };
    answer.noise = level.noise;
    answer.noisy = picture(x);
    answer.clean = picture(cleanOf(both, x, level, plan_.spec));
    answer.conditional = picture(cleanOf(with, x, level, plan_.spec));
    answer.unconditional = picture(cleanOf(without, x, level, plan_.spec));
    if (!probe.softmax().defined()) return;
    const at::Tensor maps = probe.softmax().select(0, 0).contiguous();
    answer.heads = answer.attention.heads = static_cast<int>(maps.size(0));
    answer.attention.tokens = static_cast<int>(maps.size(1));
    answer.attention.softmax.assign(maps.const_data_ptr<float>(), maps.const_data_ptr<float>() + maps.numel());
}

void SampleJob::follow(CellAnswer& answer, const CellQuestion& question) {
    const CellSettings& cell = plan_.grid.cells[static_cast<std::size_t>(question.cell)];
    const std::size_t chain = placeOf(question.cell).first;
    const at::Tensor weight = model_.denoiser->parameters().front().tensor;
    const int token = question.patch < 0 ? -1 : question.patch + answer.geometry.firstPatchToken;
    for (std::size_t from = 0; from < frames_.size(); from += kFramesAtOnce) {
        std::vector<at::Tensor> x;
        std::vector<double> times;
        for (std::size_t frame = from; frame < std::min(from + kFramesAtOnce, frames_.size()); ++frame) {
            x.push_back(storedState(frame, question.cell));
            times.push_back(chains_[chain].sampler->level(frames_[frame][chain].step).time);
        }
        LayerProbe probe(question.layer);
        ForwardOptions options;
        options.probe = &probe;
        const std::vector<std::int64_t> labels(x.size(), shownLabel(cell));
        model_.denoiser->denoise(at::cat(x).to(weight.device(), weight.scalar_type()),
                                 at::tensor(times, at::kDouble).to(weight.device(), at::kFloat),
                                 at::tensor(labels, at::kLong).to(weight.device()), options);
        if (!probe.softmax().defined()) return;
        for (std::size_t i = 0; i < x.size(); ++i)
            answer.along.push_back({frames_[from + i][chain].step,
                                    attentionRow(probe.softmax().select(0, static_cast<std::int64_t>(i)), question.head,
                                                 token)});
    }
}

}  // namespace vl
