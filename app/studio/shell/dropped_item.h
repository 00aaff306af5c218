// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include <QString>

namespace vl {

/// What a path turned out to be; its contents decide, not only its name.
struct DroppedItem {
    enum class Kind { Image, ImageFolder, RunFolder, Checkpoint, Settings, Unknown } kind = Kind::Unknown;
    std::filesystem::path path;
    QString message, hint;       ///< Unknown: what it is not, and what would work
};

/// Looks at the path (a few bytes or one folder listing); never throws. Cheap enough for a background thread only:
/// a network folder may take its time.
DroppedItem recognise(const std::filesystem::path& path);

/// "Checkpoints (*.pth ...);;All files (*)": for file dialogs.
QString checkpointFilter();

/// Pictures directly inside the folder, sorted by name, at most `limit`.
std::vector<std::filesystem::path> picturesIn(const std::filesystem::path& folder, std::size_t limit = 500);
bool hasPictureName(const std::filesystem::path& file);

}  // namespace vl
