"""Where files are written, and that nothing is computed where they cannot be."""

import json
from pathlib import Path
from typing import Any

import pytest

import rnnviz
from rnnviz.command_line import sweep as sweep_command
from rnnviz.command_line import train as train_command

NET = Path(rnnviz.__path__[0], "formats", "gallery", "adding_lstm.npz")


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
    monkeypatch.setattr(sweep_command, "completed", computed.append)
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
