// SPDX-License-Identifier: Apache-2.0
#include "engine/api/process.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#if defined(__linux__)
#include <unistd.h>
#endif

namespace vl {

void useShortSpins(char** argv) {
#if defined(__linux__)
    for (const char* name : {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT"})
        if (std::getenv(name)) return;
    setenv("GOMP_SPINCOUNT", "1000", 1);
    std::error_code unreadable;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", unreadable);
    if (!unreadable) execv(program.c_str(), argv);  // where this fails, the program goes on as it is
#else
    (void)argv;
#endif
}

}  // namespace vl
