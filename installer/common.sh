# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What ./run and ./test share: speaking, failing, and what this machine has.
# Sourced with VL_ROOT set to the top of the tree.

VL_DEPS="$VL_ROOT/.deps"
# shellcheck disable=SC2034  # read by build.sh and by the callers
VL_BUILD="$VL_ROOT/build/release"
VL_GUI=${VL_GUI:-ON}

say() { printf '==> %s\n' "$*" >&2; }

# die MESSAGE [HINT]: one sentence of what is wrong, one of what to do.
die() {
    printf 'error: %s\n' "$1" >&2
    [[ $# -lt 2 ]] || printf '       %s\n' "$2" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

gui_wanted() { case ${VL_GUI^^} in OFF | 0 | NO | FALSE) return 1 ;; esac; }

has_display() { [[ -n ${DISPLAY:-} || -n ${WAYLAND_DISPLAY:-} ]]; }

has_nvidia_driver() { [[ -e /proc/driver/nvidia/version ]] || { have nvidia-smi && nvidia-smi -L >/dev/null 2>&1; }; }

cuda_compiler() { command -v nvcc 2>/dev/null || { [[ -x /usr/local/cuda/bin/nvcc ]] && echo /usr/local/cuda/bin/nvcc; }; }

# take_lock NAME: one preparation at a time; a second start waits for the first instead of colliding with it.
# The lock goes when the process does, however it ends.
take_lock() {
    mkdir -p "$VL_DEPS"
    exec 9>"$VL_DEPS/$1.lock"
    if ! flock -n 9; then
        say "Another ./run or ./test is preparing this folder; waiting for it."
        flock 9
    fi
}

release_lock() { exec 9>&-; }

# As many compilers as there are cores, but no more than fit in memory: a file that includes torch takes about 1.2 GB.
build_jobs() {
    local cores memory
    cores=$(nproc)
    memory=$(awk '/MemAvailable/ {print int($2 / 1200000)}' /proc/meminfo)
    ((memory < 1)) && memory=1
    echo "${VL_JOBS:-$((cores < memory ? cores : memory))}"
}

describe_machine() {
    if has_nvidia_driver; then
        say "GPU: an NVIDIA driver is present."
    else
        say "GPU: no NVIDIA driver here, so everything runs on the CPU."
    fi
    if ! cuda_compiler >/dev/null; then
        say "CUDA: no CUDA toolkit (nvcc) here, so the CUDA plug-in is left out of the build."
    fi
}
