// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace vl {

/// Folder with demo/, samples/, icons: $VISIONLLAMA_RESOURCES, else <program>/../share/visionllama, else the source
/// tree's resources/. Returns the first that exists, the last candidate when none does.
std::filesystem::path resourceFolder();

/// The demo weights of a preset, whether they are there or not.
std::filesystem::path demoCheckpoint(std::string_view preset, const std::filesystem::path& resources = resourceFolder());

/// Folder of the ready run configurations (*.toml), found the same way.
std::filesystem::path projectsFolder();

/// The file of a project given by name ("fashion-illama") or path. Throws Error(NotFound) naming the nearest one.
std::filesystem::path findProject(std::string_view name);

/// Names of all projects in projectsFolder(), sorted.
std::vector<std::string> projectNames();

}  // namespace vl
