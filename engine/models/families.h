// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "engine/nn/model.h"

namespace vl {

/// iLLaMA (models.md 3): class token last (or first), learned positions and 1-D rotary embedding, post-softmax soft mask.
std::unique_ptr<Model> makeIllama(const ModelSpec& spec);
/// Plain VisionLLaMA (models.md 4): class token first, 2-D rotary embedding, LayerScale.
std::unique_ptr<Model> makePlainVisionLlama(const ModelSpec& spec);
/// Pyramid VisionLLaMA (models.md 5): four stages of local and pooled global attention.
std::unique_ptr<Model> makePyramidVisionLlama(const ModelSpec& spec);
/// ViT/DeiT baseline: learned positions, GELU.
std::unique_ptr<Model> makeVit(const ModelSpec& spec);
/// Twins-SVT baseline: the pyramid with conditional positions instead of rotary embedding.
std::unique_ptr<Model> makeTwins(const ModelSpec& spec);
/// Masked pre-training: encoder and decoder (models.md 6.1 to 6.3). Also a MaskedAutoencoder (nn/masked_autoencoder.h).
std::unique_ptr<Model> makeMaskedAutoencoder(const ModelSpec& spec);
/// The encoder as a classifier (models.md 6.5).
std::unique_ptr<Model> makeMaskedClassifier(const ModelSpec& spec);
/// DiT, SiT and their LLaMA forms (models.md 7). Also a Denoiser (nn/denoiser.h).
std::unique_ptr<Model> makeDenoiser(const ModelSpec& spec);
/// UPerNet and FCN heads on a backbone (models.md 8). Also a Segmenter (nn/segmenter.h).
std::unique_ptr<Model> makeUperNet(const ModelSpec& spec);
/// Mask R-CNN and ViTDet (models.md 9). Also a Detector (nn/detector.h).
std::unique_ptr<Model> makeMaskRcnn(const ModelSpec& spec);
/// AutoencoderKL. Also an Autoencoder (nn/autoencoder.h).
std::unique_ptr<Model> makeAutoencoder(const ModelSpec& spec);

}  // namespace vl
