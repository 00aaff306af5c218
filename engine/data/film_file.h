// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "engine/api/types.h"

namespace vl {

// A run's film lies in <run>/samples: one PNG a frame, a column for each run of equal labels, and film.jsonl with a
// line a frame. readFilm() (engine/api/run_folder.h) reads it.

/// Writes the frame's picture and its line; returns the picture. Cells must be of one size and every label as often as
/// the others. Throws Error(BadFile) when the disk refuses, Error(Usage) for cells that do not form a grid.
std::filesystem::path appendFilmFrame(const std::filesystem::path& runFolder, const FilmFrame& frame);
/// Drops the lines of later steps.
void cutFilm(const std::filesystem::path& runFolder, std::int64_t step);

}  // namespace vl
