# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# LibTorch from the torch wheel: pinned, hash-checked, unpacked into an ignored folder.
# Nothing half-done is ever found at the final place: work happens in .deps/partial-*, a stamp is written last.

VL_TORCH_VERSION=2.11.0
VL_TORCH_DIR="$VL_DEPS/torch-$VL_TORCH_VERSION"
VL_PYTHON=${VL_PYTHON:-python3}

# True where a download lies ahead and no pip is there to do it; asked before the system packages are installed, so
# that everything missing is one list.
libtorch_needs_pip() {
    [[ -z ${VL_LIBTORCH:-} ]] || return 1
    [[ ! -e $VL_TORCH_DIR/.complete ]] || { [[ ! -e $VL_TORCH_DIR/.complete-cuda ]] && has_nvidia_driver; } || return 1
    ! "$VL_PYTHON" -m pip --version >/dev/null 2>&1
}

# download_wheels REQUIREMENTS FOLDER: finished wheels of an interrupted start are kept (pip checks their hash again),
# the unfinished one is fetched anew.
download_wheels() {
    local requirements=$1 folder=$2 platforms=() minor
    for minor in $(seq 5 28); do platforms+=(--platform "manylinux_2_${minor}_x86_64"); done
    rm -rf "$folder/tmp"
    mkdir -p "$folder/tmp" "$folder/wheels"
    TMPDIR="$folder/tmp" PIP_DISABLE_PIP_VERSION_CHECK=1 "$VL_PYTHON" -m pip download \
        --no-deps --require-hashes --requirement "$requirements" --only-binary=:all: --no-cache-dir \
        --python-version 3.11 --implementation cp --abi cp311 --abi abi3 --abi none \
        "${platforms[@]}" --platform manylinux2014_x86_64 --dest "$folder/wheels" >&2 ||
        die "The download was interrupted or refused; what is complete is kept and ./run goes on from there." \
            "With LibTorch already on this machine, start with VL_LIBTORCH=/path/to/torch (include/ and lib/ inside)."
}

# unpack_wheels WHEELS TARGET
unpack_wheels() {
    local wheel
    mkdir -p "$2"
    for wheel in "$1"/*.whl; do
        say "Unpacking $(basename "$wheel")"
        "$VL_PYTHON" -m zipfile -e "$wheel" "$2" || die "$wheel could not be unpacked." "Is the disk full?"
    done
}

need_space() {
    local free
    free=$(df -Pk "$VL_DEPS" | awk 'NR == 2 {print int($4 / 1024)}')
    ((free > $1)) || die "$1 MB of free disk space are needed under $VL_DEPS, $free MB are there." "Free some space first."
}

fetch_cpu_libtorch() {
    local work="$VL_DEPS/partial-cpu-$VL_TORCH_VERSION"
    say "Fetching LibTorch $VL_TORCH_VERSION (530 MB, once)."
    need_space 2500
    download_wheels "$VL_ROOT/installer/requirements-cpu.txt" "$work"
    rm -rf "$work/tree" "$VL_TORCH_DIR"
    unpack_wheels "$work/wheels" "$work/tree"
    touch "$work/tree/.complete"
    mv "$work/tree" "$VL_TORCH_DIR"
    rm -rf "$work"
}

# The CUDA libraries lie beside torch/, where the run path inside libtorch_cuda.so looks for them.
fetch_cuda_libraries() {
    local work="$VL_DEPS/partial-cuda-$VL_TORCH_VERSION"
    say "Fetching the CUDA libraries for the NVIDIA driver found here (about 2 GB, once)."
    need_space 6000
    download_wheels "$VL_ROOT/installer/requirements-cuda.txt" "$work"
    unpack_wheels "$work/wheels" "$VL_TORCH_DIR"
    touch "$VL_TORCH_DIR/.complete-cuda"
    rm -rf "$work"
}

ensure_libtorch() {
    if [[ -n ${VL_LIBTORCH:-} ]]; then
        [[ -e $VL_LIBTORCH/include/ATen/ATen.h && -e $VL_LIBTORCH/lib/libtorch_cpu.so ]] ||
            die "VL_LIBTORCH=$VL_LIBTORCH holds no LibTorch." \
                "It must contain include/ATen and lib/libtorch_cpu.so: an unpacked LibTorch, or a Python install's torch folder."
        VL_LIBTORCH=$(realpath "$VL_LIBTORCH")
        return
    fi
    VL_LIBTORCH="$VL_TORCH_DIR/torch"
    if [[ ! -e $VL_TORCH_DIR/.complete ]]; then
        [[ $(uname -m) == x86_64 ]] ||
            die "LibTorch is fetched for x86-64 only and this machine is $(uname -m)." \
                "Install LibTorch 2.11 yourself and start with VL_LIBTORCH=/path/to/torch."
        fetch_cpu_libtorch
    fi
    if [[ ! -e $VL_TORCH_DIR/.complete-cuda ]] && has_nvidia_driver; then fetch_cuda_libraries; fi
}
