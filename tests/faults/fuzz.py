"""Damaged files of every kind that the program reads: an answer or an error with a reason, never a crash or a hang."""

import shutil
import subprocess
from pathlib import Path

from case import call, crashed, said

PROJECT = Path(__file__).resolve().parents[2]

# Pieces that have broken parsers before.
PIECES = [
    b"\x00", b"\xff\xfe", b"\x1b[31m", b"\r", b"\n", b'"', b"'''", b"[[", b"]]", b"{", b"}", b"=", b",", b"#", b"nan", b"inf",
    b"-0.0", b"1e400", b"1e-400", b"9223372036854775808", b"-1", b"0x", b"1979-05-27", b"true", b"[]", b"{}", "é\u202e".encode(),
    b"a" * 2000, b"[" * 300, b"= 1\n" * 40, b"::error::", b"<img src=x>", b"../..", b"/dev/zero", b"/",
]

CSV_EXPERIMENT = """question = "What is in this file?"
seeds = 1
[data]
dataset = { csv = { path = "table.csv", target = "kind" } }
[model]
architecture = [3]
[train]
epochs = 1
"""
CSV = "length,width,kind\n" + "".join(f"{i / 7:.3f},{(i * 5) % 11},{'ab'[i % 2]}\n" for i in range(60))


def run(program, folder, count, random, tally):
    seeds = prepare(program, folder)
    if seeds is None:
        tally.breaks("the undamaged files cannot be made")
        return
    judged = {name: 0 for name, _, _ in seeds}
    for index in range(count):
        name, path, arguments = seeds[index % len(seeds)]
        whole = path.read_bytes()
        path.write_bytes(damaged(whole, random))
        try:
            ended = call(program, *arguments, timeout=60, cwd=folder)
            problem = f"crashed: {said(ended)[-300:]}" if crashed(ended) else None
            if not problem and ended.returncode not in (0, 1, 2, 3):
                problem = f"exit code {ended.returncode}"
            if not problem and ended.returncode != 0 and not said(ended):
                problem = "fails without a word"
            if not problem and any(byte < 32 and byte not in (9, 10) for byte in ended.stdout + ended.stderr):
                problem = f"control characters reach the terminal: {ended.stdout + ended.stderr!r}"[:300]
        except subprocess.TimeoutExpired:
            problem = "had not ended after a minute"
        if problem:
            kept = folder / "kept"
            kept.mkdir(exist_ok=True)
            shutil.copy(path, kept / f"{index}-{path.name}")
            tally.breaks(f"{name} {index}: {problem}", kept)
        else:
            tally.as_promised(named=ended.returncode != 0)
            judged[name] += 1
        path.write_bytes(whole)
    tally.measured.append(", ".join(f"{number} {name}" for name, number in judged.items()))


def prepare(program, folder):
    """A file of each kind, with the command that reads it."""
    experiment = folder / "table.toml"
    experiment.write_text(CSV_EXPERIMENT + "save_weights = true\n")
    (folder / "table.csv").write_text(CSV)
    blessed = call(program, "bless", experiment, "--results", folder / "results", "--baselines", folder / "baselines", "--data-dir", folder)
    if blessed.returncode != 0:
        print(said(blessed))
        return None
    weights = next((folder / "results" / "table" / "weights").glob("*.safetensors"))
    files = [("experiments", folder / f"fuzzed-{index}.toml", source) for index, source in enumerate(sorted(PROJECT.glob("experiments/**/*.toml")))]
    for _, path, source in files:
        shutil.copy(source, path)
    check = ("check", experiment, "--stored", "--results", folder / "results", "--baselines", folder / "baselines", "--data-dir", folder)
    others = [
        ("tables", folder / "table.csv", ("plan", experiment, "--data-dir", folder)),
        ("weights", weights, ("evaluate", weights, "--data-dir", folder)),
        ("baselines", folder / "baselines" / "table.csv", check),
    ]
    plans = [(name, path, ("plan", path)) for name, path, _ in files]
    # As many tables, weights and baselines as experiment files.
    return plans + others * (len(plans) // len(others) + 1)


def damaged(text, random):
    """One to four damages: a bit, a cut, a piece from elsewhere, a piece twice."""
    text = bytearray(text)
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(text) + 1)
        match random.randrange(5):
            case 0 if text:
                text[place % len(text)] ^= 1 << random.randrange(8)
            case 1:
                del text[place : place + random.randint(1, 40)]
            case 2:
                text[place:place] = random.choice(PIECES)
            case 3:
                text[place:place] = text[random.randrange(len(text) + 1) :][: random.randint(1, 60)]
            case _:
                text[place : place + random.randint(1, 8)] = random.choice(PIECES)
    return bytes(text)
