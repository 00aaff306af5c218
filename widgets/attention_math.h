// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/types.h"

namespace vl {

enum class HeadFusion { One, Mean, Max, Min };
/// AttendsTo: the row of a query. AttendedBy: the column of a key.
enum class AttentionDirection { AttendsTo, AttendedBy };

/// Which attention of an inspection is looked at.
struct AttentionChoice {
    int layer = 0;
    int head = 0;  ///< used by HeadFusion::One only
    HeadFusion fusion = HeadFusion::One;
    AttentionDirection direction = AttentionDirection::AttendsTo;
    bool masked = false;  ///< softmax x mask instead of softmax
    bool operator==(const AttentionChoice&) const = default;
};

struct PatchPosition {
    int row = 0, col = 0;
    bool operator==(const PatchPosition&) const = default;
};

/// Where a token lies on the patch grid; nothing for the class token and tokens outside.
std::optional<PatchPosition> patchOfToken(const AttentionGeometry& geometry, int token);
/// -1 outside the grid.
int tokenOfPatch(const AttentionGeometry& geometry, int row, int col);
/// Why this inspection's attention cannot be drawn, one sentence; empty: it can.
std::string attentionProblem(const Inspection& inspection);

/// One value a token, [N]: what `token` attends to, or who attends to it. Non-finite values pass through.
std::vector<float> attentionVector(const Inspection& inspection, const AttentionChoice& choice, int token);
/// Largest finite value, 0 when there is none.
double finiteMax(const std::vector<float>& values);

/// Numbers of one query row. Entropy and distance belong to the row divided by its sum, so that masked and plain
/// rows compare; kept mass is the sum of softmax x mask.
struct RowStats {
    double entropyBits = 0;
    double meanDistance = 0;  ///< patches, over patch keys; NaN for the class token
    double keptMass = 0;
    int strongestKey = -1;
    double strongestWeight = 0;
    bool finite = true;  ///< false: the row holds NaN or infinity and has no statistics
};
RowStats rowStats(const Inspection& inspection, const AttentionChoice& choice, int query);
/// The same numbers of any vector over tokens seen from `token`; kept mass is its sum.
RowStats vectorStats(const AttentionGeometry& geometry, const std::vector<float>& values, int token);

/// Means over heads and queries of one layer; rows that are not finite are left out.
struct LayerStats {
    double entropyBits = 0, meanDistance = 0, keptMass = 0;
    std::int64_t badRows = 0;
};

/// Everything that needs a pass over all attention; computed off the GUI thread.
struct AttentionSummary {
    std::vector<LayerStats> layers;
    std::vector<double> earlyMass;  ///< [N] softmax mass on keys j <= i, mean over layers and heads
    std::vector<double> lateMass;   ///< [N] softmax mass on keys j > i
    std::int64_t badRows = 0;
};
/// Returns early, with fewer layers, when `cancel` becomes true.
AttentionSummary summarise(const Inspection& inspection, bool masked, const std::atomic<bool>* cancel = nullptr);

/// Mass each query keeps under alpha: early + alpha * late, [N].
std::vector<double> keptMassByQuery(const AttentionSummary& summary, double alpha);
/// The same when every softmax row is uniform: (i + 1 + alpha (N - i - 1)) / N.
double uniformKeptMass(int query, int tokens, double alpha);
double mean(const std::vector<double>& values);

/// Attention rollout: heads averaged, rows of A/2 + I/2 divided by their sum, multiplied from the chosen layer down to
/// the first. Division makes it defined for masked rows, which do not sum to one; say so wherever it is shown.
class Rollout {
public:
    Rollout(const Inspection& inspection, bool masked, const std::atomic<bool>* cancel = nullptr);
    int layers() const { return static_cast<int>(matrices_.size()); }
    /// [N] values of `token` through layers 0..toLayer.
    std::vector<float> vector(int toLayer, int token, AttentionDirection direction) const;

private:
    int tokens_ = 0;
    std::vector<std::vector<float>> matrices_;  ///< one [N][N] a layer
};

}  // namespace vl
