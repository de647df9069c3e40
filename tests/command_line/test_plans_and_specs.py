"""`rnnviz train` and `rnnviz sweep`: what their files say, and runs that go on."""

import json
import tomllib
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from time import sleep
from typing import Any

import pytest

import rnnviz
from rnnviz.command_line import sweep as sweep_command
from rnnviz.command_line import train as train_command
from rnnviz.sweeps.sweeping import completed


@pytest.mark.parametrize("command", ["train", "sweep"])
@pytest.mark.parametrize(("file", "content", "said"), [
    ("a.json", b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "so many lists or tables"),
    ("a.toml", b"a = " + b"[" * 100_000 + b"]" * 100_000, "so many lists or tables"),
    ("a.json", b'{"a": ' + b"9" * 5000 + b"}", "integers of at most 4,300 digits"),
    ("a.toml", b"a = " + b"9" * 5000, "integers of at most 4,300 digits"),
    ("a.json", b'{"name": "\\ud800"}', "texts that UTF-8 can hold, got '\\ud800'"),
    ("a.toml", b'name = "\xff"', "text in UTF-8, got the byte 0xff after 8 others"),
    ("a.json", b"5", "must hold names with values, got int"),
    ("a.json", b"{", "is no JSON"),
    ("a.toml", b"figures = 5\nplan = 5\naxes.seed = [1]", "plan"),
])  # fmt: skip
def test_a_file_that_is_wrong_is_named(
    line: Any, command: str, file: str, content: bytes, said: str
) -> None:
    Path(file).write_bytes(content)
    code, out, error = line(command, file)
    assert (code, out) == (1, "")
    assert error.startswith(file)
    assert said in error
    assert error.endswith(".\n")
    assert error.count("\n") == 1


def test_a_plan_s_file_names_its_wrong_key(line: Any) -> None:
    for given, words in (
        *(({key: {}}, f"`{key}` must not be given")
          for key in ("plan", "model", "cls", "readout", "output_size")),
        ({"lenght": 5}, "A plan with the cell 'lstm' has no key 'lenght'; did you mean 'length'?"),
        ({"cell": "gru", "peephole": 1}, "A plan with the cell 'gru' has no key 'peephole'"),
        ({"cell": "lstn"}, "`cell` must be one of"), ({"init": "chrono"}, "`longest` must be"),
        ({"rate": 0}, "`rate` must be above zero"), ({"hold": [5]}, "`hold` must map"),
    ):  # fmt: skip
        Path("a.json").write_text(json.dumps({"task": "adding", **given}))
        code, _, error = line("train", "a.json")
        assert code == 1
        assert error.startswith(f"a.json: {words}")


def test_training_goes_on_from_its_file(line: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("plan.toml").write_text('task = "adding"\nlength = 8\nupdates = 30\nbatch = 4\n'
                                 'cell = "gru"\nhidden_size = 4\nforget_bias = 1\n')  # fmt: skip
    code, _, said = line("train", "plan.toml")
    assert (code, "forget_bias" in said) == (1, True)
    told = tomllib.loads(Path("plan.toml").read_text())
    del told["forget_bias"]
    Path("plan.json").write_text(json.dumps(told))

    def interrupted(*arguments: Any) -> Any:
        for count, run in enumerate(steps(*arguments)):
            yield run
            if count == 11:
                raise KeyboardInterrupt

    steps = train_command.steps
    monkeypatch.setattr(train_command, "steps", interrupted)
    code, out, said = line("train", "plan.json", "-o", "kept.npz")
    assert (code, out) == (130, "")
    assert "12 of 30 updates are in kept.npz" in said
    monkeypatch.setattr(train_command, "steps", steps)
    code, out, said = line("train", "plan.json", "-o", "kept.npz", "--json")
    assert "Resumed: 12 of 30 updates were there.\n" in said
    found = json.loads(out)
    whole = rnnviz.train("gru", "adding", length=8, updates=30, batch=4, hidden_size=4)
    assert found["updates"] == 30
    assert found["held_out_loss"] == whole.scores[30].loss
    code, _, said = line("train", "adding,T:8,H:4", "-o", "kept.npz")
    assert (code, "another plan" in said) == (1, True)
    Path("not.npz").write_bytes(b"a,b")
    code, _, said = line("train", "plan.json", "-o", "not.npz")
    assert (code, said.startswith("not.npz is there and holds no run")) == (1, True)
    assert line("train", "plan.json", "-o", "kept.npz", "--net", "net.npz")[0] == 0
    assert rnnviz.open("net.npz").hidden_size == 4
    code, _, said = line("run", "kept.npz", "adding")
    assert (code, said.startswith("kept.npz holds a training run, not a net")) == (1, True)


def test_a_sweep_is_written_and_taken_up_again(line: Any, monkeypatch: Any) -> None:
    pytest.importorskip("pyarrow")
    here = partial(completed, executor=ThreadPoolExecutor(1))
    monkeypatch.setattr(sweep_command, "completed", here)
    Path("bias.toml").write_text('figures = ["factor"]\n[base]\ncell = "lstm"\nT = 9\nH = 3\n'
                                 "[axes]\nforget_bias = [0.0, 2.0]\nseed = [0, 1]\n")  # fmt: skip
    found = json.loads(line("sweep", "bias.toml", "--json")[1])
    assert (found["done"], found["failed"], found["file"]) == (4, 0, "bias.parquet")
    values = rnnviz.read_sweep("bias.parquet")["factor"]
    assert found["figures"]["factor"]["largest"] == values.max()
    code, out, said = line("sweep", "bias.toml")  # nothing is left to compute
    assert code == 0
    assert said.startswith("Resumed: 4 of 4 points were there.\n")
    assert "4 of 4 points" in out
    assert line("sweep", "bias.yaml")[0] == 2
    Path("none.toml").write_text("[axes]\nH = [0]\n")
    for more in ((), ("--json",)):
        code, out, said = line("sweep", "none.toml", *more)
        assert (code, "`hidden_size` must be a positive integer, got 0" in said) == (1, True)
    assert json.loads(out)["failed"] == 1
    code, _, said = line("sweep", "rnn_gain_input", "-o", "bias.parquet")
    assert (code, "bias.parquet" in said) == (1, True)
    silent = partial(completed, executor=ThreadPoolExecutor(1, initializer=sleep, initargs=(0.2,)))
    monkeypatch.setattr(sweep_command, "completed", partial(silent, patience=0.01))
    code, _, said = line("sweep", "none.toml", "-o", "other.parquet")
    assert (code, "No worker of the executor has answered within 0.01 s" in said) == (1, True)
    assert "mistake in rnnviz" not in said
