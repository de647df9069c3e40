"""Runs kept in a folder: another process goes on from them; what is damaged or brought is not kept.
"""  # fmt: skip

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rnnviz import training
from rnnviz.training.background import Workers
from rnnviz.training.jobs import Job
from rnnviz.training.plan import Plan
from rnnviz.training.run_folder import RunFolder, folder, own

JOB = Job.of("rnn", Plan("adding", 8, updates=100_000), 4)
SHORT = replace(JOB, plan=replace(JOB.plan, updates=20))
KILLED = """
import sys, time
from pathlib import Path
from rnnviz.training import background
from tests.training.test_run_folder import JOB
background.WRITE_EVERY = 0.2
workers = background.Workers(1, background.RunFolder(Path(sys.argv[1])))
workers.ask("a", JOB)
time.sleep(60)
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_another_process_goes_on_where_a_killed_one_stood(tmp_path):
    root = Path(__file__).parents[2]
    process = subprocess.Popen([sys.executable, "-c", KILLED, tmp_path], cwd=root)
    kept, end = RunFolder(tmp_path), time.monotonic() + 60
    while (found := kept.find(JOB)) is None or not found[0].done:
        assert time.monotonic() < end
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    workers = Workers(1, kept)
    seen = workers.ask("b", JOB, found[0].done)
    assert seen.run.done >= found[0].done > 0, "nothing is trained anew"
    assert seen.seconds > 0
    workers.ask("b", JOB, after := seen.run.done + 5)
    while (run := workers.see("b", JOB).run).done < after:
        assert time.monotonic() < end
        workers.wait(0.1)
    workers.close()
    n = min(after, 300)
    *_, here = (one for one, _ in zip(training.steps(JOB.begin(), 1), range(n), strict=False))
    np.testing.assert_array_equal(run.loss[:n], here.loss)
    assert kept.find(JOB)[0].done >= after


def test_a_run_comes_back_with_its_measures_and_a_damaged_file_is_none(tmp_path):
    kept, run = RunFolder(tmp_path), training.resume(SHORT.begin())
    for update in run.vectors:
        run.gradients[update], run.gates[update], run.scores[update]
    kept.keep(SHORT, run, 1.5)
    again, seconds = kept.find(SHORT)
    assert seconds == 1.5
    assert again.state.weights.tobytes() == run.state.weights.tobytes()
    assert again.measures.known["scores"] == run.measures.known["scores"]
    assert kept.find(JOB) is None
    (file,) = tmp_path.iterdir()
    body = file.read_bytes()
    for damaged in (b"", body[: len(body) // 2], body[:200] + b"x" * 200 + body[400:]):
        file.write_bytes(damaged)
        assert kept.find(SHORT) is None
    other = training.resume(replace(SHORT, plan=replace(SHORT.plan, seed=1)).begin())
    kept.keep(SHORT, other, 1.0)
    assert kept.find(SHORT) is None, "the file of another job under this one's name"


def test_the_oldest_runs_go_and_nothing_that_people_bring_is_written(tmp_path):
    kept, runs = RunFolder(tmp_path), [replace(SHORT, hidden_size=n) for n in (3, 4, 5)]
    (tmp_path / "theirs.npz").write_bytes(b"x" * 10)
    for age, job in zip((30, 20, 10), runs, strict=True):
        kept.keep(job, training.resume(job.begin()), 1.0)
        for file in tmp_path.glob("run-*"):
            if file.stat().st_mtime > time.time() - 5:
                os.utime(file, (time.time() - age,) * 2)
    kept.most = sum(file.stat().st_size for file in tmp_path.glob("run-*")) - 1
    kept.keep(runs[2], training.resume(runs[2].begin()), 1.0)
    assert (tmp_path / "theirs.npz").exists()
    assert [kept.find(job) is not None for job in runs] == [False, True, True]
    typed = Job.of("rnn", Plan("sentence", options=(("text", "my own"),), updates=5), 4)
    assert own(Job.of("rnn", Plan("sentence", updates=5), 4))
    assert not own(typed)
    assert not own(replace(SHORT, cell="own:h=x"))
    kept.keep(typed, training.resume(typed.begin()), 1.0)
    assert kept.find(typed) is None


def test_where_runs_are_kept_can_be_chosen_or_switched_off():
    assert folder({"RNNVIZ_RUNS": "off"}) is None
    assert folder({"RNNVIZ_RUNS": "/somewhere"}).path == Path("/somewhere")
    assert folder({}).path.parts[-2:] == ("rnnviz", "runs")
