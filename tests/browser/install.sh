#!/bin/sh
# Installs what the tests of pages need besides Python packages: Chromium, its driver, and axe-core.
#
# usage: install.sh FOLDER      axe-core goes to FOLDER/node_modules
set -eu

AXE=4.14.1

have() { command -v "$1" >/dev/null 2>&1; }
complete() {
    { have chromium || have chromium-browser; } && have chromedriver && have npm && python3 -c 'import ensurepip' 2>/dev/null
}
say() { printf 'browser: %s\n' "$*" >&2; }

install_packages() {
    packages="chromium chromium-driver npm python3-venv"
    if ! have apt-get || [ "${JUSTW_NO_INSTALL:-0}" != 0 ]; then
        say "the tests of pages need Chromium, its chromedriver, npm and Python 3.10 or newer with venv; on Debian: apt-get install $packages"
        exit 1
    fi
    sudo=
    [ "$(id -u)" = 0 ] || sudo=sudo
    say "installing $packages"
    $sudo apt-get update -qq
    # shellcheck disable=SC2086 # a word each
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $packages >/dev/null
    complete || { say "Chromium, chromedriver or npm is still missing after installing $packages"; exit 1; }
}

complete || install_packages
grep -qs "\"version\": \"$AXE\"" "$1/node_modules/axe-core/package.json" \
    || npm install --prefix "$1" --no-save --no-audit --no-fund --silent "axe-core@$AXE"
