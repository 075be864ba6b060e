"""Full or read-only disks, and folders that are moved or replaced: finished runs are kept, and foreign files are not touched."""

import contextlib
import os
import shutil
import subprocess
import time

from case import call, crashed, said, stable
from kills import EXPERIMENT

FOREIGN = {"notes.csv": "mine", "plots/my-annotated.png": "mine too", "plots/mine.csv": "a,b", "datasets/mine/report.md": "mine"}


def run(program, folder, count, random, tally):
    file = folder / "killed.toml"
    file.write_text(EXPERIMENT)
    whole = call(program, "run", file, "--results", folder / "whole")
    if whole.returncode != 0:
        tally.breaks(f"the experiment does not run: {said(whole)}")
        return
    expected = stable(folder / "whole" / "killed")
    may_mount = os.geteuid() == 0
    for fault in FAULTS[:count]:
        if fault in NEED_A_MOUNT and not may_mount:
            tally.measured.append(f"{fault.__name__.replace('_', ' ')}: skipped, needs root")
            continue
        case = folder / fault.__name__
        case.mkdir()
        try:
            problem = fault(program, file, case, expected)
        except subprocess.TimeoutExpired:
            problem = "it hangs"
        if problem:
            tally.breaks(f"{fault.__name__}: {problem}", case)
        else:
            tally.as_promised(named=True)
        tally.measured.append(fault.__name__.replace("_", " "))


@contextlib.contextmanager
def mounted(folder, size, *options):
    """A file system of its own of this size."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", ",".join([f"size={size}", *options]), "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(folder, left=65536):
    """Fills a file system except for a few bytes."""
    with open(folder / "ballast", "wb") as ballast:
        free = os.statvfs(folder)
        ballast.write(bytes(free.f_bavail * free.f_frsize - left))


def wrong(process, codes, words=()):
    """The problem with the end of a process, if any."""
    if crashed(process):
        return f"crashed: {said(process)[-300:]}"
    if process.returncode not in codes:
        return f"exit code {process.returncode} and not one of {codes}: {said(process)[-300:]}"
    silent = words and not any(word in said(process) for word in words)
    return f"says none of {words}: {said(process)[-300:]}" if silent else None


def goes_on(program, file, case, expected):
    """Whether the same command succeeds after the fault is removed. Runs whose weights could not be saved have failed: `--retry`."""
    again = call(program, "run", file, "--results", case, "--retry")
    problem = wrong(again, {0})
    return problem or (None if stable(case / "killed") == expected else "other results once the fault is gone")


def full_from_the_start(program, file, case, expected):
    with mounted(case, "8k"):
        problem = wrong(call(program, "run", file, "--results", case), {2, 3}, ["disk", "space", "full"])
    return problem or goes_on(program, file, case, expected)


def full_in_the_middle(program, file, case, expected):
    with mounted(case, "600k"):
        problem = wrong(call(program, "run", file, "--results", case), {3}, ["disk", "space", "full"])
        if problem:
            return problem
        subprocess.run(["mount", "-o", "remount,size=200m", case], check=True)
        report = call(program, "report", case / "killed")
        return wrong(report, {0, 2}) or goes_on(program, file, case, expected)


def full_while_reporting(program, file, case, expected):
    with mounted(case, "200m"):
        call(program, "run", file, "--results", case)
        shutil.rmtree(case / "killed" / "plots")
        fill(case)
        problem = wrong(call(program, "report", case / "killed"), {3}, ["cannot write"])
        (case / "ballast").unlink()
        return problem or wrong(call(program, "report", case / "killed"), {0}) or goes_on(program, file, case, expected)


def read_only(program, file, case, expected):
    with mounted(case, "200m"):
        call(program, "run", file, "--results", case)
        subprocess.run(["mount", "-o", "remount,ro", case], check=True)
        problem = wrong(call(program, "report", case / "killed"), {3}, ["cannot write", "ead-only"])
        problem = problem or wrong(call(program, "run", file, "--results", case, "--retry"), {2, 3}, ["cannot write", "ead-only", "readonly"])
        subprocess.run(["mount", "-o", "remount,rw", case], check=True)
        return problem or goes_on(program, file, case, expected)


def in_the_middle(program, file, case, change):
    """The process, whose folder is changed once it has begun."""
    words = [program, "run", file, "--results", case]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not (case / "killed" / "runs.sqlite").exists() and process.poll() is None:
        time.sleep(0.005)
    time.sleep(0.3)
    change(case / "killed")
    process.stdout, process.stderr = process.communicate(timeout=120)
    return process


def store_deleted(program, file, case, expected):
    process = in_the_middle(program, file, case, lambda folder: (folder / "runs.sqlite").unlink())
    return wrong(process, {0, 3}, ["deleted", "replaced", "gone", "no longer"]) or goes_on(program, file, case, expected)


def folder_renamed(program, file, case, expected):
    process = in_the_middle(program, file, case, lambda folder: folder.rename(folder.with_name("moved")))
    return wrong(process, {0, 3}) or goes_on(program, file, case, expected)


def foreign_files(program, file, case, expected):
    folder = case / "killed"
    for name, text in FOREIGN.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    problem = goes_on(program, file, case, expected) or wrong(call(program, "report", folder), {0})
    lost = [name for name, text in FOREIGN.items() if not (folder / name).exists() or (folder / name).read_text() != text]
    return problem or (f"foreign files are lost: {lost}" if lost else None)


def links(program, file, case, expected):
    """Links in place of our folders: nothing is written or deleted where they lead."""
    folder, mine = case / "killed", case / "mine"
    (mine / "sub" / "plots").mkdir(parents=True)
    files = ["a.png", "b.csv", "c.svg", "sub/report.md", "sub/runs.csv", "sub/plots/d.png"]
    for name in files:
        (mine / name).write_text(name)
    folder.mkdir()
    for name in ("plots", "datasets", "weights"):
        (folder / name).symlink_to(mine)
    before = {str(path.relative_to(mine)) for path in mine.rglob("*")}
    process = call(program, "run", file, "--results", case)
    after = {str(path.relative_to(mine)) for path in mine.rglob("*")}
    problem = wrong(process, {0, 2, 3}, ["link"])
    if before != after or any((mine / name).read_text() != name for name in files):
        return f"the folder behind the links has changed: {sorted(before ^ after)}"
    for name in ("plots", "datasets", "weights"):
        (folder / name).unlink()
    return problem or goes_on(program, file, case, expected)


def file_in_place_of_a_folder(program, file, case, expected):
    folder = case / "killed"
    folder.mkdir()
    (folder / "plots").write_text("mine")
    problem = wrong(call(program, "run", file, "--results", case), {2, 3}, ["plots"])
    if (folder / "plots").read_text() != "mine":
        return "the file in place of plots/ is gone"
    (folder / "plots").unlink()
    return problem or goes_on(program, file, case, expected)


def output_that_is_full(program, file, case, expected):
    with open("/dev/full", "wb") as full:
        for arguments, out, code in [
            (("run", file, "--results", case), {"stderr": full}, 0),
            (("run", file, "--results", case, "-v"), {"stderr": full}, 0),
            (("report", file, "--results", case), {"stdout": full}, 2),
            (("plan", "nosuch.toml"), {"stderr": full}, 2),
        ]:
            streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **out}
            ended = subprocess.run([program, *map(str, arguments)], check=False, timeout=120, **streams)
            if ended.returncode != code and not ("stdout" in out and ended.returncode in (2, 3)):
                return f"{arguments[0]} with {list(out)} full: exit {ended.returncode}, not {code}"
    return goes_on(program, file, case, expected)


FAULTS = [
    full_from_the_start,
    full_in_the_middle,
    full_while_reporting,
    read_only,
    store_deleted,
    folder_renamed,
    foreign_files,
    links,
    file_in_place_of_a_folder,
    output_that_is_full,
]

NEED_A_MOUNT = [full_from_the_start, full_in_the_middle, full_while_reporting, read_only]
