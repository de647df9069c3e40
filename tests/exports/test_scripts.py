"""Scripts of experiments: they compile, hold their numbers, and no text leaves its comment.

`tests/exports/with_torch.py` runs all of them where PyTorch and Keras are.
"""

import ast
import base64
import importlib.util
import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import rnnviz
from rnnviz.experiments.settings import Settings
from rnnviz.exports.scripts.cell_code import KERAS, TORCH, lines
from rnnviz.exports.scripts.experiment import MOST_NUMBERS, gathered
from rnnviz.exports.scripts.keras import LIBRARY as IN_KERAS
from rnnviz.exports.scripts.pytorch import LIBRARY as IN_TORCH
from tests.exports.cases import SMALL, experiments

HOSTILE = 'a\nimport os\r"""\u2028import os\x0cimport os\\' + "'" * 3 + "\n#" + "x " * 400


def data_of(script: str) -> dict[str, np.ndarray]:
    (text,) = [one.value.value for one in ast.parse(script).body  # type: ignore[attr-defined]
               if isinstance(one, ast.Assign) and one.targets[0].id == "DATA"]  # type: ignore
    with np.load(io.BytesIO(base64.b64decode(text)), allow_pickle=False) as found:
        return {name: found[name] for name in found.files}


def test_every_script_compiles_and_imports_no_rnnviz() -> None:
    for name, source, loss in experiments():
        if name.startswith(("parity", "temporal_order", "stack of l", "stack of m")):
            continue  # like others of the list
        for made in (rnnviz.as_pytorch(source, loss=loss), rnnviz.as_keras(source, loss=loss)):
            compile(made, name, "exec")
            assert "import rnnviz" not in made
            assert max(map(len, made.splitlines())) <= 150, name
            assert "{" not in made.partition("\ndef ")[0].partition("class ")[0], name


def test_nets_that_the_library_has_are_its_own() -> None:
    cells = replace(SMALL, cells=("lstm", "gru", "rnn"), cell_options=(("reset_after", True),))
    torch, keras = rnnviz.as_pytorch(cells), rnnviz.as_keras(cells)
    for one in ("nn.LSTM(2, 3)", "nn.GRU(2, 3)", "nn.RNN(2, 3, nonlinearity='tanh')"):
        assert one in torch
    for one in ("layers.LSTM(3,", "layers.GRU(3, reset_after=True,", "SimpleRNN(3, activation="):
        assert one in keras
    before = rnnviz.as_pytorch(replace(SMALL, cells=("gru",)))
    assert "nn.GRU(2" not in before
    assert "q = r * h_prev" in before


def test_the_numbers_in_a_script_are_the_record_s() -> None:
    settings = replace(SMALL, cells=("lstm",), hold=(("lstm", "o", 0.5),))
    flow, found = settings.flow("lstm"), data_of(rnnviz.as_pytorch(settings))
    np.testing.assert_array_equal(found["x"], flow.trace.x)
    np.testing.assert_allclose(found["lstm.expected.0.forward.c"],
                               10 ** flow.log10_norms("c")[1:], rtol=1e-13)  # fmt: skip
    bias = found["lstm.whole.bias_ih_l0"] + found["lstm.whole.bias_hh_l0"]
    np.testing.assert_array_equal(bias[9:], 0)  # o, held at ½
    np.testing.assert_array_equal(found["lstm.whole.weight_hh_l0"][3:6].T,
                                  flow.trace.model.parameters[0]["W_h"][:, 3:6])  # fmt: skip


def test_norms_that_no_float_holds_are_not_asked_for() -> None:
    model = rnnviz.build("rnn", 1, 1, nonlinearity="identity", gain=1e-100)
    dh = np.zeros((5, 1, 1))
    dh[3] = 1
    net = gathered(rnnviz.backprop(rnnviz.run(model, np.ones((5, 1, 1))), dh)).nets[0]
    found = net.expected["0.forward.h"][:, 0]
    assert np.isnan(found[0])
    assert found[3:].tolist() == [1, 0]


@pytest.mark.parametrize("dialect", [TORCH, KERAS])
def test_the_equations_compute_what_the_cell_computes(dialect) -> None:
    functions = SimpleNamespace(sigmoid=lambda a: 1 / (1 + np.exp(-a)), tanh=np.tanh,
                                relu=lambda a: np.maximum(a, 0))  # fmt: skip
    for name in rnnviz.CELLS:
        trace = rnnviz.run(rnnviz.build(name, 2, 3, seed=1), np.ones((3, 2)))
        net = gathered(trace).nets[0]
        scope = {"torch": functions, "ops": functions, "x": trace.x[0]}
        scope |= {f"{one}_prev": np.zeros((1, 3)) for one in trace.model.cell.states}
        scope["self"] = SimpleNamespace(**net.weights(net.layers[0]))
        exec("\n".join(lines(trace.model.cell, dialect)), scope)
        for one in trace.model.cell.states:
            np.testing.assert_allclose(scope[one], trace[one][0], rtol=1e-12, err_msg=name)


def test_no_text_leaves_its_comment() -> None:
    experiment = gathered(replace(SMALL, cells=("mingru",)))
    for library in (IN_TORCH, IN_KERAS):
        found = library.script(replace(experiment, words=HOSTILE))
        plain = library.script(replace(experiment, words="plain"))
        assert ast.dump(ast.parse(found)) == ast.dump(ast.parse(plain))


def test_a_title_is_not_taken_for_the_class() -> None:
    for title in ("class NAME", "class NAME(Cell)", "NAME", "Typed"):
        typed = rnnviz.cell_from_equations("h = tanh(x Wh + h Uh + bh)", title)
        experiment = gathered(replace(SMALL, cells=(typed,)))
        for library in (IN_TORCH, IN_KERAS):
            made = library.script(experiment)
            classes = {one.name for one in ast.parse(made).body if isinstance(one, ast.ClassDef)}
            assert "NAME" not in classes, title
            assert f"\n# {title}\n" in made
            used = {one.id for one in ast.walk(ast.parse(made)) if isinstance(one, ast.Name)}
            assert "OwnCell" in classes & used, title


def test_what_no_script_can_hold_is_refused() -> None:
    trace = rnnviz.run(rnnviz.build("lstm", 1, 800), np.ones((2, 1, 1)))
    with pytest.raises(ValueError, match=f"at most {MOST_NUMBERS:,} numbers, got 2,5"):
        rnnviz.as_pytorch(trace)
    short = rnnviz.run(rnnviz.build("rnn", 1, 2), np.ones((4, 2, 1)), lengths=[4, 2])
    with pytest.raises(ValueError, match=r"trace\.example\(k\)"):
        rnnviz.as_keras(short)
    with pytest.raises(ValueError, match="`source` must be settings"):
        rnnviz.as_pytorch(Settings)


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="PyTorch is not installed")
def test_a_script_finds_the_same_numbers(tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    path.write_text(rnnviz.as_pytorch(SMALL), "utf-8")
    assert subprocess.run([sys.executable, path], check=False).returncode == 0
