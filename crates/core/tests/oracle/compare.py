"""Reruns every script of this folder and of crates/statistics, and compares the output with the kept file.

FILE.py or pytorch_FILE.py belongs to FILE.json. Numbers are equal to 1e-12 of the larger one, or of 1 if both are smaller,
because another processor rounds differently. Prints the differences; exit code 1 if there are any.

    python compare.py            compare
    python compare.py --write    rewrite the files that differ
"""

import json
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
FOLDERS = [FOLDER, FOLDER.parents[2] / "statistics" / "tests" / "oracle"]
TOLERANCE = 1e-12
SHARED = {"literals", "compare"}


def differences(kept, made, place=""):
    """The differences, one line per place, and the largest difference between two numbers that count as equal."""
    if isinstance(kept, dict) and isinstance(made, dict) and kept.keys() == made.keys():
        parts = [differences(kept[key], made[key], f"{place}.{key}") for key in kept]
    elif isinstance(kept, list) and isinstance(made, list) and len(kept) == len(made):
        parts = [differences(*pair, f"{place}[{i}]") for i, pair in enumerate(zip(kept, made))]
    elif type(kept) in (int, float) and type(made) in (int, float):
        error = abs(kept - made) / max(abs(kept), abs(made), 1.0)
        return ([], error) if error <= TOLERANCE else ([f"{place}: {kept!r} is kept, {made!r} is made"], error)
    else:
        return ([] if kept == made else [f"{place}: {short(kept)} is kept, {short(made)} is made"], 0.0)
    lines, errors = [line for some, _ in parts for line in some], [error for _, error in parts]
    return lines, max(errors, default=0.0)


def short(value):
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:60]}… ({len(text)} characters)"


def holds(script, write):
    """Whether the output of a script equals its kept file."""
    kept = script.parent / f"{script.stem.removeprefix('pytorch_')}.json"
    run = subprocess.run([sys.executable, script], stdout=subprocess.PIPE, encoding="utf-8")
    if run.returncode != 0:
        print(f"{script.name} failed")
        return False
    shown = run.stdout
    if kept.exists():
        lines, worst = differences(json.loads(kept.read_text("utf-8")), json.loads(shown))
    else:
        lines, worst = ["there is no such file"], 0.0
    print(f"{kept.name}: " + (f"{len(lines)} differences" if lines else f"the same to {worst:.1e}"), flush=True)
    for line in lines[:10]:
        print(f"    {line}")
    if lines and write:
        kept.write_text(shown, "utf-8")
        print("    rewritten")
    return write or not lines


def main():
    results = []
    for folder in FOLDERS:
        scripts = sorted(path for path in folder.glob("*.py") if path.stem not in SHARED)
        made = {script.stem.removeprefix("pytorch_") for script in scripts}
        orphans = sorted({path.stem for path in folder.glob("*.json")} - made)
        for name in orphans:
            print(f"{name}.json: no script makes it")
        results += [holds(script, "--write" in sys.argv[1:]) for script in scripts] + [False] * len(orphans)
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
