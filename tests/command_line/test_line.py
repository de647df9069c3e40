"""The command line: its usage, its exit codes, and what every command gives."""

import json
import os
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import rnnviz
from rnnviz.__main__ import main
from rnnviz.command_line import sweep as sweep_command
from rnnviz.command_line import train as train_command
from rnnviz.formats.torch_state import to_torch_state

NET = Path(rnnviz.__path__[0], "formats", "gallery", "adding_lstm.npz")
SCRIPT = """
import sys

class Nothing:
    def find_spec(self, name, *_):
        if name.split(".")[0] in {missing!r}:
            raise ModuleNotFoundError("No module named " + repr(name), name=name)

sys.meta_path.insert(0, Nothing())
from rnnviz.__main__ import main
main(["--help"])
"""


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Runs a line in an empty folder: its exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(arguments)
        return (int(left.value.code or 0), *capsys.readouterr())

    return run


def alone(missing: list[str]) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-W", "error", "-c", SCRIPT.format(missing=missing)]
    return subprocess.run(command, capture_output=True, text=True, check=False,
                          env={**os.environ, "PYTHONPATH": str(Path(rnnviz.__path__[0]).parent)})


def test_help_needs_click_alone_and_what_is_missing_is_named() -> None:
    found = alone(["numpy", "streamlit", "plotly", "pandas"])
    assert found.returncode == 0, found.stderr
    assert {"app", "run", "train", "verify", "convert"} <= set(found.stdout.split())
    without = alone(["click"])
    assert without.returncode == 1
    assert without.stderr == ("The command line needs click, which is not installed: "
                              "pip install 'rnnviz[cli]'.\n")  # fmt: skip


def test_without_a_command_the_app_opens(line: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from rnnviz.command_line import app

    asked: list[list[str]] = []
    streamlit = SimpleNamespace(main=asked.append)
    monkeypatch.setattr(app, "needed", lambda *_, **__: streamlit)
    monkeypatch.setenv("RNNVIZ_RECORDED", "")
    Path("runs").mkdir()
    for arguments in ([], ["runs", "--no-browser"], ["app", "--port", "8600"]):
        assert line(*arguments)[0] == 0
    assert "--server.headless=true" in asked[1]
    assert "--server.port=8600" in asked[2]
    assert os.environ["RNNVIZ_RECORDED"] == str(Path("runs").resolve())
    code, _, said = line("trian", "plan")
    assert code == 2
    assert "did you mean `train`?" in said
    assert line("--port", "70000")[0] == 2


def test_what_is_wrong_is_one_sentence(line: Any) -> None:
    assert line("run", "nix", "stocks")[0] == 2
    code, out, said = line("convert", "none.npz", "other.npz")
    assert (code, out, said) == (1, "", "There is no file none.npz.\n")
    code, _, said = line("run", "gru", "parity", "-H", "4000")
    assert code == 1
    assert said.startswith("T × H² = 50 × 4000²")
    with pytest.raises(ValueError, match="T × H²"):
        main(["run", "gru", "parity", "-H", "4000", "--debug"])


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


@pytest.mark.parametrize("key", ["plan", "model", "cls", "readout", "output_size"])
def test_a_plan_s_file_has_no_names_of_our_own(line: Any, key: str) -> None:
    Path("a.json").write_text(json.dumps({"task": "adding", key: {}}))
    code, _, error = line("train", "a.json")
    assert code == 1
    assert error.startswith(f"a.json: `{key}` must not be given")


def test_run_gives_the_figures_of_the_pages(line: Any) -> None:
    code, out, _ = line("run", "lstm", "stocks", "--cell", "rnn", "--json")
    assert code == 0
    lstm, rnn = json.loads(out)["nets"]
    assert lstm["layers"][0]["log10_share"] == pytest.approx(np.log10(0.084), abs=0.003)
    assert rnn["layers"][0]["log10_share"] == pytest.approx(-15.6, abs=0.05)
    Path("series.csv").write_text("a,b\n" + "1.5,2\n0.5,1\n2.5,-1\n" * 5)
    code, out, _ = line("run", str(NET), "series.csv")
    assert code == 0
    assert "of the gradient at step 15" in out
    assert [words.split() for words in out.splitlines() if words.startswith("lstm  1")]


def test_every_layer_and_direction_has_its_figures(line: Any) -> None:
    deep = rnnviz.build("gru", 2, 4, num_layers=2, bidirectional=True, output_size=1)
    rnnviz.save(deep, "deep.npz")
    found = json.loads(line("run", "deep.npz", "adding", "-T", "9", "--json")[1])
    layers = found["nets"][0]["layers"]
    assert [(one["layer"], one["direction"]) for one in layers] == [
        (1, "forward"), (1, "reverse"), (2, "forward"), (2, "reverse")]  # fmt: skip
    # The loss of the last step is the first that the reverse direction reads: nothing goes back.
    assert [one["step"] for one in layers[2:]] == [9, 1]
    assert layers[3]["log10_share"] == 0


def test_verify_leaves_with_1_where_a_check_fails(
    line: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, _ = line("verify", "gru", "--json", "-T", "8", "-H", "3")
    assert code == 0
    assert all(one["ok"] for one in json.loads(out))
    from rnnviz.analysis.verification.check import made
    from rnnviz.command_line import verify

    monkeypatch.setattr(verify, "verify_flow", lambda *_: (made("one", 0.5, 0.1, "a number"),))
    code, out, _ = line("verify", "gru", "-T", "8", "-H", "3")
    assert code == 1
    assert "WRONG" in out


def test_convert_keeps_the_weights_and_writes_no_pickle(line: Any) -> None:
    pytest.importorskip("safetensors")
    model = rnnviz.open(NET)
    assert line("convert", str(NET), "own.safetensors")[0] == 0
    again = rnnviz.open("own.safetensors")
    assert all((again.parameters[0][name] == W).all() for name, W in model.parameters[0].items())
    assert line("convert", str(NET), "torch.npz", "--names", "torch")[0] == 0
    with np.load("torch.npz") as found:
        assert {name: one.shape for name, one in found.items()} == {
            name: one.shape for name, one in to_torch_state(model).items()}  # fmt: skip
    code, _, said = line("convert", str(NET), "net.pt")
    assert code == 1
    assert len(said.rstrip().rpartition("\n\n")[2].splitlines()) == 3
    assert not Path("net.pt").exists()


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
    found = json.loads(line("train", "plan.json", "-o", "kept.npz", "--json")[1])
    whole = rnnviz.train("gru", "adding", length=8, updates=30, batch=4, hidden_size=4)
    assert found["updates"] == 30
    assert found["held_out_loss"] == whole.scores[30].loss
    code, _, said = line("train", "adding,T:8,H:4", "-o", "kept.npz")
    assert (code, "another plan" in said) == (1, True)
    assert line("train", "plan.json", "-o", "kept.npz", "--net", "net.npz")[0] == 0
    assert rnnviz.open("net.npz").hidden_size == 4


def test_the_net_is_not_written_over_the_run(line: Any) -> None:
    Path("link.npz").symlink_to("z.npz")
    short = ("train", "adding,T:5,H:2", "--updates", "1")
    for out, net in (("z.npz", "z.npz"), ("z.npz", str(Path("z.npz").absolute())),
                     ("z.npz", "link.npz"), ("", "adding_lstm.npz")):  # fmt: skip
        code, said, error = line(*short, *(("-o", out) if out else ()), "--net", net)
        assert (code, said) == (2, "")
        assert error.startswith("`--net` must be another file than the run's, ")
        assert not Path("z.npz").exists()
    assert line(*short, "-o", "z.npz", "--net", "net.npz")[0] == 0
    assert line(*short, "-o", "z.npz", "--net", "link.npz")[0] == 2


def test_a_sweep_is_written_and_taken_up_again(line: Any, monkeypatch: Any) -> None:
    pytest.importorskip("pyarrow")
    here = partial(rnnviz.sweep, executor=ThreadPoolExecutor(1))
    monkeypatch.setattr(sweep_command, "sweep", here)
    Path("bias.toml").write_text('figures = ["factor"]\n[base]\ncell = "lstm"\nT = 9\nH = 3\n'
                                 "[axes]\nforget_bias = [0.0, 2.0]\nseed = [0, 1]\n")  # fmt: skip
    found = json.loads(line("sweep", "bias.toml", "--json")[1])
    assert (found["done"], found["failed"], found["file"]) == (4, 0, "bias.parquet")
    values = rnnviz.read_sweep("bias.parquet")["factor"]
    assert found["figures"]["factor"]["largest"] == values.max()
    code, out, _ = line("sweep", "bias.toml")  # nothing is left to compute
    assert code == 0
    assert "4 of 4 points" in out
    assert line("sweep", "bias.yaml")[0] == 2
    Path("none.toml").write_text("[axes]\nH = [0]\n")
    code, _, said = line("sweep", "none.toml")
    assert (code, "`hidden_size` must be a positive integer, got 0" in said) == (1, True)
    code, _, said = line("sweep", "rnn_gain_input", "-o", "bias.parquet")
    assert (code, "bias.parquet" in said) == (1, True)


def test_reports_are_written_of_one_net_and_of_presets(line: Any) -> None:
    code, out, said = line("run", "gru", "impulse", "-T", "6", "-H", "3", "--report", "net.html",
                           "--language", "ko", "--json")  # fmt: skip
    assert code == 0
    assert json.loads(out)["steps"] == 6
    assert "net.html" in said
    text = Path("net.html").read_text("utf-8")
    assert '<html lang="ko">' in text
    code, out, _ = line("gallery", "all", "--preset", "vanishing", "--language", "en", "--json")
    assert code == 0
    assert json.loads(out)["index"] == str(Path("all", "index.html"))
    assert Path("all", "en", "vanishing.html").is_file()
    assert line("gallery", "all", "--preset", "none")[0] == 2
