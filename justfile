# The recipes of the project: `just` lists them. `./justw RECIPE` does the same on a machine that lacks just or OpenBLAS.
#
# All builds use one cargo profile, --release: tests train real networks, and dependencies are built only once.

set positional-arguments

export PROGRAM := join(justfile_directory(), env("CARGO_TARGET_DIR", "target"), "release/chainrule")
oracle := env("CARGO_TARGET_DIR", "target") / "oracle"
browser := env("CARGO_TARGET_DIR", "target") / "browser"
renewal := env("CARGO_TARGET_DIR", "target") / "renew"

# A recipe with [no-cd] runs in the folder where the command was typed, so relative paths refer to that folder. Results,
# baselines and data remain in the project.
chainrule := if invocation_directory() == justfile_directory() { 'exec "$PROGRAM"' } else {
    "export CHAINRULE_RESULTS=" + quote(env("CHAINRULE_RESULTS", justfile_directory() / "results")) +
    " CHAINRULE_BASELINES=" + quote(env("CHAINRULE_BASELINES", justfile_directory() / "results/baselines")) +
    " CHAINRULE_DATA=" + quote(env("CHAINRULE_DATA", justfile_directory() / "data")) + '; exec "$PROGRAM"'
}

# List the recipes
help:
    @echo "Runs experiments that answer questions about backpropagation. Start with: just run experiments/xor.toml"
    @echo
    @{{ quote(just_executable()) }} --justfile {{ quote(justfile()) }} --list --unsorted

# Run an experiment and write its report under results/
[no-cd, no-exit-message]
run FILE *ARGUMENTS: _build
    @{{ chainrule }} run "$@"

# Show the runs of an experiment and their cost; run nothing
[no-cd, no-exit-message]
plan FILE *ARGUMENTS: _build
    @{{ chainrule }} plan "$@"

# Write the report of an experiment again, from the stored results
[no-cd, no-exit-message]
report FILE *ARGUMENTS: _build
    @{{ chainrule }} report "$@"

# Save the results of an experiment as its baseline, results/baselines/NAME.csv
[no-cd, no-exit-message]
bless FILE *ARGUMENTS: _build
    @{{ chainrule }} bless "$@"

# Rerun an experiment and compare the results with its baseline
[no-cd, no-exit-message]
check FILE *ARGUMENTS: _build
    @{{ chainrule }} check "$@"

# Compare two results folders: which is better, and how sure that is
[no-cd, no-exit-message]
compare RESULTS_A RESULTS_B *ARGUMENTS: _build
    @{{ chainrule }} compare "$@"

# Evaluate saved weights on the run's own data or on another data set
[no-cd, no-exit-message]
evaluate WEIGHTS *ARGUMENTS: _build
    @{{ chainrule }} evaluate "$@"

# Show every number of a training step, with formulas
[no-cd, no-exit-message]
trace FILE *ARGUMENTS: _build
    @{{ chainrule }} trace "$@"

# Run every lesson, print the verdicts of its claims, and write the reports to results/lessons/
[no-exit-message]
lessons: _build
    @code=0; for lesson in experiments/lessons/*.toml; do \
        echo "== $lesson"; \
        answer=$("$PROGRAM" run "$lesson" --results results/lessons --quiet) || code=$?; \
        printf '%s\n' "$answer" | sed '/^$/q'; \
    done; exit $code

# Create an experiment file
[no-exit-message]
new NAME *ARGUMENTS: _build
    @exec "$PROGRAM" new "$@"

# List the items for experiment files: activations, optimizers, data sets and so on
[no-exit-message]
list *ARGUMENTS: _build
    @exec "$PROGRAM" list "$@"

# Check formatting and clippy, run all tests and one small experiment from end to end
test: _wrapper _format-check _clippy && _experiment
    cargo test --release --workspace

# Check formatting, clippy, the documentation of the code, and the prose
lint: _format-check _clippy _prose
    RUSTDOCFLAGS="-D warnings" cargo doc --release --no-deps --workspace

# Format the code
fmt:
    cargo fmt --all

# Measure how many samples a second the engine trains on
bench:
    cargo run --release -p chainrule-core --example throughput

# Write the generated reference pages
docs: _build
    "$PROGRAM" reference docs/reference --columns docs/results.md

# Check that the reference pages are up to date
docs-check: _build
    @fresh=$(mktemp -d); trap 'rm -rf "$fresh"' EXIT; cp docs/results.md "$fresh" \
        && "$PROGRAM" reference "$fresh/reference" --columns "$fresh/results.md" \
        && { diff -r docs/reference "$fresh/reference" && diff docs/results.md "$fresh/results.md" \
            || { echo "the generated documentation is out of date: type just docs" >&2; exit 1; }; }

# Update baselines, figures, pictures, lessons and README after results changed on purpose, and list the changes
[no-exit-message]
renew *ARGUMENTS: _build
    @python={{ renewal }}/bin/python; [ -x "$python" ] || python3 -m venv {{ quote(renewal) }}; \
        "$python" -m pip install --quiet --disable-pip-version-check -r tests/renew/requirements.txt \
        && PROGRAM=$PROGRAM exec "$python" tests/renew/renew.py "$@"

# Recompute the numbers from independent sources, and compare them with the stored ones
[no-exit-message]
oracle *ARGUMENTS:
    @python=${ORACLE_VENV:-{{ oracle }}}/bin/python; \
        [ -n "${ORACLE_VENV-}" ] || { [ -x "$python" ] || python3 -m venv {{ quote(oracle) }}; \
            "$python" -m pip install --quiet --disable-pip-version-check -r crates/core/tests/oracle/requirements.txt; } \
        && exec "$python" crates/core/tests/oracle/compare.py "$@"

# Inject faults (kills, flipped bits, signals, full disks, damaged files) and count the outcomes; takes about an hour
[no-exit-message]
faults *ARGUMENTS: _build
    @PROGRAM=$PROGRAM exec python3 tests/faults/faults.py "$@"

# Test the pages of reports in a real browser; takes pytest's arguments, such as --pictures=DIR
[no-exit-message]
browser *ARGUMENTS: _build
    @tests/browser/install.sh {{ quote(browser) }}
    @python={{ browser }}/bin/python; [ -x "$python" ] || python3 -m venv {{ quote(browser) }}; \
        "$python" -m pip install --quiet --disable-pip-version-check -r tests/browser/requirements.txt \
        && PROGRAM=$PROGRAM exec "$python" -m pytest -q -p no:cacheprovider tests/browser "$@"

_wrapper:
    tests/fresh_machine/justw.sh
    JUST={{ quote(just_executable()) }} tests/fresh_machine/recipes.sh

_format-check:
    cargo fmt --all --check

_clippy:
    cargo clippy --release --workspace --all-targets -- -D warnings

_prose:
    python3 tests/prose/test_prose.py --quiet
    python3 tests/prose/prose.py

# Cargo shows its progress only on a terminal, and errors always.
[no-exit-message]
_build:
    @[ -t 2 ] || quiet=--quiet; exec cargo build --release ${quiet-} -p chainrule

_experiment: _build
    results=$(mktemp -d); trap 'rm -rf "$results"' EXIT; "$PROGRAM" run experiments/xor.toml --results "$results"
