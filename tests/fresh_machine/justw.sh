#!/bin/sh
# Tests justw on machines made of stand-ins: every program it calls is a small script here, so that nothing is installed.
# It takes about a second and needs no network.
# The stand-ins are written in single quotes: what is in them is for them to expand.
# shellcheck disable=SC2016
set -eu

wrapper=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)/justw
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

# stand_in NAME BODY: puts a program on the machine. $machine is its state: a file per thing that is installed.
stand_in() {
    printf '#!/bin/sh\nmachine="%s"\necho "%s $*" >>"$machine/calls"\n%s\n' "$machine" "$1" "$2" >"$machine/bin/$1"
    chmod +x "$machine/bin/$1"
}

# machine NAME: a machine with everything in place, of which a test then takes something away.
machine() {
    machine=$scratch/$1
    mkdir -p "$machine/bin" "$machine/check out" "$machine/home"
    cp "$wrapper" "$machine/check out/"
    for tool in sh env cat chmod ln mkdir mktemp mv rm; do ln -s "$(command -v "$tool")" "$machine/bin/"; done
    stand_in id 'echo 0'
    stand_in uname 'echo Linux'
    stand_in cargo ''
    stand_in cc '
        case "$*" in
        -print-file-name=openblas-serial*) [ ! -e "$machine/serial" ] || echo "$machine/serial" ;;
        -print-file-name*) echo "$machine/shared" ;;
        *"$machine/serial -l:libgfortran.so.5"*) ;;
        *-lopenblas*) [ -e "$machine/shared" ] || { echo "unable to find library -lopenblas"; exit 1; } ;;
        esac'
    stand_in apt-get 'case "$*" in *libopenblas-serial-dev*) : >"$machine/serial" ;; esac'
    stand_in just '
        [ "$*" != --version ] || { echo just 1.57.0; exit; }
        shift 2 # --justfile FILE
        printf "<%s>" "$@"
        exit 3'
    : >"$machine/serial"
}

# wrapper ARGUMENTS...: runs justw there, from another folder; what it printed and its exit code are kept.
wrapper() {
    : >"$machine/calls"
    code=0
    (cd "$machine/home" && env -i PATH="$machine/bin" HOME="$machine/home" ${no_install:+JUSTW_NO_INSTALL="$no_install"} \
        "../check out/justw" "$@") >"$machine/out" 2>"$machine/err" </dev/null || code=$?
}

fail() {
    echo "FAILED: ${machine##*/}: $1"
    sed 's/^/    /' "$machine/out" "$machine/err" "$machine/calls"
    failures=$((failures + 1))
}

exits_with() { [ "$code" -eq "$1" ] || fail "the exit code is $code, not $1"; }
prints() { [ "$(cat "$machine/out")" = "$1" ] || fail "does not print: $1"; }
says() { grep -q -e "$1" "$machine/err" || fail "does not say: $1"; }
says_lines() { [ "$(grep -c . "$machine/err")" -eq "$1" ] || fail "does not say $1 lines"; }
calls() { grep -q -e "$1" "$machine/calls" || fail "does not call: $1"; }
never_calls() { ! grep -q -e "$1" "$machine/calls" || fail "calls: $1"; }

no_install=

machine "all-present"
wrapper run 'two words' '*' --exit
exits_with 3
prints '<run><two words><*><--exit>'
says_lines 0
wrapper test
never_calls '^cc' # the probe is remembered ...
rm "$machine/serial"
wrapper test
calls '^apt-get install.*libopenblas-serial-dev' # ... until the library is gone

machine "no-arguments"
rm "$machine/serial"
wrapper
prints '<help>'
says_lines 0
wrapper --help
prints '<help>'

machine "openblas-missing"
rm "$machine/serial"
wrapper test
exits_with 3
says_lines 1
says 'installing libopenblas-serial-dev with apt-get: .*ndarray-linalg'

machine "openblas-missing-and-nothing-may-be-installed"
rm "$machine/serial"
no_install=1
wrapper test
no_install=
exits_with 1
says 'type: apt-get update.*apt-get install.* libopenblas-serial-dev$'
never_calls '^apt-get'

machine "openblas-missing-and-no-root"
rm "$machine/serial"
stand_in id 'echo 1000'
wrapper test
exits_with 1
says 'As root, type: apt-get update.*apt-get install.* libopenblas-serial-dev$'
never_calls '^apt-get'

machine "openblas-missing-and-sudo-wants-a-password"
rm "$machine/serial"
stand_in id 'echo 1000'
stand_in sudo 'exit 1'
wrapper test
exits_with 1
says 'type: sudo apt-get update.*sudo .*apt-get install.* libopenblas-serial-dev$'
never_calls '^apt-get'

machine "openblas-missing-and-sudo-works"
rm "$machine/serial"
stand_in id 'echo 1000'
stand_in sudo '[ "$1" = -n ] || "$@"'
wrapper test
exits_with 3
calls '^sudo .*apt-get install.*libopenblas-serial-dev'

machine "only-the-shared-openblas"
mv "$machine/serial" "$machine/shared"
wrapper test
exits_with 3
says 'installing libopenblas-serial-dev with apt-get: .*starts no threads'

machine "only-the-shared-openblas-and-no-root"
mv "$machine/serial" "$machine/shared"
stand_in id 'echo 1000'
wrapper test
exits_with 3
says_lines 0
never_calls '^apt-get'

machine "only-the-shared-openblas-and-the-installation-fails"
mv "$machine/serial" "$machine/shared"
stand_in apt-get 'exit 100'
wrapper test
exits_with 3
says 'that failed'

machine "installation-fails"
rm "$machine/serial"
stand_in apt-get 'echo "E: Unable to locate package"; exit 100'
wrapper test
exits_with 1
says 'E: Unable to locate package'
says 'that failed'

machine "unknown-system"
rm "$machine/serial" "$machine/bin/apt-get"
wrapper test
exits_with 1
says 'OpenBLAS.*neither apt-get, dnf, pacman nor brew'

machine "fedora"
rm "$machine/serial" "$machine/bin/apt-get"
stand_in dnf ': >"$machine/shared"'
wrapper test
exits_with 3
calls '^dnf install .*openblas-devel'

machine "no-cargo"
rm "$machine/bin/cargo"
wrapper test
exits_with 1
says 'cargo: missing.*rustup'

machine "cargo-not-yet-on-the-path"
mkdir -p "$machine/home/.cargo/bin"
mv "$machine/bin/cargo" "$machine/home/.cargo/bin/"
wrapper test
exits_with 3

machine "no-compiler"
mv "$machine/bin/cc" "$machine/cc"
stand_in apt-get 'case "$*" in *gcc*) mv "$machine/cc" "$machine/bin/cc" ;; esac'
wrapper test
exits_with 3
calls '^apt-get install.* gcc libc6-dev'

machine "compiler-not-called-cc"
mv "$machine/bin/cc" "$machine/bin/clang"
wrapper test
exits_with 3
never_calls '^apt-get'

# What an installation of just leaves behind is the stand-in, under its real name.
machine "just-from-npm"
mv "$machine/bin/just" "$machine/just"
stand_in npm 'mkdir -p node_modules/rust-just-linux-x64/bin; mv "$machine/just" node_modules/rust-just-linux-x64/bin/just'
wrapper test
exits_with 3
says_lines 1
says 'installing just .* from npm'
wrapper test
never_calls '^npm'

machine "just-from-pypi"
mv "$machine/bin/just" "$machine/just"
stand_in python3 '
    [ "$1 $2" != "-m venv" ] || { mkdir -p "$3/bin"; ln -s "$machine/bin/python3" "$3/bin/python3"; }
    [ "$1 $2" != "-m pip" ] || mv "$machine/just" "${0%/*}/just"'
wrapper test
exits_with 3
says 'installing just .* from PyPI'

machine "just-from-cargo-after-npm-fails"
mv "$machine/bin/just" "$machine/just"
stand_in npm 'exit 1'
stand_in cargo 'while [ "$1" != --root ]; do shift; done; mkdir "$2/bin"; mv "$machine/just" "$2/bin/just"'
wrapper test
exits_with 3
says 'building just'

machine "just-missing-and-nothing-may-be-installed"
rm "$machine/bin/just"
no_install=1
wrapper test
no_install=
exits_with 1
says 'type: cargo install just --version .* --locked$'

machine "just-too-old"
stand_in just 'echo just 1.21.0'
stand_in npm 'exit 1'
wrapper test
exits_with 1
says 'just could not be installed'
[ -z "$(ls -A "$machine/home/.cache/chainrule")" ] || fail "leaves something behind"

[ "$failures" -eq 0 ] || exit 1
echo "justw: all machines pass"
