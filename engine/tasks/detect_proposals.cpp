// SPDX-License-Identifier: Apache-2.0
#include "engine/tasks/detect_proposals.h"

#include <algorithm>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/argsort.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/nonzero.h>

#include "engine/ops/nms.h"
#include "engine/tasks/detect_anchors.h"

namespace vl {
namespace {

/// Decoded candidates of one picture, all levels.
struct Candidates {
    std::vector<at::Tensor> boxes, scores, levels;
};

void addLevel(Candidates& out, const at::Tensor& scores, const at::Tensor& deltas, const at::Tensor& anchors,
              const PictureSize& picture, std::int64_t most) {
    const at::Tensor order = at::argsort(scores, /*stable=*/true, /*dim=*/0, /*descending=*/true)
                                 .narrow(0, 0, std::min(most, scores.size(0)));
    const auto level = static_cast<std::int64_t>(out.boxes.size());
    out.boxes.push_back(kProposalCoder.decode(anchors.index_select(0, order), deltas.index_select(0, order), &picture));
    out.scores.push_back(scores.index_select(0, order));
    out.levels.push_back(at::full({order.numel()}, level, order.options()));
}

Proposals select(const Candidates& candidates, const ProposalRule& rule) {
    const at::Tensor all = at::cat(candidates.boxes);
    const at::Tensor sides = all.narrow(1, 2, 2) - all.narrow(1, 0, 2);
    const at::Tensor present = at::nonzero((sides > 0).all(1)).flatten();
    const at::Tensor boxes = all.index_select(0, present);
    const at::Tensor scores = at::cat(candidates.scores).index_select(0, present);
    const at::Tensor kept = nms(boxes, scores, rule.overlap, at::cat(candidates.levels).index_select(0, present));
    const at::Tensor best = kept.narrow(0, 0, std::min(rule.total, kept.numel()));
    return {boxes.index_select(0, best), scores.index_select(0, best)};
}

}  // namespace

at::Tensor anchorRows(const at::Tensor& map, std::int64_t perAnchor) {
    return map.permute({0, 2, 3, 1}).reshape({map.size(0), -1, perAnchor});
}

std::vector<Proposals> proposeRegions(const ProposalMaps& maps, const std::vector<PictureSize>& pictures,
                                      const ProposalRule& rule) {
    const at::NoGradGuard noGrad;
    const std::vector<at::Tensor> anchors = pyramidAnchors(maps.scores, maps.stride);
    std::vector<Proposals> out;
    for (std::size_t image = 0; image < pictures.size(); ++image) {
        Candidates candidates;
        for (std::size_t l = 0; l < anchors.size(); ++l) {
            const auto row = [image](const at::Tensor& map, std::int64_t perAnchor) {
                return anchorRows(map.narrow(0, static_cast<std::int64_t>(image), 1), perAnchor)[0].to(at::kFloat);
            };
            const at::Tensor scores = row(maps.scores[l], 1).select(1, 0).sigmoid();
            addLevel(candidates, scores, row(maps.deltas[l], 4), anchors[l], pictures[image], rule.perLevel);
        }
        out.push_back(select(candidates, rule));
    }
    return out;
}

}  // namespace vl
