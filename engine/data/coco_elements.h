// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace vl::detail {

/// Elements of COCO's files, one at a time: the whole file as one tree would take tens of gigabytes.
/// `see(list, element)` gets each object of the top-level lists "images", "categories" and "annotations", or, with an
/// empty `list`, of a file that is one list itself. Throws Error(BadFile) for a
/// file of another form.
enum class CocoForm { Lists, OneList };
void forEachCocoElement(std::string_view text, const std::string& where, CocoForm form,
                        const std::function<void(const std::string& list, nlohmann::json& element)>& see);

/// Fields of an element; Error(BadFile) naming `what` when they are absent or of another type.
std::int64_t idIn(const nlohmann::json& element, const char* field, const std::string& what);
std::string textIn(const nlohmann::json& element, const char* field, const std::string& what);

}  // namespace vl::detail
