// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/attention_math.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vl {
namespace {

bool cancelled(const std::atomic<bool>* flag) { return flag && flag->load(std::memory_order_relaxed); }

bool isMasked(const Inspection& inspection, bool masked) { return masked && inspection.geometry.maskAfterSoftmax; }

float valueAt(const LayerAttention& layer, int head, int query, int key, double alpha, bool masked) {
    const float softmax = layer.row(head, query)[key];
    return masked ? static_cast<float>(softmax * softMaskFactor(alpha, query, key)) : softmax;
}

float fuse(const LayerAttention& layer, HeadFusion fusion, int head, int query, int key, double alpha, bool masked) {
    if (fusion == HeadFusion::One) return valueAt(layer, head, query, key, alpha, masked);
    float result = valueAt(layer, 0, query, key, alpha, masked);
    for (int h = 1; h < layer.heads; ++h) {
        const float value = valueAt(layer, h, query, key, alpha, masked);
        if (fusion == HeadFusion::Mean)
            result += value;
        else
            result = fusion == HeadFusion::Max ? std::max(result, value) : std::min(result, value);
    }
    return fusion == HeadFusion::Mean ? result / static_cast<float>(layer.heads) : result;
}

// Distances between two cells of one grid, by row and column difference, so that a row's sum needs no square root.
class DistanceTable {
public:
    explicit DistanceTable(const AttentionGeometry& geometry)
        : cols_(std::max(geometry.keyCols, 1)), rows_(std::max(geometry.keyRows, 1)) {
        for (int r = 0; r < rows_; ++r)
            for (int c = 0; c < cols_; ++c)
                table_.push_back(std::hypot(r, c));
    }
    double operator()(int dr, int dc) const { return table_[std::abs(dr) * cols_ + std::abs(dc)]; }

private:
    int cols_, rows_;
    std::vector<double> table_;
};

// One pass over a row that is already masked or not.
template <typename ValueOf>
RowStats statsOf(const AttentionGeometry& g, const DistanceTable& distance, int query, ValueOf valueOf) {
    RowStats stats;
    double sum = 0, plogp = 0;
    for (int j = 0; j < g.tokens; ++j) {
        const double p = valueOf(j);
        if (!std::isfinite(p)) return stats.finite = false, stats;
        sum += p;
        if (p > 0) plogp += p * std::log2(static_cast<float>(p));
        if (stats.strongestKey < 0 || p > stats.strongestWeight) stats.strongestKey = j, stats.strongestWeight = p;
    }
    stats.entropyBits = sum > 0 ? std::max(0.0, std::log2(sum) - plogp / sum) : 0;
    stats.meanDistance = std::numeric_limits<double>::quiet_NaN();
    const auto at = patchOfToken(g, query);
    if (!at) return stats;
    double weight = 0, weighted = 0;
    for (int r = 0, j = g.firstPatchToken; r < g.keyRows; ++r)
        for (int c = 0; c < g.keyCols; ++c, ++j) {
            const double p = valueOf(j);
            weight += p;
            weighted += p * distance(r - at->row, c - at->col);
        }
    if (weight > 0) stats.meanDistance = weighted / weight;
    return stats;
}

}  // namespace

std::optional<PatchPosition> patchOfToken(const AttentionGeometry& g, int token) {
    const int patch = token - g.firstPatchToken;
    if (token == g.classTokenIndex || patch < 0 || patch >= g.queryRows * g.queryCols) return std::nullopt;
    return PatchPosition{patch / g.queryCols, patch % g.queryCols};
}

int tokenOfPatch(const AttentionGeometry& g, int row, int col) {
    if (row < 0 || col < 0 || row >= g.queryRows || col >= g.queryCols) return -1;
    return g.firstPatchToken + row * g.queryCols + col;
}

std::string attentionProblem(const Inspection& inspection) {
    const auto& g = inspection.geometry;
    if (inspection.layers.empty()) return "This model declares no attention layers.";
    if (g.queryRows <= 0 || g.queryCols <= 0 || g.tokens <= 0) return "This model declares no patch grid.";
    if (g.queryRows != g.keyRows || g.queryCols != g.keyCols)
        return "Queries and keys of this model lie on different grids, which this view cannot draw yet.";
    if (g.firstPatchToken < 0 || g.firstPatchToken + g.queryRows * g.queryCols > g.tokens ||
        g.classTokenIndex >= g.tokens)
        return "The declared patch grid does not fit the number of tokens.";
    for (const auto& layer : inspection.layers)
        if (layer.heads <= 0 || layer.tokens != g.tokens ||
            layer.softmax.size() != static_cast<std::size_t>(layer.heads) * layer.tokens * layer.tokens)
            return "The attention has another size than the model declared.";
    return {};
}

std::vector<float> attentionVector(const Inspection& inspection, const AttentionChoice& choice, int token) {
    const auto& layer = inspection.layers.at(choice.layer);
    const bool masked = isMasked(inspection, choice.masked);
    const int head = std::clamp(choice.head, 0, layer.heads - 1);
    std::vector<float> values(layer.tokens);
    for (int t = 0; t < layer.tokens; ++t)
        values[t] = choice.direction == AttentionDirection::AttendsTo
                        ? fuse(layer, choice.fusion, head, token, t, inspection.alpha, masked)
                        : fuse(layer, choice.fusion, head, t, token, inspection.alpha, masked);
    return values;
}

double finiteMax(const std::vector<float>& values) {
    double best = 0;
    for (float v : values)
        if (std::isfinite(v)) best = std::max(best, static_cast<double>(v));
    return best;
}

RowStats rowStats(const Inspection& inspection, const AttentionChoice& choice, int query) {
    AttentionChoice row = choice;
    row.direction = AttentionDirection::AttendsTo;
    RowStats stats = vectorStats(inspection.geometry, attentionVector(inspection, row, query), query);
    if (!stats.finite || row.masked) return stats;
    row.masked = true;
    stats.keptMass = 0;
    for (float v : attentionVector(inspection, row, query))
        stats.keptMass += v;
    return stats;
}

RowStats vectorStats(const AttentionGeometry& geometry, const std::vector<float>& values, int token) {
    RowStats stats =
        statsOf(geometry, DistanceTable(geometry), token, [&](int j) { return static_cast<double>(values[j]); });
    if (stats.finite)
        for (float v : values)
            stats.keptMass += v;
    return stats;
}

AttentionSummary summarise(const Inspection& inspection, bool masked, const std::atomic<bool>* cancel) {
    const auto& g = inspection.geometry;
    const bool useMask = isMasked(inspection, masked);
    const DistanceTable distance(g);
    AttentionSummary summary;
    summary.earlyMass.assign(g.tokens, 0);
    summary.lateMass.assign(g.tokens, 0);
    std::vector<std::int64_t> rowsSeen(g.tokens, 0);
    for (const auto& layer : inspection.layers) {
        LayerStats stats;
        std::int64_t rows = 0, placed = 0;
        for (int h = 0; h < layer.heads; ++h) {
            for (int i = 0; i < layer.tokens; ++i) {
                if (cancelled(cancel)) return summary;
                const float* row = layer.row(h, i);
                const float late = static_cast<float>(useMask ? inspection.alpha : 1.0);
                const RowStats one =
                    statsOf(g, distance, i, [&](int j) -> double { return j <= i ? row[j] : row[j] * late; });
                if (!one.finite) {
                    ++stats.badRows;
                    continue;
                }
                double before = 0, after = 0;
                for (int j = 0; j <= i; ++j)
                    before += row[j];
                for (int j = i + 1; j < layer.tokens; ++j)
                    after += row[j];
                summary.earlyMass[i] += before;
                summary.lateMass[i] += after;
                ++rowsSeen[i];
                ++rows;
                stats.entropyBits += one.entropyBits;
                stats.keptMass += g.maskAfterSoftmax ? before + inspection.alpha * after : before + after;
                if (!std::isnan(one.meanDistance)) stats.meanDistance += one.meanDistance, ++placed;
            }
        }
        stats.entropyBits /= std::max<std::int64_t>(rows, 1);
        stats.keptMass /= std::max<std::int64_t>(rows, 1);
        stats.meanDistance /= std::max<std::int64_t>(placed, 1);
        summary.badRows += stats.badRows;
        summary.layers.push_back(stats);
    }
    for (int i = 0; i < g.tokens; ++i) {
        summary.earlyMass[i] /= std::max<std::int64_t>(rowsSeen[i], 1);
        summary.lateMass[i] /= std::max<std::int64_t>(rowsSeen[i], 1);
    }
    return summary;
}

std::vector<double> keptMassByQuery(const AttentionSummary& summary, double alpha) {
    std::vector<double> kept(summary.earlyMass.size());
    for (std::size_t i = 0; i < kept.size(); ++i)
        kept[i] = summary.earlyMass[i] + alpha * summary.lateMass[i];
    return kept;
}

double uniformKeptMass(int query, int tokens, double alpha) {
    return (query + 1 + alpha * (tokens - query - 1)) / tokens;
}

double mean(const std::vector<double>& values) {
    double sum = 0;
    for (double v : values)
        sum += v;
    return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

Rollout::Rollout(const Inspection& inspection, bool masked, const std::atomic<bool>* cancel)
    : tokens_(inspection.geometry.tokens) {
    const bool useMask = isMasked(inspection, masked);
    const auto n = static_cast<std::size_t>(tokens_);
    for (const auto& layer : inspection.layers) {
        std::vector<float> matrix(n * n, 0);
        for (int i = 0; i < tokens_; ++i) {
            if (cancelled(cancel)) return;
            float* row = matrix.data() + i * n;
            for (int h = 0; h < layer.heads; ++h) {
                const float* softmax = layer.row(h, i);
                for (int j = 0; j < tokens_; ++j)
                    row[j] +=
                        useMask ? static_cast<float>(softmax[j] * softMaskFactor(inspection.alpha, i, j)) : softmax[j];
            }
            double sum = 0;
            for (int j = 0; j < tokens_; ++j) {
                row[j] = 0.5f * row[j] / static_cast<float>(layer.heads) + (i == j ? 0.5f : 0.f);
                sum += row[j];
            }
            for (int j = 0; j < tokens_; ++j)
                row[j] = static_cast<float>(row[j] / sum);
        }
        matrices_.push_back(std::move(matrix));
    }
}

std::vector<float> Rollout::vector(int toLayer, int token, AttentionDirection direction) const {
    const auto n = static_cast<std::size_t>(tokens_);
    std::vector<float> state(n, 0), next(n);
    state.at(token) = 1;
    const int last = std::clamp(toLayer, 0, layers() - 1);
    // A row is e_q A_last ... A_0, a column A_last ... A_0 e_k: matrix times vector each, never matrix times matrix.
    for (int step = 0; step <= last; ++step) {
        const auto& a = matrices_[direction == AttentionDirection::AttendsTo ? last - step : step];
        std::fill(next.begin(), next.end(), 0.f);
        for (std::size_t i = 0; i < n; ++i) {
            const float* row = a.data() + i * n;
            if (direction == AttentionDirection::AttendsTo) {
                const float weight = state[i];
                if (weight != 0)
                    for (std::size_t j = 0; j < n; ++j)
                        next[j] += weight * row[j];
            } else {
                float sum = 0;
                for (std::size_t j = 0; j < n; ++j)
                    sum += row[j] * state[j];
                next[i] = sum;
            }
        }
        state.swap(next);
    }
    return state;
}

}  // namespace vl
