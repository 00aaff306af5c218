// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/cli/dense_arguments.h"
#include "app/cli/dense_inputs.h"
#include "engine/api/dense.h"

namespace vl::cli {

/// One picture's objects for programs; masks as COCO's runs when asked for and there.
nlohmann::ordered_json objectsJson(const DenseInput& input, const std::vector<FoundObject>& objects,
                                   const ClassList& list, bool masks);

/// The number COCO's result files give a class: of COCO's eighty the published one (1 to 90 with gaps), else index + 1.
int cocoCategory(const ClassList& list, int index);
/// The number of a picture there: of names that are one ("000000000139.jpg") that, else `order`.
std::int64_t cocoImageId(const std::string& label, std::int64_t order);

/// One entry a found object, as COCO's result files have them; "segmentation" for those with a mask.
void appendCocoResults(nlohmann::ordered_json& results, std::int64_t imageId, const std::vector<FoundObject>& objects,
                       const ClassList& list);

}  // namespace vl::cli
