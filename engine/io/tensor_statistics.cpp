// SPDX-License-Identifier: Apache-2.0
#include "engine/io/tensor_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/core/error.h"
#include "engine/io/number_formats.h"

namespace vl {
namespace {

constexpr std::size_t kBins = 64;
constexpr std::size_t kPiece = 1 << 14;  // numbers decoded at a time: they stay in the cache
constexpr std::size_t kReport = 256;     // pieces between two reports

/// Calls `use(values)` for one piece of decoded numbers after the other.
template <typename Use>
void eachPiece(std::span<const std::byte> data, const NumberFormat& format, Use&& use) {
    std::vector<double> values(kPiece);
    const std::size_t count = data.size() / format.bytes;
    for (std::size_t done = 0; done < count; done += kPiece) {
        const auto now = std::min(kPiece, count - done);
        format.decode(data.data() + done * format.bytes, now, values.data());
        use(std::span<const double>(values.data(), now));
    }
}

void countPiece(std::span<const double> values, TensorStatistics& s, double& sum) {
    for (const double value : values) {
        if (!std::isfinite(value)) {
            ++(std::isnan(value) ? s.nan : s.infinite);
            continue;
        }
        sum += value;
        s.zeros += value == 0;
        s.min = std::min(s.min, value);
        s.max = std::max(s.max, value);
    }
}

void spreadPiece(std::span<const double> values, TensorStatistics& s, double& squares) {
    // Halves keep the range finite for extremes of both signs.
    const double half = s.max / 2 - s.min / 2;
    const double scale = half > 1e-300 ? static_cast<double>(kBins) / half : 0;
    for (const double value : values) {
        if (!std::isfinite(value)) continue;
        squares += (value - s.mean) * (value - s.mean);
        const auto bin = static_cast<std::size_t>((value / 2 - s.min / 2) * scale);
        ++s.histogram[std::min(bin, kBins - 1)];
    }
}

}  // namespace

TensorStatistics tensorStatistics(std::span<const std::byte> data, std::string_view dtype,
                                  const std::function<bool(std::size_t)>& step) {
    TensorStatistics s;
    const auto format = numberFormat(dtype);
    if (!format.decode || data.empty()) return s;
    s.elements = static_cast<std::int64_t>(data.size() / format.bytes);
    s.min = std::numeric_limits<double>::infinity();
    s.max = -s.min;
    double sum = 0, squares = 0;
    std::size_t pieces = 0, reported = 0, read = 0;
    const auto tell = [&] {
        if (step && !step(read - reported))
            throw Error(ErrorCode::Cancelled, "Reading the checkpoint was cancelled.", "Nothing was changed.");
        reported = read;
    };
    eachPiece(data, format, [&](std::span<const double> values) {
        countPiece(values, s, sum);
        read += values.size() * format.bytes;
        if (++pieces % kReport == 0) tell();
    });
    tell();
    const auto finite = s.elements - s.nan - s.infinite;
    if (finite == 0) {
        s.min = s.max = 0;
        return s;
    }
    s.mean = sum / static_cast<double>(finite);
    s.histogram.assign(kBins, 0);
    eachPiece(data, format, [&](std::span<const double> values) { spreadPiece(values, s, squares); });
    s.std = std::sqrt(squares / static_cast<double>(finite));
    return s;
}

}  // namespace vl
