"""Injects faults into the program and counts the outcomes.

    python faults.py                        everything, with the counts of docs/reliability.md
    python faults.py kills flips            only these
    python faults.py --scale 0.05           a twentieth of each count, for a quick look
    python faults.py --seed 7               other random places

PROGRAM names the binary. Needs Python 3.11 and Linux, and root for the disk faults (a small file system is mounted).
Prints a row for each kind of fault. The exit code is 1 if a promise of docs/reliability.md is broken; the folder of each
broken case is kept and named.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

import disk
import fuzz
import kills
import flips
import stops
from case import Tally

KINDS = {
    "kills": (kills.run, 200),
    "flips": (flips.run, 1000),
    "signals": (stops.signals, 20),
    "limits": (stops.limits, 6),
    "disk": (disk.run, 10),
    "fuzz": (fuzz.run, 10_000),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"any of {', '.join(KINDS)}; all of them without it")
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies every count")
    parser.add_argument("--seed", type=int, default=1, help="of the random places")
    arguments = parser.parse_args()
    unknown = set(arguments.kinds) - KINDS.keys()
    if unknown:
        parser.error(f"unknown kind {', '.join(sorted(unknown))}; known are {', '.join(KINDS)}")
    program = Path(os.environ.get("PROGRAM", "target/release/chainrule")).resolve()
    print("| fault | injected | as promised | noticed and named | seconds | measured |\n|---|--:|--:|--:|--:|---|", flush=True)
    broken = False
    for kind in arguments.kinds or KINDS:
        inject, count = KINDS[kind]
        folder = Path(tempfile.mkdtemp(prefix=f"chainrule-{kind}-"))
        tally, begin = Tally(kind, folder), time.monotonic()
        inject(program, folder, max(1, round(count * arguments.scale)), random.Random(arguments.seed), tally)
        print(tally.row(time.monotonic() - begin), flush=True)
        tally.finish()
        broken = broken or bool(tally.broken)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
