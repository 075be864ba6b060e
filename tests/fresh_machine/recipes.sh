#!/bin/sh
# Tests the folder and the arguments that recipes of the justfile pass to the program, with a stand-in for the program and for
# cargo. `JUST` names the just to test. It takes about a second.
set -eu

project=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/bin" "$scratch/target/release" "$scratch/check out/a b"
cp "$project/justfile" "$scratch/check out/"
printf '#!/bin/sh\n' >"$scratch/bin/cargo"
# shellcheck disable=SC2016 # the stand-in expands it
printf '#!/bin/sh\npwd -P\nprintf "<%%s>" "$@"\necho\nenv | grep ^CHAINRULE_ | sort\nexit 3\n' >"$scratch/target/release/chainrule"
chmod +x "$scratch/bin/cargo" "$scratch/target/release/chainrule"

# recipe FOLDER ARGUMENTS...: runs a recipe there, and prints the folder, the arguments and the environment of the program.
recipe() {
    folder=$scratch/$1
    shift
    (cd "$folder" && env -u CHAINRULE_RESULTS -u CHAINRULE_BASELINES -u CHAINRULE_DATA PATH="$scratch/bin:$PATH" \
        CARGO_TARGET_DIR="$scratch/target" ${data:+CHAINRULE_DATA="$data"} \
        "${JUST:-just}" --justfile "$scratch/check out/justfile" "$@") 2>"$scratch/err" || [ $? -eq 3 ] || echo "failed: $(cat "$scratch/err")"
}

failures=0
expect() {
    if [ "$2" != "$3" ]; then
        printf 'FAILED: %s\nexpected:\n%s\nprinted:\n%s\n' "$1" "$3" "$2"
        failures=$((failures + 1))
    fi
}

data=
expect "in the project, defaults are those of the program" "$(recipe 'check out' run experiments/xor.toml --set 'a=[1, 2]')" \
    "$scratch/check out
<run><experiments/xor.toml><--set><a=[1, 2]>"

expect "elsewhere, typed paths stay and results are in the project" "$(recipe 'check out/a b' check '../x y.toml' --baselines=b)" \
    "$scratch/check out/a b
<check><../x y.toml><--baselines=b>
CHAINRULE_BASELINES=$scratch/check out/results/baselines
CHAINRULE_DATA=$scratch/check out/data
CHAINRULE_RESULTS=$scratch/check out/results"

data=/my/data
expect "data that the user names are kept" "$(recipe 'check out/a b' plan x.toml)" \
    "$scratch/check out/a b
<plan><x.toml>
CHAINRULE_BASELINES=$scratch/check out/results/baselines
CHAINRULE_DATA=/my/data
CHAINRULE_RESULTS=$scratch/check out/results"

data=
expect "a new experiment is written to the project" "$(recipe 'check out/a b' new my-question)" \
    "$scratch/check out
<new><my-question>"

[ "$failures" -eq 0 ] || exit 1
echo "justfile: all recipes pass"
