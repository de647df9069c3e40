"""Settings with layers and directions: one layer is the model of the other pages; the budget."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import rnnviz
from rnnviz.core.initialisation import RECURRENT
from rnnviz.core.weight_edits import Edit
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.stacked_settings import Stacked

ASKED = [Settings(length=12, hidden_size=4, init=init) for init in RECURRENT] + [
    Settings(length=12, hidden_size=4, scaling="radius", scale=0.7, loss="every"),
    Settings(task="copying", length=15, hidden_size=3, forget_bias=-1, update_bias=2),
    Settings(length=12, hidden_size=4, cell_options=(("reset_after", True),),
             edits=(Edit("gru", "W_h", (1, 2), 2.5), Edit("rnn", "b", (0,), -1.0))),
]  # fmt: skip


EDITED = [(ASKED[-1], cell) for cell in ("rnn", "gru")]
"""The cells whose weights are edited."""


@pytest.mark.parametrize(
    ("settings", "cell"),
    [*((ASKED[k % len(ASKED)], cell) for k, cell in enumerate([*rnnviz.CELLS] * 2)), *EDITED],
)
def test_one_layer_is_the_model_of_the_other_pages(settings: Settings, cell: str) -> None:
    wanted, found = settings.flow(cell), Stacked.of(settings, 1, False).flow(cell)
    np.testing.assert_array_equal(found.trace.outputs, wanted.trace.outputs)
    np.testing.assert_array_equal(found.outputs, wanted.outputs)
    for name, one in wanted.parameters[0].items():
        np.testing.assert_array_equal(found.parameters[0][name], one)
    more = Stacked.of(settings, 3, False).model(cell)
    for name, one in wanted.trace.model.parameters[0].items():
        np.testing.assert_array_equal(more.parameters[0][name], one)
    both = Stacked.of(settings, 2, True)
    for edit in settings.edits:
        if edit.cell == cell:
            assert both.model(cell).parameters[0][edit.parameter][edit.index] == edit.value
    assert len(both.flow(cell).layers) == 4


def test_the_budget_counts_layers_and_directions() -> None:
    fits = Settings(task="impulse", length=500, hidden_size=22)
    Stacked.of(fits, 4, True).check()
    asked = Stacked.of(replace(fits, hidden_size=23), 4, True)
    with pytest.raises(ValueError, match=r"left out: T × H².* = 2,116,000 is above") as said:
        asked.check()
    assert "Lower T to 472, H to 22, or layers × directions to 7." in str(said.value)
    assert "layers = 4, two directions" in str(asked.in_words())
