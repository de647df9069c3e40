"""`rnnviz run` and `rnnviz verify`: the figures of nets, and their checks."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnviz

NET = Path(rnnviz.__path__[0], "formats", "gallery", "adding_lstm.npz")


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
