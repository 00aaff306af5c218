# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Configure and build build/release, the one folder ./run and ./test share.

# Configures on the first start and when an option changed; Ninja itself notices edited CMake files.
configure() {
    local options=("-DVL_LIBTORCH=$VL_LIBTORCH" "-DVL_GUI=$VL_GUI" -DVL_TESTS=ON) stamp="$VL_BUILD/.options"
    if [[ -f $VL_BUILD/build.ninja && -f $stamp && $(<"$stamp") == "${options[*]}" ]]; then return; fi
    describe_machine
    say "Configuring in build/release."
    (cd "$VL_ROOT" && cmake --preset release "${options[@]}" >&2) ||
        die "The configuration failed." "The message above names what is missing; docs/building.md lists what is needed."
    echo "${options[*]}" >"$stamp"
}

# build TARGET...: paths relative to the tree let ccache serve a second clone of it; precompiled headers need leniency.
build() {
    export CCACHE_BASEDIR="$VL_ROOT" CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros
    NINJA_STATUS='[%f/%t, %es] ' ninja -C "$VL_BUILD" -j "$(build_jobs)" "$@" >&2 ||
        die "The build failed." "The compiler's message is above."
}
