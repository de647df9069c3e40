"""The command line: its usage, its exit codes, its streams, and what the shell completes."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import rnnviz
from rnnviz.__main__ import main
from rnnviz.command_line.line import COMMANDS, commands

SCRIPT = """
import sys

class Nothing:
    def find_spec(self, name, *_):
        if name.split(".")[0] in {missing!r}:
            raise ModuleNotFoundError("No module named " + repr(name), name=name)

sys.meta_path.insert(0, Nothing())
from rnnviz.__main__ import main
main({arguments!r})
"""


def alone(
    missing: list[str], arguments: tuple[str, ...] = ("--help",)
) -> "subprocess.CompletedProcess[str]":
    script = SCRIPT.format(missing=missing, arguments=arguments)
    command = [sys.executable, "-W", "error", "-c", script]
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
    app = alone(["click"], ())
    assert app.stderr == ("The app needs click, which is not installed: "
                          "pip install 'rnnviz[app]'.\n")  # fmt: skip


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
    assert line("")[0] == 2
    code, _, said = line("run", "gru", "parity", "-H", "4000")
    assert code == 1
    assert said.startswith("T × H² = 50 × 4000²")
    for given in (("run", "gru", "parity", "-H", "4000", "--debug"),
                  ("--debug", "run", "gru", "parity", "-H", "4000")):  # fmt: skip
        with pytest.raises(ValueError, match="T × H²"):
            main(given)
