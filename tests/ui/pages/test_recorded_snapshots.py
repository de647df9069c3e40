"""A snapshot opened as net and sequence gives the recorded gradients."""

import numpy as np
import pytest

import rnnviz
from rnnviz.experiments.settings import Settings
from rnnviz.exports.scripts.experiment import gathered
from rnnviz.recorder.measures import Batch, measures, pooled
from rnnviz.recorder.snapshot import Snapshot
from rnnviz.ui.pages.runs.opening import opened_snapshot


def flows(net: rnnviz.Model, batch: Batch) -> list[rnnviz.GradientFlow]:
    """The flow of each example of a batch, opened."""
    kept = Snapshot(7, net, batch.x, batch.dh, batch.lengths, batch.initial, batch.final)
    found = []
    for example in range(batch.x.shape[1]):
        opened, sequence = opened_snapshot(kept, example, "a run")
        settings = Settings(net=opened, sequence=sequence, cells=(opened.cell,), loss="task")
        settings.check()
        found.append(settings.flow(opened.cell))
        assert all(one.ok for one in rnnviz.verify(found[-1].trace, settings.loss_object(
            settings.example())))  # fmt: skip
        assert gathered(settings).kind == "given", "an exported script has the gradient itself"
    return found


@pytest.mark.parametrize("final", [False, True])
def test_the_gradients_of_all_examples_together_are_the_recorded_ones(final: bool) -> None:
    rng = np.random.default_rng(0)
    net = rnnviz.build("lstm", 2, 3, num_layers=2, bidirectional=True, seed=1)
    x, dh = rng.standard_normal((9, 3, 2)), 1e-9 * rng.standard_normal((9, 3, 6))
    dh[:4] = 0
    ends = {"h": 1e-9 * rng.standard_normal((4, 3, 3))} if final else {}
    if final:
        ends["h"][:2] = 0  # only the top layer's is part of the outputs
    begin = {"h": rng.standard_normal((4, 3, 3)), "c": rng.standard_normal((4, 3, 3))}
    batch = Batch(x, dh, None, begin, ends)
    row, _, _ = measures(net, batch)
    together = flows(net, batch)
    for layer, side, place in ((0, "reverse", "0r"), (1, "forward", "1")):
        for state in "hc":
            own = np.stack([one.layer(layer, side).log10_norms(state)[:, 0] for one in together])
            whole = row[f"{place}/log10_d{state}"]
            np.testing.assert_allclose(pooled(own.T)[1:], whole[1:], atol=1e-6, rtol=0)


def test_an_example_is_opened_with_its_own_steps() -> None:
    rng = np.random.default_rng(0)
    net = rnnviz.build("gru", 2, 3, seed=1)
    batch = Batch(rng.standard_normal((5, 2, 2)), rng.standard_normal((5, 2, 3)), [5, 3])
    assert [len(one.trace.x) for one in flows(net, batch)] == [5, 3]
