// SPDX-License-Identifier: Apache-2.0
#include "engine/verify/verify.h"

#include <array>
#include <fstream>

#include "engine/core/error.h"
#include "engine/core/text.h"

namespace vl {

std::span<const CaseKind> caseKinds() {
    static constexpr std::array kinds{CaseKind{"classifier", replayClassifier},
                                      CaseKind{"denoiser", replayDenoiser},
                                      CaseKind{"training", replayTraining},
                                      CaseKind{"MAE pre-training", replayMaskedPretraining},
                                      CaseKind{"MAE fine-tuning classifier", replayMaskedClassifier},
                                      CaseKind{"UPerNet segmentation", replaySegmentation},
                                      CaseKind{"Mask R-CNN", replayMaskRcnn},
                                      CaseKind{"detection pieces", replayDetectionPieces},
                                      CaseKind{"segmentation metrics", replaySegmentationMetrics},
                                      CaseKind{"COCO average precision", replayCocoPrecision},
                                      CaseKind{"attention-map rank", replayAttentionRank},
                                      CaseKind{"diffusion tables", replayDiffusionTables},
                                      CaseKind{"diffusion training loss", replayDiffusionLoss},
                                      CaseKind{"diffusion sampling", replayDiffusionSampling},
                                      CaseKind{"SiT path coefficients", replayTransportPaths},
                                      CaseKind{"SiT training loss", replayTransportLoss},
                                      CaseKind{"SiT ODE sampling", replayTransportOde},
                                      CaseKind{"SiT SDE sampling", replayTransportSde},
                                      CaseKind{"SiT ODE likelihood", replayTransportLikelihood},
                                      CaseKind{"ODE solvers on a closed-form drift", replayOdeSolvers}};
    return kinds;
}

std::string kindOf(const nlohmann::json& recorded) {
    if (recorded.contains("kind") && recorded["kind"].is_string()) return recorded["kind"];
    if (recorded.contains("losses")) return "training";
    return recorded.contains("latent") ? "denoiser" : "classifier";
}

CaseReport verifyCase(const std::filesystem::path& file, const VerifyOptions& options) {
    if (!std::filesystem::exists(file))
        throw Error(ErrorCode::NotFound, "There is no " + file.string() + ".", "Check the path.");
    constexpr std::uintmax_t kLargest = 64 << 20;  // recorded cases are kilobytes
    std::error_code problem;
    const std::uintmax_t bytes = std::filesystem::file_size(file, problem);
    if (problem || bytes > kLargest)
        throw Error(ErrorCode::BadFile, file.string() + " is not a recorded case.",
                    "Give a .json file of recorded numbers.");
    std::ifstream stream(file);
    const nlohmann::json recorded = nlohmann::json::parse(stream, nullptr, /*allow_exceptions=*/false);
    if (!recorded.is_object())
        throw Error(ErrorCode::BadFile, file.string() + " is not a recorded case.",
                    "Give a .json file of recorded numbers.");
    const std::string kind = kindOf(recorded);
    for (const CaseKind& known : caseKinds()) {
        if (known.kind != kind) continue;
        CaseReport report(options);
        try {
            known.replay(recorded, report);
        } catch (const nlohmann::json::exception&) {
            throw Error(ErrorCode::BadFile, file.string() + " lacks a field that cases of kind '" + kind + "' have.",
                        "Record the case again, or compare it with one of tests/golden.");
        }
        return report;
    }
    throw Error(ErrorCode::Unsupported, "Cases of kind '" + printable(kind) + "' are not known to this program.",
                "`visionllama verify --list` names the kinds it can replay.");
}

}  // namespace vl
