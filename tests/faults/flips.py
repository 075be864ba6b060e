"""Flips single bits of a store: nothing may look different without a word."""

import re
import shutil

from case import call, crashed, said, stable, tables

EXPERIMENT = """
question = "Which optimizer learns exclusive or?"
seeds = 6
[data]
dataset = "xor"
validation = 0
test = 0
standardize = false
[model]
architecture = [3]
activation = "tanh"
[train]
epochs = 12
batch_size = "full"
loss = "binary_cross_entropy"
target = { metric = "train_loss", reaches = 0.5 }
[grid]
optimizer = ["sgd", "adam"]
learning_rate = [0.1, 1.0]
[analysis]
compare = "optimizer"
metric = "train_loss"
tune = ["learning_rate"]
confirm_seeds = 6
[probe]
measure = ["gradient_norm"]
every = 4
[[claim]]
text = "Adam ends lower"
metric = "train_loss"
better = { optimizer = "adam" }
than = { optimizer = "sgd" }
"""

# The words of a message about a damaged store.
WORDS = re.compile(rb"damaged|vanished|[1-9]\d* missing|not on record|cannot be read|malformed|not a store|format version")


def run(program, folder, count, random, tally):
    file = folder / "flipped.toml"
    file.write_text(EXPERIMENT)
    whole = folder / "whole"
    ran = call(program, "run", file, "--results", whole)
    if ran.returncode != 0:
        tally.breaks(f"the undamaged experiment does not run: {said(ran)}")
        return
    call(program, "report", whole / "flipped")
    expected, results = tables(whole / "flipped"), stable(whole / "flipped")
    store = (whole / "flipped" / "runs.sqlite").read_bytes()
    planned = call(program, "plan", file, "--results", whole).stdout
    for _ in range(count):
        place = random.randrange(len(store) * 8)
        case = folder / "case"
        shutil.rmtree(case, ignore_errors=True)
        shutil.copytree(whole, case)
        damaged = bytearray(store)
        damaged[place // 8] ^= 1 << (place % 8)
        (case / "flipped" / "runs.sqlite").write_bytes(damaged)
        judge(program, file, case, place, (expected, planned.replace(bytes(whole), bytes(case)), results), tally)


def judge(program, file, case, place, undamaged, tally):
    """Report, plan and run on a damaged store, in the order in which a user would type them."""
    expected, planned, results = undamaged
    report = call(program, "report", case / "flipped")
    plan = call(program, "plan", file, "--results", case)
    shown = tables(case / "flipped")
    again = call(program, "run", file, "--results", case)
    for process in (report, plan, again):
        if crashed(process):
            return tally.breaks(f"bit {place}: crashed: {said(process)[-300:]}", case)
    if (is_silent(report, shown != expected) or is_silent(plan, plan.stdout != planned)):
        return tally.breaks(f"bit {place}: other output and no word of it", case)
    if again.returncode == 0 and stable(case / "flipped") != results:
        return tally.breaks(f"bit {place}: `run` ends well with other results: {said(again)[-300:]}", case)
    if again.returncode != 0 and not has_word(again):
        return tally.breaks(f"bit {place}: `run` fails without saying why: {said(again)[-300:]}", case)
    tally.as_promised(named=any(map(has_word, (report, plan, again))))


def has_word(process):
    output = (process.stdout + process.stderr).lower()
    return bool(WORDS.search(output))


def is_silent(process, differs):
    return (differs or process.returncode != 0) and not has_word(process)
