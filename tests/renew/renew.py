"""Updates all files that contain results, after a change that moves them on purpose, and lists the changes.

    just renew               baselines, docs/experiments.md, docs/images, lessons, README, messages and reference
    just renew --docs-only   only the documents

Experiments are rerun in a temporary folder. Experiments on MNIST are not run: their figures are written by hand.
"""

import argparse
import filecmp
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import tomllib
from pathlib import Path

import jinja2

from figures import Figures
from tables import Tables

PROJECT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("PROGRAM", PROJECT / "target/release/chainrule")).resolve()
DOCS = PROJECT / "docs"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--docs-only", action="store_true", help="leave baselines and messages as they are")
    parser.add_argument("--results", type=Path, help="take the results in this folder, and run only the missing experiments")
    arguments = parser.parse_args()
    changed = []
    with tempfile.TemporaryDirectory(prefix="chainrule-renew-") as temporary:
        results = (arguments.results or Path(temporary)).resolve()
        for file in experiments() + lessons():
            run("run", file, "--results", results)
        if not arguments.docs_only:
            renew_baselines(results, changed)
            renew_messages()
        renew_figures(results, changed)
        renew_pictures(results, changed)
        renew_lessons(results, changed)
        renew_readme(results, changed)
        run("reference", DOCS / "reference")
    status = subprocess.run(["git", "status", "--short"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    print("\n".join(changed) or "No figure has changed.")
    print(f"\nChanged files:\n{status}" if status else "\nNo file has changed.")
    print("Read the changes, above all sentences beside changed figures, before you commit them.")


def experiments():
    return sorted(path for path in PROJECT.glob("experiments/*.toml") if not path.name.startswith("mnist"))


def lessons():
    return sorted(PROJECT.glob("experiments/lessons/*.toml"))


def run(*words, codes=(0, 1)):
    """The output of the program. A claim with `must = true` may be refuted (exit code 1): the report says so."""
    print(f"== chainrule {' '.join(os.path.relpath(word, PROJECT) if isinstance(word, Path) else word for word in words)}", flush=True)
    ended = subprocess.run([PROGRAM, *words, "--quiet"], cwd=PROJECT, capture_output=True, text=True, check=False)
    if ended.returncode not in codes:
        sys.exit(f"exit code {ended.returncode}: {ended.stdout}{ended.stderr}")
    return ended.stdout


def write(path, text, changed):
    """Writes a file, and lists the lines that are others."""
    before = path.read_text("utf-8").splitlines()
    after = text.splitlines()
    name = path.relative_to(PROJECT)
    for index, (old, new) in enumerate(zip(before, after), start=1):
        if old != new:
            changed.append(f"{name}:{index}: {words_that_differ(old, new)}")
    if len(before) != len(after):
        changed.append(f"{name}: {len(after)} lines, {len(before)} before")
    path.write_text(text, "utf-8")


def words_that_differ(old, new):
    old, new = old.split(), new.split()
    if len(old) != len(new):
        return "another text"
    return ", ".join(f"{a} → {b}" for a, b in zip(old, new) if a != b)


def renew_baselines(results, changed):
    for baseline in sorted((PROJECT / "results/baselines").glob("*.csv")):
        [file] = [file for file in experiments() + lessons() if file.stem == baseline.stem]
        before = baseline.read_bytes()
        answer = run("bless", file, "--results", results)
        if baseline.read_bytes() != before:
            changed.append(f"results/baselines/{baseline.name}: {answer.splitlines()[0]}")


def renew_messages():
    """The answers of the program that tests hold, and the digests that they pin."""
    environment = {**os.environ, "TRYCMD": "overwrite"}
    test = ["cargo", "test", "--release", "--quiet", "--workspace", "--test", "messages"]
    subprocess.run(test, cwd=PROJECT, env=environment, capture_output=True, check=False)


def renew_figures(results, changed):
    tables, broken = Tables(results), []
    manifest = json.loads((results / "xor/manifest.json").read_text("utf-8"))
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False)
    template = environment.from_string((DOCS / "experiments.md.jinja").read_text("utf-8"))
    text = template.render(
        experiment=lambda name: Figures(tables, name, broken),
        results_version=manifest["results_version"],
        simd=manifest["machine"]["simd"].replace("avx", "AVX-", 1).upper(),
    )
    write(DOCS / "experiments.md", "\n\n".join(map(wrapped, text.split("\n\n"))), changed)
    changed.extend(broken)


def wrapped(paragraph):
    """A paragraph in lines of the length that the other documents have; headings and pictures stay."""
    if paragraph.lstrip().startswith(("#", "!")):
        return paragraph
    return textwrap.fill(paragraph, 120, break_long_words=False, break_on_hyphens=False) + ("\n" if paragraph.endswith("\n") else "")


def renew_pictures(results, changed):
    sources = tomllib.loads((PROJECT / "tests/renew/pictures.toml").read_text("utf-8"))
    pictures = {path.name for path in (DOCS / "images").glob("*.png")}
    if pictures != sources.keys():
        sys.exit(f"tests/renew/pictures.toml and docs/images differ in {sorted(pictures ^ sources.keys())}")
    for name, source in sources.items():
        if not filecmp.cmp(results / source, DOCS / "images" / name, shallow=False):
            shutil.copyfile(results / source, DOCS / "images" / name)
            changed.append(f"docs/images/{name}: look at it")


def renew_lessons(results, changed):
    """The last column of the table in docs/lessons.md."""
    tables = Tables(results)

    def row(match):
        return f"{match[1]} | {verdicts(tables, Path(match[2]).stem)} |"

    text = (DOCS / "lessons.md").read_text("utf-8")
    text = re.sub(r"^(\| \[\d+\]\((\.\./experiments/lessons/[^)]+)\) \|.*?) \| [^|]* \|$", row, text, flags=re.MULTILINE)
    write(DOCS / "lessons.md", text, changed)


def verdicts(tables, name):
    """`3 supported, 1 refuted`; `drawn` where nothing is claimed."""
    if not (tables.results / name / "claims.csv").exists():
        return "drawn"
    counts = dict(tables.rows(name, "SELECT verdict, count(DISTINCT claim) FROM claims WHERE verdict IS NOT NULL GROUP BY verdict"))
    return ", ".join(f"{counts[verdict]} {verdict}" for verdict in ("supported", "refuted", "undecided") if verdict in counts)


def renew_readme(results, changed):
    """The answer in the README: the program runs with the README's command, except for the folder."""
    with tempfile.TemporaryDirectory(prefix="chainrule-readme-") as folder:
        answer = run("run", "experiments/xor.toml", "--results", folder).replace(folder, "results")
    readme = PROJECT / "README.md"
    text = readme.read_text("utf-8")
    start = text.index("```console\n") + len("```console\n")
    end = text.index("```", start)
    write(readme, f"{text[:start]}$ chainrule run experiments/xor.toml\n{answer}{text[end:]}", changed)


if __name__ == "__main__":
    main()
