# The recipes of the project: `just` lists them. `./justw RECIPE` does the same on a machine that lacks just or OpenBLAS.
#
# Everything is built with one cargo profile, --release: tests train real networks, and dependencies are then built once.

set positional-arguments

program := env("CARGO_TARGET_DIR", "target") / "release" / "chainrule"
oracle := env("CARGO_TARGET_DIR", "target") / "oracle"
browser := env("CARGO_TARGET_DIR", "target") / "browser"
renewal := env("CARGO_TARGET_DIR", "target") / "renew"

# The program runs in the project's folder, where results/ lies. A path means what it means in the folder where the command
# was typed: `chainrule NAME ARGUMENTS...` puts the way to that folder in front of each, and keeps everything else as it is.

export TYPED_IN := invocation_directory()
export PROJECT := justfile_directory()
export PROGRAM := program
chainrule := '''
    typed() {
        case "$TYPED_IN|$1" in
        "$PROJECT|"* | *"|/"*) printf %s "$1" ;;
        "$PROJECT/"*) printf %s "${TYPED_IN#"$PROJECT/"}/$1" ;;
        *) printf %s "$TYPED_IN/$1" ;;
        esac
    }
    chainrule() {
        previous=
        for argument do
            shift
            case "$previous|$argument" in
            *"|--results="* | *"|--data-dir="* | *"|--predictions="* | *"|--output="* | *"|--baselines="*) argument="${argument%%=*}=$(typed "${argument#*=}")" ;;
            *"|-"*) ;;
            "run|"* | "plan|"* | "trace|"* | "report|"* | "compare|"* | "compared|"* | "evaluate|"* | *.toml) argument=$(typed "$argument") ;;
            "--results|"* | "--data-dir|"* | "--predictions|"* | "--output|"* | "--baselines|"*) argument=$(typed "$argument") ;;
            esac
            set -- "$@" "$argument"
            # Two folders are compared.
            [ "$previous" = compare ] && previous=compared || previous=$argument
        done
        exec "$PROGRAM" "$@"
    }
'''

# List the recipes
help:
    @echo "Answers questions about backpropagation with experiments. Start with: just run experiments/xor.toml"
    @echo
    @{{ quote(just_executable()) }} --justfile {{ quote(justfile()) }} --list --unsorted

# Run an experiment and write its report under results/
[no-exit-message]
run FILE *ARGUMENTS: _build
    @{{ chainrule }} chainrule run "$@"

# Show the runs of an experiment and their cost, and run nothing
[no-exit-message]
plan FILE *ARGUMENTS: _build
    @{{ chainrule }} chainrule plan "$@"

# Write the report of an experiment again, from the results that are stored
[no-exit-message]
report FILE *ARGUMENTS: _build
    @{{ chainrule }} chainrule report "$@"

# Keep what the runs of an experiment came to as its baseline, results/baselines/NAME.csv
[no-exit-message]
bless FILE *ARGUMENTS: _build
    @{{ chainrule }} chainrule bless "$@"

# Carry out the runs of an experiment anew and compare them with its baseline
[no-exit-message]
check FILE *ARGUMENTS: _build
    @{{ chainrule }} chainrule check "$@"

# Report on two results folders: which is better, and how sure that is
[no-exit-message]
compare RESULTS_A RESULTS_B *ARGUMENTS: _build
    @{{ chainrule }} chainrule compare "$@"

# Carry out the forward pass of saved weights, on the run's own data or on another data set
[no-exit-message]
evaluate WEIGHTS *ARGUMENTS: _build
    @{{ chainrule }} chainrule evaluate "$@"

# Show every number of a training step, with formulas, as on a blackboard
[no-exit-message]
trace FILE *ARGUMENTS: _build
    @{{ chainrule }} chainrule trace "$@"

# Run every lesson, say what became of its claims, and leave the reports under results/lessons/
[no-exit-message]
lessons: _build
    @code=0; for lesson in experiments/lessons/*.toml; do \
        echo "== $lesson"; \
        answer=$("$PROGRAM" run "$lesson" --results results/lessons --quiet) || code=$?; \
        printf '%s\n' "$answer" | sed '/^$/q'; \
    done; exit $code

# Start a new experiment file
[no-exit-message]
new NAME *ARGUMENTS: _build
    @{{ chainrule }} chainrule new "$@"

# List what an experiment file can name: activations, optimizers, data sets and so on
[no-exit-message]
list *ARGUMENTS: _build
    @{{ chainrule }} chainrule list "$@"

# Check the formatting, clippy, all tests, and one small experiment from end to end
test: _wrapper _format-check _clippy && _experiment
    cargo test --release --workspace

# Check the formatting, clippy, and the documentation of the code
lint: _format-check _clippy
    RUSTDOCFLAGS="-D warnings" cargo doc --release --no-deps --workspace

# Format the code
fmt:
    cargo fmt --all

# Measure how many samples a second the engine trains on
bench:
    cargo run --release -p chainrule-core --example throughput

# Write the generated reference pages again
docs: _build
    "$PROGRAM" reference docs/reference

# Check that the reference pages are those that the program generates
docs-check: _build
    @fresh=$(mktemp -d); trap 'rm -rf "$fresh"' EXIT; "$PROGRAM" reference "$fresh" \
        && { diff -r docs/reference "$fresh" || { echo "docs/reference is out of date: type just docs" >&2; exit 1; }; }

# Write baselines, figures, pictures, lessons and README anew after results changed on purpose, and list what changed
[no-exit-message]
renew *ARGUMENTS: _build
    @python={{ renewal }}/bin/python; [ -x "$python" ] || python3 -m venv {{ quote(renewal) }}; \
        "$python" -m pip install --quiet --disable-pip-version-check -r tests/renew/requirements.txt \
        && PROGRAM=$PROGRAM exec "$python" tests/renew/renew.py "$@"

# Make the numbers from elsewhere again, and compare them with those the tests hold against the engine
[no-exit-message]
oracle *ARGUMENTS:
    @python=${ORACLE_VENV:-{{ oracle }}}/bin/python; \
        [ -n "${ORACLE_VENV-}" ] || { [ -x "$python" ] || python3 -m venv {{ quote(oracle) }}; \
            "$python" -m pip install --quiet --disable-pip-version-check -r crates/core/tests/oracle/requirements.txt; } \
        && exec "$python" crates/core/tests/oracle/compare.py "$@"

# Inject faults (kills, flipped bits, signals, full disks, damaged files) and count what becomes of them; takes about an hour
[no-exit-message]
faults *ARGUMENTS: _build
    @PROGRAM=$PROGRAM exec python3 tests/faults/faults.py "$@"

# Look at the pages of reports in a real browser: pytest's arguments may follow, such as --pictures=DIR
[no-exit-message]
browser *ARGUMENTS: _build
    @tests/browser/install.sh {{ quote(browser) }}
    @python={{ browser }}/bin/python; [ -x "$python" ] || python3 -m venv {{ quote(browser) }}; \
        "$python" -m pip install --quiet --disable-pip-version-check -r tests/browser/requirements.txt \
        && PROGRAM=$PROGRAM exec "$python" -m pytest -q -p no:cacheprovider tests/browser "$@"

_wrapper:
    tests/fresh_machine/justw.sh

_format-check:
    cargo fmt --all --check

_clippy:
    cargo clippy --release --workspace --all-targets -- -D warnings

# Cargo's progress is for somebody who watches; errors are printed either way.
[no-exit-message]
_build:
    @[ -t 2 ] || quiet=--quiet; exec cargo build --release ${quiet-} -p chainrule

_experiment: _build
    results=$(mktemp -d); trap 'rm -rf "$results"' EXIT; "$PROGRAM" run experiments/xor.toml --results "$results"
