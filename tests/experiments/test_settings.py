"""Settings as plain values: what they refuse, and that they decide every array."""

import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz import CELLS
from rnnviz.core.initialisation import RECURRENT
from rnnviz.experiments.settings import LOSS_PLACES, Settings
from rnnviz.experiments.settings_checks import BUDGET, MOST_CELLS, chosen_steps
from rnnviz.tasks import TASKS

ROOT = Path(__file__).resolve().parents[2]
SMALL = Settings(length=14, hidden_size=4)
ALL = Settings(
    task="copying", options=(("symbols", 3),), length=12, hidden_size=5, seed=7,
    cells=tuple(CELLS), cell_options=(("reset_after", True), ("nonlinearity", "relu")),
    init="orthogonal", scaling="radius", scale=1.2, loss="chosen", loss_at="3, 5-7",
)  # fmt: skip


def digest(settings):
    """SHA-256 of every array that the settings lead to."""
    found = hashlib.sha256()
    for cell in settings.cells:
        flow = settings.flow(cell)
        layer = flow.layers[0]
        arrays = [flow.trace.x, flow.inputs, *layer.trace.record.values(), *layer.d.values()]
        arrays += [*layer.parameters.values(), flow.log10_norms("h"), flow.loss]
        for array in arrays:
            found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()


def refusal(settings):
    with pytest.raises(ValueError, match=r".") as caught:
        settings.check()
    text = str(caught.value)
    assert text.endswith(".")
    assert "\n" not in text
    return text


def test_the_preset_is_allowed_and_is_what_the_issue_asks_for():
    Settings().check()
    assert Settings().cells == ("rnn", "lstm", "gru")
    assert Settings().forget_bias > 0


def test_settings_can_be_hashed_and_compared():
    assert hash(Settings()) == hash(Settings())
    assert len({Settings(), Settings(), ALL, replace(ALL, seed=8)}) == 3


def test_the_same_settings_are_the_same_arrays_in_another_process():
    code = (
        "from tests.experiments.test_settings import ALL, SMALL, digest\n"
        "print(digest(ALL), digest(SMALL))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [digest(ALL), digest(SMALL)]


@pytest.mark.parametrize(
    "change", [{"seed": 8}, {"scale": 1.1}, {"init": "glorot"}, {"length": 13}, {"hidden_size": 6},
               {"loss": "last"}, {"forget_bias": 0.0}, {"update_bias": 0.0},
               {"options": (("symbols", 2),)}],
)  # fmt: skip
def test_every_setting_matters(change):
    assert digest(replace(ALL, **change)) != digest(ALL)


PLACES = [place for place in LOSS_PLACES if place != "chosen"]
IN_TURN = [(task, list(CELLS)[(k + 2 * j) % len(CELLS)], PLACES[(k + j) % len(PLACES)])
           for k, task in enumerate(TASKS) for j in range(len(PLACES))]  # fmt: skip


@pytest.mark.parametrize(("task", "cell", "loss"), IN_TURN)
def test_every_task_runs_with_every_loss_and_every_cell_on_some(task, cell, loss):
    settings = replace(SMALL, task=task, cells=(cell,), loss=loss)
    if TASKS[task].length_is == "maximum":
        settings = replace(settings, length=200)
    settings.check()
    flow, example = settings.flow(cell), settings.example()
    norms = flow.log10_norms("h")[1:, 0]
    assert flow.trace.model.cell.name == cell
    assert len(norms) == len(example.x)
    assert np.isfinite(norms[settings.loss_steps(example)]).all()
    assert float(flow.loss.sum()) > 0
    assert example.loss in ("squared_error", "cross_entropy")


@pytest.mark.parametrize("scaling", ["gain", "radius"])
@pytest.mark.parametrize("init", RECURRENT)
def test_every_initialisation_runs(init, scaling):
    settings = replace(SMALL, init=init, scaling=scaling, scale=0.7, cells=("rnn",))
    W_h = settings.flow("rnn").trace.model.parameters[0]["W_h"]
    radius = np.abs(np.linalg.eigvals(W_h)).max()
    if scaling == "radius" or init in ("orthogonal", "identity"):
        assert radius == pytest.approx(0.7)


@pytest.mark.parametrize("cell", CELLS)
def test_every_option_of_every_cell_reaches_it(cell):
    for name, allowed in CELLS[cell].choices.items():
        for value in allowed:
            settings = replace(SMALL, cells=(cell,), cell_options=((name, value),))
            assert settings.flow(cell).trace.model.cell.options[name] == value


@pytest.mark.parametrize("cell", CELLS)
def test_a_bias_is_set_on_its_gate(cell):
    flow = replace(SMALL, forget_bias=1.25, update_bias=-0.5).flow(cell)
    kind, b = flow.trace.model.cell, flow.trace.model.parameters[0]["b"]
    for name, value in {"forget_bias": 1.25, "update_bias": -0.5}.items():
        if name in kind.bias_blocks:
            np.testing.assert_array_equal(kind.block(kind.bias_blocks[name], b), value)


def test_the_loss_sits_where_it_is_put():
    example = SMALL.example()
    places = {
        "last": [14], "every": list(range(1, 15)),
        "task": list(np.flatnonzero(example.mask) + 1), "chosen": [3, 5, 6, 7],
    }  # fmt: skip
    for loss, steps in places.items():
        settings = replace(SMALL, loss=loss, loss_at="3, 5-7")
        assert list(np.flatnonzero(settings.loss_steps(example)) + 1) == steps
        terms = settings.flow("gru").loss[:, 0]
        assert set(np.flatnonzero(terms) + 1) <= set(steps)


@pytest.mark.parametrize(("steps", "size"), [(500, 128), (500, 64), (123, 128), (250, 90)])
def test_what_is_too_heavy_is_refused_with_numbers_that_help(steps, size):
    settings = Settings(task="impulse", length=steps, hidden_size=size)
    text = refusal(settings)
    work = f"{steps} × {size}² = {steps * size**2:,}"
    assert work in text
    assert f"{BUDGET:,}" in text
    fewer, smaller = map(int, re.search(r"lower T to (\d+) or H to (\d+)", text).groups())
    replace(settings, length=fewer).check()
    replace(settings, hidden_size=smaller).check()
    refusal(replace(settings, length=fewer + 1))
    refusal(replace(settings, hidden_size=smaller + 1))


def test_the_limit_itself_is_allowed():
    Settings(task="impulse", length=500, hidden_size=63).check()
    assert 500 * 63**2 <= BUDGET < 500 * 64**2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cells": ()}, "0"),
        ({"cells": ("rnn",) * (MOST_CELLS + 1)}, str(MOST_CELLS + 1)),
        ({"length": 105}, "104"),
        ({"length": 0}, "got 0"),
        ({"task": "copying", "length": 10}, "11"),
        ({"task": "sentence", "options": (("text", ""),)}, "text"),
        ({"loss": "chosen"}, "50"),
        ({"loss": "chosen", "loss_at": "51"}, "51"),
        ({"task": "impulse", "options": (("amplitude", 101.0),)}, "100"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_one_sentence_with_its_number(change, words):
    assert words in refusal(replace(Settings(), **change))


def test_in_words_names_what_decides_the_picture():
    text = ALL.in_words()
    for part in ("Copy task", "T = 12", "H = 5", "seed 7", "“Orthogonal W_h”", "ρ(W_h) 1.2"):
        assert part in text


pieces = st.lists(
    st.tuples(st.integers(1, 60), st.integers(0, 20)).map(lambda p: (p[0], min(p[0] + p[1], 60))),
    min_size=1, max_size=6,
)  # fmt: skip


@given(pieces, st.sampled_from(["-", "–", " - ", " –"]), st.sampled_from([",", ", ", " , ", ",,"]))
def test_steps_are_read_as_numbers_and_ranges(ranges, dash, comma):
    text = comma.join(str(a) if a == b else f"{a}{dash}{b}" for a, b in ranges)
    wanted = {t for a, b in ranges for t in range(a, b + 1)}
    mask = chosen_steps(text, 60)
    assert mask.shape == (60,)
    assert mask.dtype == bool
    assert set(np.flatnonzero(mask) + 1) == wanted


@given(st.sets(st.integers(1, 30), min_size=1))
def test_a_mask_survives_being_written_down(steps):
    ordered = sorted(steps)
    runs = [[ordered[0]]]
    for a, b in pairwise(ordered):
        runs.append([b]) if b > a + 1 else runs[-1].append(b)
    text = ", ".join(f"{run[0]}-{run[-1]}" for run in runs)
    assert set(np.flatnonzero(chosen_steps(text, 30)) + 1) == steps


@given(st.text(max_size=30), st.integers(1, 40))
def test_any_text_is_read_or_refused_in_a_sentence(text, length):
    said = ""
    try:
        mask = chosen_steps(text, length)
    except ValueError as refused:
        said = str(refused)
    if said:
        assert f"1 … {length}" in said
        assert said.endswith(".")
    else:
        assert mask.any()
        assert mask.shape == (length,)


@pytest.mark.parametrize(
    "text", ["", " ", ",", "0", "61", "5-4", "-3", "3-", "1-61", "1.5", "1e1", "a", "1 2",
             "99999999999", "1--2", "٣٠٠", "²"],
)  # fmt: skip
def test_steps_that_are_none_are_refused(text):
    with pytest.raises(ValueError, match="1 … 60"):
        chosen_steps(text, 60)
