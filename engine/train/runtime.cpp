// SPDX-License-Identifier: Apache-2.0
#include "engine/train/runtime.h"

#include <algorithm>
#include <thread>

#include <ATen/Parallel.h>

#if defined(__linux__)
#include <dlfcn.h>
#include <malloc.h>
#include <sched.h>
#endif

namespace vl {

void tuneAllocator() {
#if defined(__GLIBC__)
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, 0x7fffffff);
    mallopt(M_TOP_PAD, 64 << 20);
    // One arena: further ones are made of 64 MiB pieces that go back to the kernel all the time.
    mallopt(M_ARENA_MAX, 1);
#endif
}

int usableCores() {
#if defined(__linux__)
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0) return CPU_COUNT(&set);
#endif
    return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

int setComputeThreads(int threads) {
    const int count = threads > 0 ? threads : usableCores();
    if (at::get_num_threads() != count) at::set_num_threads(count);
    return count;
}

void limitThisThread(int threads) {
    at::get_num_threads();  // the library sets this thread's number on first use and would undo ours later
#if defined(__linux__)
    // The tensor library brings its own OpenMP; linking a second one for this one call would be worse than looking it
    // up.
    using SetThreads = void (*)(int);
    if (auto set = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "omp_set_num_threads"))) set(std::max(1, threads));
#else
    (void)threads;
#endif
}

}  // namespace vl
