// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include <QString>

#include "engine/api/model_spec.h"

namespace vl {

/// Whether a whole section of the settings means something for models of that task.
bool sectionMatters(std::string_view section, ModelTask task);
/// Why a setting changes nothing for this model, one sentence; empty where it does.
QString whyWithoutEffect(std::string_view key, const ModelSpec& model);

}  // namespace vl
