#!/bin/sh
# Makes sure of a browser and its driver for the tests of pages: installs what is missing where apt-get does that, and says
# what is missing elsewhere.
set -eu

have() { command -v "$1" >/dev/null 2>&1; }
complete() { { have chromium || have chromium-browser; } && have chromedriver && python3 -c 'import ensurepip' 2>/dev/null; }

complete && exit 0
packages="chromium chromium-driver python3-venv"
say() { printf 'browser: %s\n' "$*" >&2; }
if ! have apt-get || [ "${JUSTW_NO_INSTALL:-0}" != 0 ]; then
    say "the tests of pages need Chromium, its chromedriver and Python 3.10 or newer with venv; on Debian: apt-get install $packages"
    exit 1
fi
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
say "installing $packages"
$sudo apt-get update -qq
# shellcheck disable=SC2086 # a word each
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $packages >/dev/null
complete || { say "Chromium or chromedriver is still missing after installing $packages"; exit 1; }
