// SPDX-License-Identifier: Apache-2.0
#include "engine/data/video_module.h"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <dlfcn.h>

#include "engine/core/error.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

struct Opened {
    const VlVideoModule* module = nullptr;
    std::string message = "This build cannot read or write videos.";
    std::string hint = "Build with OpenCV and its video part (libopencv-dev); libvl_video.so then lies beside the program.";
};

std::vector<fs::path> candidates() {
    if (const char* named = std::getenv("VL_VIDEO_MODULE"); named && *named) return {named};
    std::error_code ignored;
    const fs::path folder = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    return {folder / ".." / "lib" / "libvl_video.so", folder / "libvl_video.so"};
}

Opened openModule() {
    Opened opened;
    std::error_code ignored;
    for (const fs::path& file : candidates()) {
        if (!fs::exists(file, ignored)) continue;
        void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);  // kept: its libraries start threads of their own
        if (!library) {
            const char* cause = dlerror();
            opened.message = "The video module cannot be loaded: " + std::string(cause ? cause : "unknown") + ".";
            opened.hint = "Install the libraries it names.";
            continue;
        }
        // POSIX lets a symbol's address stand for a function; C++ only allows the detour.
        const auto entry = reinterpret_cast<VlVideoModuleEntry>(dlsym(library, "vlVideoModule"));
        const VlVideoModule* module = entry ? entry() : nullptr;
        if (module && module->abi == VL_VIDEO_ABI) {
            opened.module = module;
            return opened;
        }
        opened.message = "The video module belongs to another version of this program.";
        opened.hint = "Build or install both together.";
        dlclose(library);
    }
    return opened;
}

}  // namespace

const VlVideoModule& videoModule() {
    static const Opened opened = openModule();
    if (!opened.module) throw Error(ErrorCode::Unsupported, opened.message, opened.hint);
    return *opened.module;
}

}  // namespace vl
