# Sourced by bot/run and tests/run: installs Debian packages, only the missing ones.
# A machine that has them all is left alone: no package list is fetched, no root asked.

bot_packages=(
    cmake ninja-build gcc g++ pkg-config ca-certificates libwebsockets-dev
    libcurl4-openssl-dev libjansson-dev libsqlite3-dev libicu-dev libssl-dev libinih-dev
    libpango1.0-dev fonts-noto-cjk fonts-thai-tlwg libcsv-dev libxlsxwriter-dev
    libical-dev
)

missing_packages() {
    local have name
    have=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
    for name in "$@"; do
        grep -qx "$name installed" <<<"$have" || echo "$name"
    done
}

install_packages() {
    local missing as_root=()
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -gt 0 ] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "These packages are missing and there is no apt-get to install them (the" >&2
        echo "scripts know Debian 12): ${missing[*]}" >&2
        return 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "These Debian packages are missing, and you are neither root nor is there" >&2
            echo "sudo. Ask an administrator to run:" >&2
            echo "    apt-get update && apt-get install ${missing[*]}" >&2
            return 1
        fi
        as_root=(sudo)
    fi
    echo "Installing Debian packages: ${missing[*]}"
    local quiet=(-qq -o Dpkg::Use-Pty=0)
    if ! "${as_root[@]}" apt-get "${quiet[@]}" update ||
        ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get "${quiet[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null; then
        echo "apt-get could not install: ${missing[*]}. Its message is above; mend that and" >&2
        echo "run this again." >&2
        return 1
    fi
}
