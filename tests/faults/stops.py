"""Signals and time limits at every stage of a run: the program ends soon, and finished runs are kept."""

import signal
import subprocess
import time

from case import call, crashed, said

# Each stage takes minutes if nothing ends it: a data set, [train], more sections.
STAGES = {
    "training": ("spirals = { samples = 2000 }", 'epochs = 1000000\nevaluate_every = 1000000', ""),
    "evaluations": ("spirals = { samples = 200000 }", 'epochs = 1000000\nbatch_size = "full"', ""),
    "sharpness": ("spirals = { samples = 400000 }", 'epochs = 1\nbatch_size = "full"', '[probe]\nmeasure = ["sharpness"]'),
    "hessian_spectrum": ("spirals = { samples = 400000 }", 'epochs = 1\nbatch_size = "full"', '[probe]\nmeasure = ["hessian_spectrum"]'),
    "layers": ("spirals = { samples = 400000 }", 'epochs = 100000\nbatch_size = "full"', '[probe]\nmeasure = ["gradient_norm", "delta_rms"]\nevery = 1'),
    "gradient_check": ("spirals = { samples = 200000 }", 'batch_size = "full"', '[check]\nscheme = "central"'),
}

# The promised time, and the most that a busy machine adds.
PROMISED, ALLOWED = 0.5, 2.0


def experiment(stage, limit):
    data, train, more = STAGES[stage]
    kind = 'kind = "gradient_check"\n' if stage == "gradient_check" else ""
    # All eigenvalues are measured of small networks alone.
    widths = "[16, 16]" if stage == "hessian_spectrum" else "[32, 32]"
    limit = f"\ntime_limit = {limit}" if limit else ""
    return f"""question = "How soon does it end?"
{kind}seeds = 1
[data]
dataset = {{ {data} }}
validation = 0
test = 0
[model]
architecture = {widths}
activation = "tanh"
[train]
{train}{limit}
{more}
"""


def write(folder, stage, limit):
    file = folder / f"{stage}.toml"
    file.write_text(experiment(stage, limit))
    return file


def limits(program, folder, count, random, tally):
    """How long after its limit a run ends, at each stage."""
    for stage in list(STAGES)[:count]:
        limit = 1.0
        begin = time.monotonic()
        try:
            ran = call(program, "run", write(folder, stage, limit), "--results", folder / "limits", timeout=60)
        except subprocess.TimeoutExpired:
            tally.breaks(f"{stage}: had not ended a minute after its limit")
            continue
        late = time.monotonic() - begin - limit
        if ran.returncode != 3 or b"timed out" not in ran.stdout + ran.stderr:
            tally.breaks(f"{stage}: exit {ran.returncode}: {said(ran)[-200:]}")
        elif late > ALLOWED:
            tally.breaks(f"{stage}: ended {late:.1f} s after its limit")
        else:
            tally.as_promised(named=True)
        tally.measured.append(f"{stage} {late:.2f} s")


def signals(program, folder, count, random, tally):
    """How long after SIGINT or SIGTERM the program ends."""
    slowest = 0.0
    for index in range(count):
        stage = list(STAGES)[index % len(STAGES)]
        sent = [signal.SIGINT, signal.SIGTERM][index // len(STAGES) % 2]
        words = [program, "run", write(folder, stage, None), "--results", folder / f"signals-{index}"]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(random.uniform(0.05, 2.0))
        begin = time.monotonic()
        process.send_signal(sent)
        try:
            process.stdout_text, process.stderr_text = process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            tally.breaks(f"{stage}: had not ended a minute after {sent.name}")
            continue
        seconds = time.monotonic() - begin
        slowest = max(slowest, seconds)
        # A signal that comes before the program listens ends it at once.
        if process.returncode not in (130, -sent):
            tally.breaks(f"{stage}: exit {process.returncode} after {sent.name}: {process.stderr_text[-200:]}")
        elif seconds > ALLOWED:
            tally.breaks(f"{stage}: ended {seconds:.1f} s after {sent.name}")
        else:
            tally.as_promised(named=process.returncode == 130)
    tally.measured.append(f"slowest {slowest:.2f} s")
