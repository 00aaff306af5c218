// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <ATen/core/grad_mode.h>

#include "engine/verify/recorded_model.h"

namespace vl {
namespace {

/// Compares every block's output as it comes, so that no two of a large model are held at once.
class BlockComparison final : public Probe {
public:
    BlockComparison(const nlohmann::json& blocks, CaseReport& report) : blocks_(blocks), report_(report) {}
    void blockOutput(int layer, const at::Tensor& tokens) override {
        const std::string name = "blocks." + std::to_string(layer);
        if (layer != next_++ || layer >= static_cast<int>(blocks_.size())) return report_.miss(name, "not in the case");
        report_.summary(name, blocks_[static_cast<std::size_t>(layer)], tokens);
    }
    void finish() {
        if (next_ < static_cast<int>(blocks_.size()))
            report_.miss("blocks", "only " + std::to_string(next_) + " of " + std::to_string(blocks_.size()) + " came");
    }

private:
    const nlohmann::json& blocks_;
    CaseReport& report_;
    int next_ = 0;
};

std::vector<std::int64_t> inputShape(const nlohmann::json& recorded, const ModelSpec& spec) {
    if (const auto shape = recorded.find("input_shape"); shape != recorded.end())
        return shape->get<std::vector<std::int64_t>>();
    const std::int64_t batch = recorded.at("logits").at("shape").at(0);
    return {batch, spec.inChannels, spec.imageSize, spec.imageSize};
}

}  // namespace

void replayClassifier(const nlohmann::json& recorded, CaseReport& report) {
    const at::NoGradGuard noGrad;
    const auto model = recordedModel(recorded, report);
    compareStateDict(recorded, *model, report);
    const at::Tensor input = inputFor(report, inputShape(recorded, model->spec()));

    const nlohmann::json none = nlohmann::json::array();
    const bool hasBlocks = recorded.contains("blocks");
    BlockComparison blocks(hasBlocks ? recorded["blocks"] : none, report);
    ForwardOptions probed;
    if (hasBlocks) probed.probe = &blocks;
    model->setAttention(AttentionKind::Explicit);
    const at::Tensor explicitLogits = model->forward(input, probed);
    blocks.finish();
    report.summary("logits, explicit", recorded.at("logits"), explicitLogits);
    model->setAttention(AttentionKind::Fused);
    report.summary("logits, fused", recorded.at("logits"), model->forward(input));
}

}  // namespace vl
