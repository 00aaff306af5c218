// SPDX-License-Identifier: Apache-2.0
#include "engine/generate/sample_job.h"

#include <algorithm>
#include <utility>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>

#include "engine/core/error.h"
#include "engine/generate/chain.h"
#include "engine/generate/latent_preview.h"
#include "engine/generate/sample_pictures.h"

namespace vl {
namespace {

/// Leaves a step between two calls of the model.
struct GivenUp {};

std::shared_ptr<const std::vector<double>> noiseOf(const Sampler& chain) {
    std::vector<double> levels;
    for (int i = 0; i <= chain.steps(); ++i)
        levels.push_back(chain.level(i).noise);
    return std::make_shared<const std::vector<double>>(std::move(levels));
}

/// Puts pictures of a chain's samples where its cells are.
void place(std::vector<Image>& cells, const std::vector<int>& which, const at::Tensor& pixels) {
    std::vector<Image> images = imagesFrom(pixels);
    for (std::size_t i = 0; i < which.size(); ++i)
        cells[static_cast<std::size_t>(which[i])] = std::move(images[i]);
}

}  // namespace

SampleJob::SampleJob(SampleModel model, const GridRecipe& recipe, std::size_t storedBytes)
    : model_(std::move(model)), storedBytes_(storedBytes) {
    const ModelSpec& spec = model_.denoiser->spec();
    plan_.spec = spec;
    plan_.classNames = model_.classNames;
    plan_.modelName = model_.name;
    plan_.modelHash = model_.knownHash;
    plan_.grid = expandGrid(recipe, spec, model_.classNames);
    for (CellSettings& cell : plan_.grid.cells)
        cell = completed(std::move(cell), spec);
    makeChains();
}

void SampleJob::makeChains() {
    const std::vector<CellSettings>& cells = plan_.grid.cells;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto same = std::ranges::find_if(chains_, [&](const Chain& chain) {
            return shareChain(cells[static_cast<std::size_t>(chain.cells.front())], cells[i]);
        });
        if (same == chains_.end()) chains_.push_back({{static_cast<int>(i)}, nullptr});
        else same->cells.push_back(static_cast<int>(i));
    }
    plan_.noise.resize(cells.size());
    for (Chain& chain : chains_) {
        std::vector<CellSettings> own;
        for (const int cell : chain.cells)
            own.push_back(cells[static_cast<std::size_t>(cell)]);
        chain.sampler = makeChain(*model_.denoiser, std::move(own), [this] { ask(); });
        plan_.totalSteps = std::max(plan_.totalSteps, chain.sampler->steps());
        const auto noise = noiseOf(*chain.sampler);
        for (const int cell : chain.cells)
            plan_.noise[static_cast<std::size_t>(cell)] = noise;
    }
}

void SampleJob::ask() const {
    if (keepGoing_ && *keepGoing_ && !(*keepGoing_)()) throw GivenUp{};
}

int SampleJob::step() const {
    int step = 0;
    for (const Chain& chain : chains_)
        step = std::max(step, chain.sampler->state().step);
    return step;
}

bool SampleJob::done() const {
    return std::ranges::all_of(chains_, [](const Chain& chain) { return chain.sampler->done(); });
}

bool SampleJob::advance(const std::function<bool()>& keepGoing) {
    std::vector<SamplerState> before;
    for (const Chain& chain : chains_)
        before.push_back(chain.sampler->state());
    const auto giveBack = [&] {
        keepGoing_ = nullptr;
        for (std::size_t i = 0; i < chains_.size(); ++i)
            chains_[i].sampler->restore(std::move(before[i]));
    };
    keepGoing_ = &keepGoing;
    try {
        for (Chain& chain : chains_)
            if (!chain.sampler->done()) chain.sampler->step();
    } catch (const GivenUp&) {
        giveBack();
        return false;
    } catch (...) {
        giveBack();
        throw;
    }
    keepGoing_ = nullptr;
    return true;
}

void SampleJob::store() {
    std::vector<Stored>& frame = frames_.emplace_back();
    for (std::size_t i = 0; i < chains_.size(); ++i) {
        const SamplerState& state = chains_[i].sampler->state();
        // A finished chain stands still: its frames share one tensor.
        if (frames_.size() > 1 && frames_[frames_.size() - 2][i].step == state.step) {
            frame.push_back(frames_[frames_.size() - 2][i]);
            continue;
        }
        const at::Tensor kept = bytes_ < storedBytes_ ? state.x : state.x.to(at::kHalf);
        bytes_ += static_cast<std::size_t>(kept.nbytes());
        frame.push_back({state.step, kept});
    }
}

SampleFrame SampleJob::frame() {
    const at::NoGradGuard noGrad;
    store();
    SampleFrame frame;
    frame.step = step();
    const std::size_t cells = plan_.grid.cells.size();
    frame.noisy.resize(cells), frame.clean.resize(cells), frame.cellSteps.resize(cells);
    for (const Chain& chain : chains_) {
        const SamplerState& state = chain.sampler->state();
        place(frame.noisy, chain.cells, shownPixels(state.x, plan_.spec));
        // The last step of a chain is its answer; before the first there is no prediction yet.
        const bool own = !state.clean.defined() || chain.sampler->done();
        place(frame.clean, chain.cells, shownPixels(own ? state.x : state.clean, plan_.spec));
        for (const int cell : chain.cells)
            frame.cellSteps[static_cast<std::size_t>(cell)] = state.step;
    }
    return frame;
}

SampleFrame SampleJob::result(const std::function<bool(double)>& progress) {
    const at::NoGradGuard noGrad;
    if (model_.hash && plan_.modelHash.empty()) plan_.modelHash = model_.hash();
    SampleFrame last;
    last.step = step();
    last.noisy.resize(plan_.grid.cells.size()), last.cellSteps.resize(plan_.grid.cells.size());
    std::size_t finished = 0;
    for (const Chain& chain : chains_) {
        const auto share = [&](double part) {
            const double done = static_cast<double>(finished) + part * static_cast<double>(chain.cells.size());
            return !progress || progress(done / static_cast<double>(plan_.grid.cells.size()));
        };
        const at::Tensor& x = chain.sampler->x();
        const bool decode = plan_.spec.diffusion.latent && model_.autoencoder;
        place(last.noisy, chain.cells, decode ? decodeLatents(*model_.autoencoder, x, 8, share) : shownPixels(x, plan_.spec));
        if (!share(1))
            throw Error(ErrorCode::Cancelled, "The samples were not finished.", "Generate them again.");
        finished += chain.cells.size();
        for (const int cell : chain.cells)
            last.cellSteps[static_cast<std::size_t>(cell)] = chain.sampler->state().step;
    }
    last.clean = last.noisy;
    return last;
}

}  // namespace vl
