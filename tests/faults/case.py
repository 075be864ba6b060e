"""Runs the program, and counts the outcomes."""

import csv
import shutil
import subprocess
from pathlib import Path

# A shell reports a panic as 101, an abort as 134, a killed process as 137.
CRASHES = {101, 134, -6, -11, -4, -7, -9}


class Tally:
    """The outcomes of the faults of one kind."""

    def __init__(self, kind, folder):
        self.kind, self.folder = kind, folder
        self.injected, self.kept, self.named, self.broken, self.measured = 0, 0, 0, [], []

    def as_promised(self, named=False):
        """Counts a fault with the promised outcome; `named` if a message reported it."""
        self.injected += 1
        self.kept += 1
        self.named += named

    def breaks(self, what, folder=None):
        """Counts a broken promise, and keeps its folder."""
        self.injected += 1
        kept = ""
        if folder is not None:
            kept = self.folder / f"broken-{len(self.broken) + 1}"
            shutil.copytree(folder, kept, symlinks=True, dirs_exist_ok=True)
        self.broken.append(f"{what} {kept}".rstrip())

    def row(self, seconds):
        cells = [self.kind, self.injected, self.kept, self.named, f"{seconds:.0f}", "; ".join(self.measured)]
        return "| " + " | ".join(map(str, cells)) + " |"

    def finish(self):
        for line in self.broken[:20]:
            print(f"    broken: {line}")
        if not self.broken:
            shutil.rmtree(self.folder, ignore_errors=True)


def call(program, *arguments, timeout=120, **options):
    """The finished process; its outputs are bytes."""
    words = [program, *map(str, arguments)]
    return subprocess.run(words, capture_output=True, timeout=timeout, check=False, **options)


def crashed(process):
    return process.returncode in CRASHES or b"panicked at" in process.stderr


def said(process):
    """Everything a process said, for messages."""
    return (process.stdout + process.stderr).decode("utf-8", "replace").strip()


def tables(folder):
    """The content of every table and of the report, by path. The manifest holds times and is left out."""
    wanted = [path for path in Path(folder).rglob("*") if path.suffix in {".csv", ".md"} and path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in wanted}


def stable(folder):
    """The same without the values that differ between executions: run times and provenance."""
    keep = {name: text for name, text in tables(folder).items() if name in ("summary.csv", "claims.csv", "comparisons.csv")}
    keep["runs.csv"] = without_seconds(Path(folder) / "runs.csv")
    return keep


def without_seconds(path):
    with open(path, newline="", encoding="utf-8") as file:
        lines = list(csv.reader(file))
    dropped = {index for index, title in enumerate(lines[0]) if "seconds" in title}
    return [[cell for index, cell in enumerate(line) if index not in dropped] for line in lines]
