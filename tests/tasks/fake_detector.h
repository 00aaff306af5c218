// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/TensorOperators.h>
#include <ATen/ops/zeros.h>

#include "engine/nn/detector.h"

namespace vl::test {

/// A detector without weights whose heads say what a test tells them.
class FakeDetector final : public Detector {
public:
    explicit FakeDetector(int classes) { spec_.numClasses = classes; }

    /// One row for every region, repeated; zero when not given.
    at::Tensor scoreRow, deltaRow;
    double maskLogit = 0;

    const ModelSpec& spec() const override { return spec_; }
    std::span<Parameter> parameters() override { return {}; }
    void initialise(std::uint64_t) override {}
    void setDropPath(double) override {}
    void setAttention(AttentionKind) override {}
    AttentionGeometry attentionGeometry(int) const override { return {}; }

    std::vector<at::Tensor> features(const at::Tensor& images, const ForwardOptions&) override {
        std::vector<at::Tensor> maps;
        for (std::int64_t stride = 4; stride <= 64; stride *= 2)
            maps.push_back(at::zeros({images.size(0), 1, images.size(2) / stride, images.size(3) / stride}));
        return maps;
    }
    ProposalMaps propose(const std::vector<at::Tensor>& maps) override {
        ProposalMaps out;
        for (const at::Tensor& map : maps) {
            out.scores.push_back(at::zeros({map.size(0), 3, map.size(2), map.size(3)}));
            out.deltas.push_back(at::zeros({map.size(0), 12, map.size(2), map.size(3)}));
        }
        return out;
    }
    BoxHeadOutput boxHead(const at::Tensor& regions) override {
        const std::int64_t n = regions.size(0), classes = spec_.numClasses;
        return {rows(scoreRow, n, classes + 1), rows(deltaRow, n, 4 * classes)};
    }
    at::Tensor maskHead(const at::Tensor& regions) override {
        return at::zeros({regions.size(0), spec_.numClasses, 28, 28}) + maskLogit;
    }

private:
    static at::Tensor rows(const at::Tensor& row, std::int64_t count, std::int64_t width) {
        return row.defined() ? row.view({1, width}).repeat({count, 1}) : at::zeros({count, width});
    }
    ModelSpec spec_;
};

}  // namespace vl::test
