// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "engine/api/checkpoint_report.h"

namespace vl {

/// A report about no file: blocks of three tensors each, weights and (half) averaged weights, scalars, an opaque part.
/// Tensor 1 holds 3 NaN when `statistics`.
inline std::shared_ptr<CheckpointReport> madeUpReport(const std::filesystem::path& file, int tensors = 6,
                                                      bool statistics = false) {
    auto report = std::make_shared<CheckpointReport>();
    report->file = file;
    report->format = "PyTorch zip";
    report->fileBytes = 1'500'000;
    static const char* parts[] = {"attn.qkv.weight", "attn.proj.weight", "mlp.w12.weight"};
    for (int i = 0; i < tensors; ++i) {
        TensorRow row;
        const std::string name = "blocks." + std::to_string(i / 3) + "." + parts[i % 3];
        row.name = "model." + name;
        row.modelName = name;
        row.dtype = i == 2 ? "BF16" : "F32";
        row.shape = {64, 64 * (1 + i % 3)};
        row.bytes = static_cast<std::uint64_t>(64 * 64 * (1 + i % 3) * (i == 2 ? 2 : 4));
        if (statistics) {
            TensorStatistics values;
            values.mean = 0.001 * i;
            values.std = 0.02;
            values.min = -0.1 - 0.01 * i;
            values.max = 0.1;
            values.elements = 64 * 64 * (1 + i % 3);
            values.nan = i == 1 ? 3 : 0;
            for (int bin = 0; bin < 64; ++bin)
                values.histogram.push_back(static_cast<std::uint32_t>(1000 - (bin - 32) * (bin - 32)));
            row.statistics = values;
        }
        report->tensors.push_back(row);
    }
    report->weights = {{"model.", static_cast<std::size_t>(tensors), 64 * 64, false, true},
                       {"model_ema.", 2, 64, true, false}};
    report->scalars = {{"epoch", "299"}, {"best_accuracy", "81.6"}};
    report->opaque = {"args: project.Config"};
    report->statisticsDone = statistics;
    Recognition& r = report->recognition;
    r.known = true;
    r.preset = true;
    r.spec = findPreset("illama_tiny");
    r.naming = "official";
    r.confidence = 1;
    r.explanation = "All tensors have the names and shapes of illama_tiny.";
    return report;
}

}  // namespace vl
