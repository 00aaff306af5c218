// SPDX-License-Identifier: Apache-2.0
#include "engine/models/masked_classifier.h"

#include <utility>

#include "engine/models/families.h"
#include "engine/nn/initialise.h"

namespace vl {

MaskedClassifier::MaskedClassifier(const ModelSpec& spec)
    : spec_(spec),
      encoder_(parameters_, "backbone.", spec, {.finalNorm = spec.finalNorm, .pooledNorm = true}),
      head_(parameters_, "head.fc", spec.dim, spec.numClasses) {}

at::Tensor MaskedClassifier::features(const at::Tensor& images, const ForwardOptions& options) const {
    return encoder_.pooledFeatures(images, options);
}

std::vector<at::Tensor> MaskedClassifier::featureMaps(const at::Tensor& images, std::span<const int> layers,
                                                      const ForwardOptions& options) const {
    return encoder_.featureMaps(images, layers, options);
}

at::Tensor MaskedClassifier::forward(const at::Tensor& images, const ForwardOptions& options) {
    return head_(features(images, options));
}

void MaskedClassifier::initialise(std::uint64_t seed) {
    for (const Parameter& parameter : parameters_.items()) {
        if (parameter.name == "head.fc.weight") {
            fillTruncatedNormal(parameter.tensor, kHeadDeviation, {seed, parameter.name});
        } else {
            initialiseMmpretrainTensor(parameter, spec_, seed);
        }
    }
}

std::unique_ptr<Model> makeMaskedClassifier(const ModelSpec& spec) { return std::make_unique<MaskedClassifier>(spec); }

}  // namespace vl
