// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace vl::cpu {

/// Rows [begin, end) of a row-wise kernel.
struct Rows {
    std::int64_t begin = 0;
    std::int64_t end = 0;
};

/// One attention layer as the kernels see it. Token strides are in floats; heads lie side by side, d floats each.
struct AttentionArgs {
    std::int64_t keys = 0;        ///< N
    std::int64_t queries = 0;     ///< rows computed: N, or 1 for the class-token shortcut
    std::int64_t firstQuery = 0;  ///< position of the first of them
    std::int64_t headDim = 0;
    float alpha = 0;
    const float* cosine = nullptr;  ///< [N, d], RopeTable::cosinePairs
    const float* sine = nullptr;    ///< [N, d], RopeTable::sinePairs
    std::int64_t qStride = 0, kvStride = 0, outStride = 0;
};

/// Pointers at one (batch, head); the token strides of AttentionArgs apply.
struct AttentionHead {
    const float* q = nullptr;
    const float* k = nullptr;
    const float* v = nullptr;
    float* out = nullptr;
    float* logSumExp = nullptr;  ///< [queries], natural logarithm; may be null in forward
};

struct AttentionHeadGradient {
    const float* out = nullptr;
    float* q = nullptr;
    float* k = nullptr;
    float* v = nullptr;
};

/// How the right-hand matrix B of a product lies in memory.
enum class RightMatrix {
    Rows,    ///< B(k, n) = b[k * bRow + n]
    Panels,  ///< as packPanels wrote it
};

/// C[m, n] = sum_k A(m, k) B(k, n) + bias[n], one thread. A may have any two strides; rows of C are contiguous.
struct GemmArgs {
    std::int64_t m = 0, n = 0, k = 0;
    const float* a = nullptr;
    std::int64_t aRow = 0, aDepth = 0;
    const float* b = nullptr;
    std::int64_t bRow = 0;
    RightMatrix layout = RightMatrix::Rows;
    float* c = nullptr;
    std::int64_t cRow = 0;
    const float* bias = nullptr;
};

/// One row of labels and the two rows of logits that it lies between, already as wide as the labels. Pointers are at
/// class 0; class k lies `plane` floats further. Both gradient rows may be the same, and null when none is wanted.
struct CrossEntropyRow {
    std::int64_t classes = 0, width = 0, plane = 0;
    const float* upper = nullptr;
    const float* lower = nullptr;
    float upperWeight = 1, lowerWeight = 0;
    const std::int64_t* labels = nullptr;  ///< [width], a class or `ignored`
    std::int64_t ignored = 255;
    float* upperGradient = nullptr;  ///< added to
    float* lowerGradient = nullptr;
};

struct CrossEntropySums {
    double loss = 0;
    std::int64_t labelled = 0, right = 0;
};

/// The kernels of one instruction set. All work on float32, are single-threaded and touch only what they are given.
struct Kernels {
    const char* isa;

    /// sum = x + branch (skipped when branch is null), y = sum * rstd * weight; rstd [rows].
    void (*rmsNormForward)(Rows rows, std::int64_t width, const float* x, const float* branch, const float* weight,
                           double eps, float* sum, float* y, float* rstd);
    /// dx = gradient through the norm (+ dSum when given); dWeight [width] is added to.
    void (*rmsNormBackward)(Rows rows, std::int64_t width, const float* x, const float* weight, const float* rstd,
                            const float* dy, const float* dSum, float* dx, float* dWeight);

    void (*swigluForward)(std::int64_t count, const float* gate, const float* value, float* out);
    void (*swigluBackward)(std::int64_t count, const float* gate, const float* value, const float* dOut, float* dGate,
                           float* dValue);

    std::size_t (*attentionScratch)(const AttentionArgs& args, bool backward);  ///< floats
    void (*attentionForward)(const AttentionArgs& args, const AttentionHead& head, float* scratch);
    /// Writes dq, dk, dv of the head (does not add).
    void (*attentionBackward)(const AttentionArgs& args, const AttentionHead& head,
                              const AttentionHeadGradient& gradient, float* scratch);

    void (*gemm)(const GemmArgs& args);
    std::int64_t panelColumns;  ///< columns of one packed panel
    std::int64_t gemmRows;      ///< rows of one register tile: split work at multiples of it
    /// Packs panels [begin, end) of B = transpose of weight [n, k]; a panel takes k * panelColumns floats, missing
    /// columns are zero.
    void (*packPanels)(const float* weight, std::int64_t n, std::int64_t k, Rows panels, float* packed);
    /// sums[i] += over rows of x[row, i].
    void (*addColumnSums)(Rows rows, std::int64_t width, const float* x, float* sums);

    std::int64_t vectorFloats;
    /// Adds the row to `sums` and its gradient to the two rows of logits; scratch: classes * vectorFloats floats.
    void (*crossEntropyRow)(const CrossEntropyRow& row, float* scratch, CrossEntropySums& sums);
};

extern const Kernels kGenericKernels;
extern const Kernels kAvx2Kernels;
extern const Kernels kAvx512Kernels;

/// The set in use: the widest this processor runs, unless a test or benchmark chose another.
const Kernels& kernels();
/// All sets this processor runs, widest first.
std::span<const Kernels* const> supportedKernels();
/// For tests and benchmarks; call while no forward or backward pass is running.
void useKernels(const Kernels& chosen);

}  // namespace vl::cpu
