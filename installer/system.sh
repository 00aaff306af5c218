# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# System packages of Debian 12 and Ubuntu 24.04: found with dpkg-query, installed only when missing.
# An entry is one package, or alternatives a|b where the distributions call it differently; a leading ? marks what
# the programs can do without.

VL_PACKAGES_BUILD=(
    g++ cmake ninja-build mold ccache ca-certificates python3
    libcli11-dev libtomlplusplus-dev nlohmann-json3-dev zlib1g-dev
    libopencv-dev "?libgif-dev"
    libgtest-dev libgmock-dev libbenchmark-dev
    "?dataset-fashion-mnist"
)
VL_PACKAGES_GUI=(
    qt6-base-dev "qt6-svg-dev|libqt6svg6-dev" "libqt6opengl6-dev|qt6-base-dev" libgl-dev
    libqcustomplot-dev libimgui-dev libstb-dev
    "?fonts-inter" "?fonts-jetbrains-mono"
)
VL_PACKAGES_TEST=("?xvfb" "?libgl1-mesa-dri")

# Names of those arguments that are installed.
installed_packages() {
    { dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' "$@" 2>/dev/null || true; } | awk '$1 == "ii" {print $2}'
}

# Entries (as listed above) of which no alternative is installed.
missing_packages() {
    local entry name found names installed
    mapfile -t names < <(printf '%s\n' "$@" | tr -d '?' | tr '|' '\n')
    installed=" $(installed_packages "${names[@]}" | tr '\n' ' ') "
    for entry in "$@"; do
        found=
        for name in ${entry//[?|]/ }; do [[ $installed != *" $name "* ]] || found=1; done
        [[ $found ]] || echo "$entry"
    done
}

apt_knows() { [[ -n $(apt-cache show --no-all-versions "$1" 2>/dev/null | head -n 1) ]]; }

# The first alternative apt can install; a required entry that apt does not know keeps its first name, so that
# apt itself names the problem.
choose_package() {
    local name
    for name in ${1//[?|]/ }; do
        if apt_knows "$name"; then
            echo "$name"
            return
        fi
    done
    if [[ $1 != \?* ]]; then
        name=${1%%|*}
        echo "$name"
    fi
}

choose_packages() {
    local entry
    for entry in "$@"; do choose_package "$entry"; done | sort -u
}

ensure_packages() {
    local wanted=("$@") missing names as_root=() unavailable="$VL_DEPS/unavailable-packages"
    if ! have dpkg-query; then
        say "This is not Debian or Ubuntu, so system packages are not checked; docs/building.md lists what is needed."
        return
    fi
    mapfile -t missing < <(missing_packages "${wanted[@]}")
    # What this distribution does not have is asked for once, not on every start.
    if [[ ${#missing[@]} -gt 0 && -f $unavailable ]]; then
        mapfile -t missing < <(printf '%s\n' "${missing[@]}" | grep -vxFf "$unavailable")
    fi
    [[ ${#missing[@]} -gt 0 ]] || return 0

    if [[ $(id -u) -ne 0 ]]; then
        if have sudo && sudo -n true 2>/dev/null; then
            as_root=(sudo -n)
        else
            mapfile -t names < <(choose_packages "${missing[@]}")
            if [[ ${#names[@]} -eq 0 ]]; then return 0; fi
            die "Some system packages are missing. Install them with this line and start again:" \
                "sudo apt-get install -y --no-install-recommends ${names[*]}"
        fi
    fi
    say "Installing ${#missing[@]} missing system packages with apt."
    "${as_root[@]}" apt-get update -qq || die "apt-get update failed." "Check the network and the apt sources."
    mapfile -t names < <(choose_packages "${missing[@]}")
    if [[ ${#names[@]} -gt 0 ]]; then
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            -o Dpkg::Use-Pty=0 "${names[@]}" </dev/null >&2 ||
            die "apt-get install failed." "Its message above names the package; everything already installed stays."
    fi
    remember_unavailable "${wanted[@]}"
}

remember_unavailable() {
    local still
    mkdir -p "$VL_DEPS"
    mapfile -t still < <(missing_packages "$@")
    [[ ${#still[@]} -gt 0 ]] || return 0
    printf '%s\n' "${still[@]}" >>"$VL_DEPS/unavailable-packages"
    say "Not available in this distribution, left out: ${still[*]//\?/}."
}

ensure_system() {
    local wanted=("${VL_PACKAGES_BUILD[@]}")
    ! gui_wanted || wanted+=("${VL_PACKAGES_GUI[@]}")
    [[ ${1:-} != test ]] || ! gui_wanted || wanted+=("${VL_PACKAGES_TEST[@]}")
    ! libtorch_needs_pip || wanted+=(python3-pip)
    ensure_packages "${wanted[@]}"
}
