// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>

#include "engine/api/checkpoint_report.h"

namespace vl {

/// Mean, population deviation, extremes, counts and histogram of a tensor's stored values, in double precision. Reads
/// the data twice, piece by piece. `step`, when given, is told the bytes of each piece of the first reading and stops
/// the work by returning false, which throws Error(Cancelled). Types without numbers give counts of zero.
TensorStatistics tensorStatistics(std::span<const std::byte> data, std::string_view dtype,
                                  const std::function<bool(std::size_t)>& step = {});

}  // namespace vl
