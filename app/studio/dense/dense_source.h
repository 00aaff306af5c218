// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include <QString>

#include "engine/api/dense.h"

class QMimeData;

namespace vl {

/// What was dropped or pasted, as a request without a model: a picture, a folder of them, a video, or pixels. Only
/// names are looked at, so it costs nothing; the engine says what it cannot read. Nothing when there is nothing of use.
std::optional<DenseRequest> denseSource(const QMimeData& data);
std::optional<DenseRequest> denseSource(const std::filesystem::path& path);
bool hasVideoName(const std::filesystem::path& file);
/// Pictures and videos, for file dialogs.
QString denseFilter();

}  // namespace vl
