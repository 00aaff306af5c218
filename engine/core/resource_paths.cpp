// SPDX-License-Identifier: Apache-2.0
#include "engine/core/resource_paths.h"

#include <algorithm>
#include <cstdlib>

#include "engine/core/error.h"
#include "engine/core/nearest_name.h"

namespace vl {
namespace fs = std::filesystem;
namespace {

fs::path firstFolder(const std::vector<fs::path>& candidates) {
    std::error_code error;
    for (const auto& folder : candidates)
        if (!folder.empty() && fs::is_directory(folder, error)) return folder;
    return candidates.back();
}

/// The share folder beside an installed program.
fs::path installedFolder() {
    std::error_code error;
    const auto program = fs::read_symlink("/proc/self/exe", error);
    return error ? fs::path{} : program.parent_path().parent_path() / "share" / "visionllama";
}

fs::path fromEnvironment() {
    const char* value = std::getenv("VISIONLLAMA_RESOURCES");
    return value ? fs::path(value) : fs::path{};
}

}  // namespace

fs::path resourceFolder() {
    return firstFolder({fromEnvironment(), installedFolder(), fs::path(VL_SOURCE_DIR) / "resources"});
}

fs::path demoCheckpoint(std::string_view preset, const fs::path& resources) {
    return resources / "demo" / (std::string(preset) + ".safetensors");
}

fs::path projectsFolder() {
    const auto chosen = fromEnvironment();
    const auto installed = installedFolder();
    return firstFolder({chosen.empty() ? chosen : chosen / "projects", installed.empty() ? installed : installed / "projects",
                        fs::path(VL_SOURCE_DIR) / "projects"});
}

std::vector<std::string> projectNames() {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(projectsFolder(), error))
        if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

fs::path findProject(std::string_view name) {
    std::error_code error;
    const fs::path direct(name);
    if (direct.extension() == ".toml" && fs::is_regular_file(direct, error)) return direct;
    const auto known = projectsFolder() / (std::string(name) + ".toml");
    if (name.find('/') == std::string_view::npos && fs::is_regular_file(known, error)) return known;
    const auto names = projectNames();
    const std::vector<std::string_view> views(names.begin(), names.end());
    auto hint = didYouMean(name, views);
    if (hint.empty()) hint = "Give a .toml file or the name of a file in " + projectsFolder().string() + ".";
    throw Error(ErrorCode::NotFound, "There is no project \"" + std::string(name) + "\".", hint);
}

}  // namespace vl
