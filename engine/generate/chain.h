// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/api/generate.h"
#include "engine/diffusion/diffusion_samplers.h"
#include "engine/diffusion/transport.h"

namespace vl {

/// The process a model was trained for, from its spec; `respacing` as respacedSteps() takes it.
DiffusionSettings diffusionSettingsOf(const ModelSpec& spec, const std::string& respacing = {});
TransportSettings transportSettingsOf(const ModelSpec& spec);

/// The cell with the sampler and the number of steps filled in. Throws Error(Usage) for what the model cannot do:
/// a sampler of the other kind of process, a class it does not know, steps its process does not have.
CellSettings completed(CellSettings cell, const ModelSpec& spec);
/// Whether two cells can be steps of one batch: everything but class, seed, mixing and guidance is the same.
bool shareChain(const CellSettings& a, const CellSettings& b);

/// Chain of cells that share one, sample i for cells[i]; owns its noise. A sample depends on its own cell alone, not on
/// the others in the batch. The model must outlive it. `beforeCall` is called before every call of the model; after it
/// threw, the chain must be given back its state of before the step.
std::unique_ptr<Sampler> makeChain(Denoiser& model, std::vector<CellSettings> cells,
                                   std::function<void()> beforeCall = {});

/// All cells of one chain to the end, `batch` at a time: [cells, C, S, S] float32. `keepGoing` is asked at every step;
/// undefined when it says false.
at::Tensor drawSamples(Denoiser& model, std::span<const CellSettings> cells, int batch,
                       const std::function<bool()>& keepGoing = {});

/// Samples in -1..1 as pictures [cells, C, S, S] uint8: clamp(127.5 x + 128, 0, 255), truncated (models.md 7.4).
at::Tensor pixelsOf(const at::Tensor& samples);

}  // namespace vl
