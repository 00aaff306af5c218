// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "engine/nn/model.h"
#include "engine/verify/verify.h"

namespace vl {

/// The preset of a classifier's case at its image size, number of classes and soft mask. Throws Error(BadFile) when the
/// case names a preset of another family.
ModelSpec recordedSpec(const nlohmann::json& recorded);

/// The model of a case, filled by the recorded rule, on the report's device and in its precision.
std::unique_ptr<Model> recordedModel(const nlohmann::json& recorded, const CaseReport& report);

/// The recorded input of that shape on the report's device and in its precision.
at::Tensor inputFor(const CaseReport& report, at::IntArrayRef shape);

/// Names, shapes and order of the state dict, and the number of parameters against the case and the spec's formula.
void compareStateDict(const nlohmann::json& recorded, Model& model, CaseReport& report);

/// Of many named numbers the one that is furthest off; one row says it.
class FurthestNumber {
public:
    FurthestNumber(std::string what, double tolerance) : what_(std::move(what)), tolerance_(tolerance) {}
    /// The deviation is relative to max(|recorded|, floor).
    void see(const std::string& name, double recorded, double got, double floor = 0);
    void tell(CaseReport& report) const;

private:
    std::string what_;
    double tolerance_;
    std::string name_;
    double recorded_ = 0, got_ = 0, floor_ = 0, worst_ = -1;
};

}  // namespace vl
