"""Kills the program while it runs: no finished run may be lost, and the next call goes on as if nothing had been."""

import os
import shutil
import signal
import subprocess
import threading
import time

from case import call, crashed, said, stable

EXPERIMENT = """
question = "Which learning rate learns the digits?"
seeds = 8
[data]
dataset = "digits"
[model]
architecture = [24]
[train]
epochs = 6
save_weights = true
[grid]
optimizer = ["sgd", "adam"]
learning_rate = [0.001, 0.01, 0.1]
"""

# A run that ended this long before the kill is in the store.
DURABLE_AFTER = 0.2


def run(program, folder, count, random, tally):
    file = folder / "killed.toml"
    file.write_text(EXPERIMENT)
    begin = time.monotonic()
    whole = call(program, "run", file, "--results", folder / "whole")
    duration = time.monotonic() - begin
    if whole.returncode != 0:
        tally.breaks(f"the experiment does not run: {said(whole)}")
        return
    expected = stable(folder / "whole" / "killed")
    late = []
    for _ in range(count):
        case = folder / "case"
        shutil.rmtree(case, ignore_errors=True)
        problem = kill_once(program, file, case, random.uniform(0, duration * 1.1), expected, late)
        if problem:
            tally.breaks(problem, case)
        else:
            tally.as_promised()
    late = [seconds for seconds in late if seconds > 0]
    tally.measured.append(f"the oldest lost run had ended {max(late, default=0):.3f} s before the kill")


def kill_once(program, file, case, after, expected, late):
    """The broken promise, if any."""
    words = [program, "run", file, "--results", case, "-v"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, "NO_COLOR": "1"})
    ended = {}
    reader = threading.Thread(target=follow, args=(process.stderr, ended))
    reader.start()
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        pass
    killed = time.monotonic()
    process.send_signal(signal.SIGKILL)
    process.wait()
    reader.join()
    stored, problem = stored_runs(program, case)
    if problem:
        return problem
    lost = [killed - when for run_id, when in ended.items() if run_id not in stored]
    late.extend(lost)
    if any(age > DURABLE_AFTER for age in lost):
        return f"a run that had ended {max(lost):.2f} s before the kill is lost"
    again = call(program, "run", file, "--results", case)
    if again.returncode != 0 or crashed(again):
        return f"the next run fails: {said(again)[-300:]}"
    if stable(case / "killed") != expected:
        return "the next run has other results"
    left = [path.name for path in case.rglob("*") if ".partial-" in path.name or path.suffix == ".tmp"]
    return f"left behind: {left}" if left else None


def follow(lines, ended):
    """The runs that the log says have ended, with the time of the line."""
    for line in lines:
        text = line.decode("utf-8", "replace")
        if "run ended" in text and "run_id=" in text:
            ended[text.split("run_id=")[1].split()[0]] = time.monotonic()


def stored_runs(program, case):
    """The short RunIds that a report finds right after the kill."""
    folder = case / "killed"
    if not (folder / "runs.sqlite").exists():
        return set(), None
    report = call(program, "report", folder)
    if crashed(report) or report.returncode not in (0, 2):
        return set(), f"report fails after the kill: {said(report)[-300:]}"
    table = folder / "runs.csv"
    if report.returncode == 2 or not table.exists():
        return set(), None
    return {line.split(",")[0][:12] for line in table.read_text("utf-8").splitlines()[1:]}, None
