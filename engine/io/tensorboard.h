// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "engine/io/append_file.h"

namespace vl {

/// CRC-32C (Castagnoli).
std::uint32_t crc32c(std::string_view bytes);
/// As TFRecord stores it: rotated and offset, so that the sum of data holding sums stays strong.
std::uint32_t maskedCrc32c(std::string_view bytes);

/// Writes scalars TensorBoard can show: TFRecord frames around Event messages, encoded by hand.
class TensorBoardWriter {
public:
    /// Starts a new events.out.tfevents.* file in `folder`, named after time, host and process.
    TensorBoardWriter(const std::filesystem::path& folder, double wallSeconds);
    using Scalar = std::pair<std::string_view, double>;
    void scalars(double wallSeconds, std::int64_t step, std::span<const Scalar> values);
    void sync() { file_.sync(); }

private:
    void frame(std::string_view event);
    AppendFile file_;
};

}  // namespace vl
