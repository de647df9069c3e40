"""The live checks of stacks hold for every cell and notice what is wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rnnviz.analysis.verification.stack_checks import layer_checks
from tests.analysis.test_stacks import deep
from tests.oracle import NAMES, VARIANTS


@pytest.mark.parametrize(("cell", "options"), VARIANTS, ids=NAMES)
def test_checks_hold_for_every_cell(cell: str, options: dict) -> None:
    flow, _ = deep(cell, **options)
    checks = layer_checks(flow)
    assert all(one.ok for one in checks), [one for one in checks if not one.ok]
    names = [f"layer {layer} {direction}" for _, layer, direction in flow.trace.model.places()]
    assert [one.name for one in checks] == [
        *names, "handed on", "readings", "handed", "inputs", "paths",
    ]  # fmt: skip


def test_checks_notice_what_is_wrong() -> None:
    flow, _ = deep("rnn")
    wrong = replace(flow.layers[1], d={**flow.layers[1].d, "da": 1.01 * flow.layers[1].d["da"]})
    layers = (flow.layers[0], wrong, *flow.layers[2:])
    failed = {one.name for one in layer_checks(replace(flow, layers=layers)) if not one.ok}
    assert failed == {"inputs"}
    late = {**flow.layers[2].d, "dh_all": flow.layers[2].d["dh_all"][::-1]}
    layers = (*flow.layers[:2], replace(flow.layers[2], d=late), *flow.layers[3:])
    failed = {one.name for one in layer_checks(replace(flow, layers=layers)) if not one.ok}
    assert failed == {"readings", "handed"}
    stray = replace(flow, outputs=np.zeros_like(flow.outputs))
    assert not layer_checks(stray)[-1].ok
