// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/nn/model.h"

namespace vl::test {

/// The fill of the published reference vectors (another one than tests/golden's): CRC-32 of the name seeds a MurmurHash
/// finaliser; `v` in [-1, 1) by flat index.
at::Tensor tableStream(const std::string& name, at::IntArrayRef shape);
void fillForTables(std::span<Parameter> parameters);

/// One row of those tables: first elements of the flattened output, last element, mean, norm of the whole.
struct TableRow {
    std::vector<double> first;
    double last = 0, mean = 0, norm = 0;
};
/// Values within 2e-5, as the tables allow; the norm within 1e-5 of itself.
void expectRow(const at::Tensor& output, const TableRow& row);

}  // namespace vl::test
