// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/core/Tensor.h>
#include <nlohmann/json.hpp>

namespace vl {

/// One recorded quantity and how far this build is from it. `worst` and `tolerance` are in the same unit: relative to
/// the recorded absmax, norm or value; exact quantities count differing entries and allow none.
struct Deviation {
    std::string quantity;   ///< "logits", "blocks.3 norm"
    double worst = 0;
    double tolerance = 0;
    std::string note;       ///< where, or why it could not be compared (then worst is infinite)
    bool passed() const { return worst <= tolerance; }
};

struct VerifyOptions {
    at::Device device = at::kCPU;
    at::ScalarType precision = at::kFloat;  ///< kFloat, kDouble or kBFloat16
};

/// Collects comparisons; handlers state what they compare and the report does the arithmetic.
class CaseReport {
public:
    explicit CaseReport(const VerifyOptions& options) : options_(options) {}

    /// `recorded` with shape, first, last and (as far as present) l2, sum, absmax. `tolerance` is relative to absmax;
    /// norms get a tenth of it, and so does the sum, relative to the norm times the root of the number of values.
    void summary(const std::string& quantity, const nlohmann::json& recorded, const at::Tensor& got,
                 double tolerance = 1e-4);
    /// |got - recorded| / max(|recorded|, floor).
    void number(const std::string& quantity, double recorded, double got, double tolerance, double floor = 0);
    /// `values` of any nested list against numbers in the same order; relative to the largest recorded value.
    void values(const std::string& quantity, const nlohmann::json& recorded, const at::Tensor& got, double tolerance);
    /// Integers that must match exactly.
    void exact(const std::string& quantity, const nlohmann::json& recorded, const at::Tensor& got);
    /// A quantity that could not be computed or has the wrong form: always a miss.
    void miss(const std::string& quantity, const std::string& why);
    void add(Deviation deviation) { rows_.push_back(std::move(deviation)); }

    const VerifyOptions& options() const { return options_; }
    const std::vector<Deviation>& rows() const { return rows_; }
    /// Something was compared and nothing is further off than its tolerance.
    bool passed() const;

private:
    /// Reduced precision may deviate further: the tolerance times 1 for float32 and float64, 300 for bfloat16.
    double allowed(double tolerance) const;

    VerifyOptions options_;
    std::vector<Deviation> rows_;
};

/// Replays one kind of case. Throws Error when the case itself is malformed.
struct CaseKind {
    std::string_view kind;  ///< the file's "kind"; cases without one are told apart by family and fields
    void (*replay)(const nlohmann::json& recorded, CaseReport& report);
};
std::span<const CaseKind> caseKinds();

/// The kind of a case: its "kind", or "classifier", "denoiser", "training" for cases without one.
std::string kindOf(const nlohmann::json& recorded);

/// Reads and replays a case file. Throws Error(NotFound | BadFile), Error(Unsupported) for a kind not in the table.
CaseReport verifyCase(const std::filesystem::path& file, const VerifyOptions& options);

// Handlers, one file each.
void replayClassifier(const nlohmann::json& recorded, CaseReport& report);
void replayDenoiser(const nlohmann::json& recorded, CaseReport& report);
void replayTraining(const nlohmann::json& recorded, CaseReport& report);
void replayMaskedPretraining(const nlohmann::json& recorded, CaseReport& report);
void replayMaskedClassifier(const nlohmann::json& recorded, CaseReport& report);
void replaySegmentation(const nlohmann::json& recorded, CaseReport& report);
void replayMaskRcnn(const nlohmann::json& recorded, CaseReport& report);
void replayDetectionPieces(const nlohmann::json& recorded, CaseReport& report);
void replaySegmentationMetrics(const nlohmann::json& recorded, CaseReport& report);
void replayCocoPrecision(const nlohmann::json& recorded, CaseReport& report);
void replayAttentionRank(const nlohmann::json& recorded, CaseReport& report);
void replayDiffusionTables(const nlohmann::json& recorded, CaseReport& report);
void replayDiffusionLoss(const nlohmann::json& recorded, CaseReport& report);
void replayDiffusionSampling(const nlohmann::json& recorded, CaseReport& report);
void replayTransportPaths(const nlohmann::json& recorded, CaseReport& report);
void replayTransportLoss(const nlohmann::json& recorded, CaseReport& report);
void replayTransportOde(const nlohmann::json& recorded, CaseReport& report);
void replayTransportSde(const nlohmann::json& recorded, CaseReport& report);
void replayTransportLikelihood(const nlohmann::json& recorded, CaseReport& report);
void replayOdeSolvers(const nlohmann::json& recorded, CaseReport& report);

}  // namespace vl
