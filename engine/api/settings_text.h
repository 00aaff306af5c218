// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/api/settings.h"

namespace vl::detail {

/// The value as TOML writes it: 0.05, "last", true, [{epoch = 0.0, value = 1.0, linear = true}].
std::string tomlText(const SettingValue& value);
/// Reads the array form of tomlText. Throws Error(Usage).
std::vector<ScheduleNode> nodesFromText(std::string_view text);

/// A value of another type made into the field's where nothing is lost, then checked against range and choices.
/// Throws Error(Usage) with a message that begins with the key.
SettingValue checkedValue(const SettingField& field, const SettingValue& value);

/// Throws Error(Usage) for a key without a row; `where` ("file:3: ") goes before the message.
const SettingField& fieldOf(std::string_view key, std::string_view where);

}  // namespace vl::detail
