// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "engine/api/families.h"
#include "engine/core/error.h"
#include "engine/models/families.h"
#include "engine/nn/model.h"
#include "engine/nn/parameter_list.h"

namespace vl {
namespace {

struct Maker {
    std::string_view family;
    std::unique_ptr<Model> (*make)(const ModelSpec&);
};

/// One row a family, as in engine/api/families.cpp; a new family is one line here and one file beside this one.
constexpr std::array kMakers{Maker{"illama", makeIllama},
                             Maker{"visionllama_plain", makePlainVisionLlama},
                             Maker{"visionllama_pyramid", makePyramidVisionLlama},
                             Maker{"vit", makeVit},
                             Maker{"twins", makeTwins},
                             Maker{"mae", makeMaskedAutoencoder},
                             Maker{"mae_cls", makeMaskedClassifier},
                             Maker{"ditllama", makeDenoiser},
                             Maker{"sitllama", makeDenoiser},
                             Maker{"dit", makeDenoiser},
                             Maker{"sit", makeDenoiser},
                             Maker{"upernet", makeUperNet},
                             Maker{"mask_rcnn", makeMaskRcnn},
                             Maker{"autoencoder_kl", makeAutoencoder}};

}  // namespace

std::unique_ptr<Model> makeModel(const ModelSpec& spec) {
    validate(spec);
    for (const Maker& maker : kMakers) {
        if (maker.family == spec.family) return maker.make(spec);
    }
    throw Error(ErrorCode::Unsupported, "Model family '" + spec.family + "' has sizes but no model.",
                "Choose a model of another family.");
}

std::vector<Parameter> describeParameters(const ModelSpec& spec) {
    const DescribeOnly noMemory;
    const auto model = makeModel(spec);
    const std::span<Parameter> parameters = model->parameters();
    return {parameters.begin(), parameters.end()};
}

}  // namespace vl
