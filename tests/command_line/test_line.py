"""The command line: its usage, its exit codes, and what every command gives."""

import json
import os
import socket
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
from rnnviz.command_line.line import COMMANDS, commands
from rnnviz.formats import keras_file
from rnnviz.formats.torch_state import to_torch_state
from tests.formats.opened import DATA, here

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


def test_a_pipe_that_is_closed_and_a_full_disk_have_exit_codes_of_their_own() -> None:
    command = [sys.executable, "-m", "rnnviz", "--help"]
    reader, writer = os.pipe()
    os.close(reader)
    places = (writer, 141, ""), (os.open("/dev/full", os.O_WRONLY), 1, "Standard output: No space")
    for place, code, words in places:
        found = subprocess.run(command, stdout=place, stderr=subprocess.PIPE, text=True,
                               check=False, cwd=Path(rnnviz.__path__[0]).parent)  # fmt: skip
        os.close(place)
        assert found.returncode == code
        assert found.stderr.startswith(words)
        assert found.stderr.count("\n") == bool(words)


def test_the_shell_completes_commands_names_and_files() -> None:
    from click.shell_completion import BashComplete

    def completed(*given: str) -> list[str]:
        *words, last = given
        shell = BashComplete(commands, {}, "rnnviz", "_RNNVIZ_COMPLETE")
        return [item.value if item.type == "plain" else item.type
                for item in shell.get_completions(words, last)]  # fmt: skip

    assert completed("") == list(COMMANDS)
    assert completed("run", "ls") == ["file", "lstm", "lstm_1997"]
    assert completed("run", "lstm", "st") == ["file", "stocks"]
    assert completed("run", "lstm", "stocks", "--cell", "gr") == ["gru"]
    assert completed("train", "add") == ["file", "adding"]
    assert completed("train", "adding", "--cell", "gr") == ["gru"]
    assert completed("sweep", "rnn") == ["file", "rnn_gain_input"]
    assert completed("gallery", "out", "--preset", "van") == ["vanishing"]
    assert completed("convert", "net") == ["file"]
    assert "--report" in completed("run", "lstm", "stocks", "--")


def test_without_a_command_the_app_opens(line: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from rnnviz.command_line import app

    asked: list[list[str]] = []
    streamlit = SimpleNamespace(main=lambda given, **_: asked.append(given))
    monkeypatch.setattr(app, "needed", lambda *_, **__: streamlit)
    monkeypatch.setattr(app, "refuse_taken", lambda *_: None)
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
    monkeypatch.undo()
    monkeypatch.setattr(app, "needed", lambda *_, **__: streamlit)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, _, said = line("app", "--port", str(port))
    assert (code, said.count("\n")) == (1, 1)
    assert said.startswith(f"The app cannot be served at 127.0.0.1, port {port}: Address already")
    assert line("app", "--address", "no.such.host.invalid")[0] == 1
    assert len(asked) == 3


def test_what_is_wrong_is_one_sentence(line: Any) -> None:
    for given, code, words in (
        (("run", "lstn", "stocks"), 2, "did you mean 'lstm'? See `"),
        (("run", "lstm", "stock"), 2, "did you mean 'stocks'? See `"),
        (("run", "lstm", ""), 2, "SEQUENCE must be a file"),
        (("run", "none.npz", "stocks"), 1, "There is no file none.npz.\n"),
        (("run", "lstm", "nowhere/series"), 1, "There is no file nowhere/series.\n"),
        (("run", ".", "stocks"), 1, "directory"),
        (("run", "own:x", "stocks"), 1, "is no cell"),
        (("run", "x" * 5000, "stocks"), 1, "x: File name too long.\n"),
        (("run", "/dev/zero", "stocks"), 1, "/dev/zero must have at most 64 MB, got more.\n"),
        (("train", "addin,T:5"), 2, "did you mean 'adding'? See `"),
        (("train", "adding,T:x"), 2, "`T` must be a whole number, got 'x'"),
        (("train", "adding,Q:1"), 2, "'Q' must be one of T, U,"),
        (("train", "adding,T:5,T:6"), 2, "`T` must be given once, got '5' and '6'"),
        (("train", "adding,T"), 2, "After the task must come KEY:VALUE, got 'T'"),
        (("sweep", "rnn_gain_imput"), 2, "did you mean 'rnn_gain_input'? See `"),
    ):
        found = line(*given)
        assert found[:2] == (code, "")
        assert words in found[2]
        assert found[2].count("\n") == 1
        assert len(found[2]) < 500
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
    for wrong in ("net.keras", "net.h5", "net", ".npz"):
        code, _, said = line("convert", str(NET), wrong)
        assert (code, ".npz, .safetensors or .weights.h5" in said) == (2, True)
    Path("own.npz").write_bytes(NET.read_bytes())
    assert line("convert", "own.npz", "own.npz")[0] == 2


def test_convert_writes_the_weights_that_keras_writes(
    line: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    h5py = pytest.importorskip("h5py")
    monkeypatch.setattr(keras_file, "decoded", here)

    def datasets(file: str) -> dict[str, Any]:
        found = {}
        with h5py.File(file) as opened:
            opened.visititems(lambda name, one: found.update({name: np.array(one)})
                              if isinstance(one, h5py.Dataset) else None)  # fmt: skip
        return found

    Path("theirs.weights.h5").write_bytes(DATA["stack/file.weights.h5"].tobytes())
    code, out, _ = line("convert", "theirs.weights.h5", "ours.weights.h5", "--net",
                        "lstm → lstm_1")  # fmt: skip
    assert code == 0
    compile(out, "lines", "exec")
    assert out.rstrip().endswith("model.load_weights('ours.weights.h5')")
    theirs, ours = datasets("theirs.weights.h5"), datasets("ours.weights.h5")
    assert theirs.keys() == ours.keys()
    assert all(np.array_equal(theirs[name], ours[name]) for name in theirs)
    both = rnnviz.build("gru", 2, 3, num_layers=2, bidirectional=True, reset_after=True)
    rnnviz.save(both, "both.npz")
    code, out, _ = line("convert", "both.npz", "both.weights.h5")
    assert out.count("Bidirectional(keras.layers.GRU(3, reset_after=True, return_seq") == 2
    assert list(datasets("both.weights.h5")) == [
        f"layers/bidirectional{layer}/{side}_layer/cell/vars/{k}"
        for layer in ("", "_1") for side in ("backward", "forward") for k in range(3)]  # fmt: skip
    again = rnnviz.open("both.weights.h5", net="bidirectional → bidirectional_1")
    for old, new in zip(both.parameters, again.parameters, strict=True):
        assert all(np.array_equal(new[name], W) for name, W in old.items())
    rnnviz.save(rnnviz.build("lstm", 2, 3, hold={"f": 1.0}), "held.npz")
    for out in ("held.weights.h5", "keras.npz"):
        code, _, said = line("convert", "held.npz", out, "--names", "keras")
        assert (code, "one that Keras has" in said) == (1, True)


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


def test_the_net_is_not_written_over_the_run(line: Any) -> None:
    Path("link.npz").symlink_to("z.npz")
    short = ("train", "adding,T:5,H:2", "--updates", "1")
    for out, net in (("z.npz", "z.npz"), ("z.npz", str(Path("z.npz").absolute())),
                     ("z.npz", "link.npz"), ("", "adding_lstm.npz")):  # fmt: skip
        code, said, error = line(*short, *(("-o", out) if out else ()), "--net", net)
        assert (code, said) == (2, "")
        assert error.startswith("`--net` must be another file than ")
        assert not Path("z.npz").exists()
    assert line(*short, "-o", "z.npz", "--net", "net.npz")[0] == 0
    assert line(*short, "-o", "z.npz", "--net", "link.npz")[0] == 2
    assert line(*short, "-o", "link.npz")[0] == 0
    assert Path("link.npz").is_symlink()


WRITING = {
    "x.html": ("run", "lstm", "stocks", "--report"),
    "x.npz": ("train", "adding,T:5,H:2", "--updates", "1", "--out"),
    "y.npz": ("train", "adding,T:5,H:2", "--updates", "1", "--net"),
    "x.parquet": ("sweep", "rnn_gain_input", "--out"),
    "x.safetensors": ("convert", str(NET)),
    "gallery": ("gallery",),
}


def test_where_nothing_can_be_written_is_told_before_anything_is_computed(
    line: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rnnviz.command_line import run

    computed: list[str] = []
    monkeypatch.setattr(run, "figures", computed.append)
    monkeypatch.setattr(sweep_command, "sweep", computed.append)
    monkeypatch.setattr(train_command, "trained", computed.append)
    monkeypatch.setattr("rnnviz.reports.gallery.gallery", computed.append)
    Path("file").touch()
    for name, command in WRITING.items():
        Path("folder", name).mkdir(parents=True)
        places = [f"file/{name}", "file/deep/" + name]
        places += [] if name == "gallery" else [f"folder/{name}"]
        for place in [*places, *([] if name == "gallery" else [f"{name}.other"])]:
            code, out, said = line(*command, place)
            assert (code, out) == (1 if place in places else 2, ""), (place, said)
            assert said.count("\n") == 1
            assert place.partition("/")[0] in said
    assert not computed
    assert not list(Path("folder").glob("**/*.*/*"))


def test_missing_folders_are_made_and_named(line: Any) -> None:
    code, out, said = line("run", "rnn", "impulse", "-T", "6", "-H", "3", "--json", "--report",
                           "new one/é/net.html")  # fmt: skip
    assert code == 0
    assert json.loads(out)["steps"] == 6
    assert said.splitlines()[0] == "Made the folder new one/é."
    assert [one.name for one in Path("new one", "é").iterdir()] == ["net.html"]
    code, _, said = line("convert", str(NET), "deep/net.npz")
    assert (code, said.splitlines()[0]) == (0, "Made the folder deep.")


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
    code, out, said = line("sweep", "bias.toml")  # nothing is left to compute
    assert code == 0
    assert said.startswith("Resumed: 4 of 4 points were there.\n")
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
