"""Changes that help or break: what was promised is found again, in another way, for every one."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz import CELLS
from rnnviz.advice import measured
from rnnviz.core.initialisation import RECURRENT
from rnnviz.core.weight_edits import Edit
from rnnviz.experiments import remedies
from rnnviz.experiments.presets import PRESETS
from rnnviz.experiments.remedies import Left, Tried
from rnnviz.experiments.settings import Settings

SMALL = 50
ROUNDING = (-1e-9, 0, 1e-9)
"""Shares may differ by so little, in powers of ten; it shows where a printed digit is a tie."""


def random_settings(seed):
    """Settings of small nets: every cell, scheme, task and place of the loss comes by."""
    rng = np.random.default_rng(seed)
    pick = lambda *of: of[rng.integers(len(of))]  # noqa: E731
    cells = tuple(str(one) for one in rng.permutation(list(CELLS))[: rng.integers(1, 4)])
    gates = [(cell, gate) for cell in cells for gate in CELLS[cell].holdable()]
    hold = ((*gates[rng.integers(len(gates))], float(pick(0, 1))),) if gates else ()
    return Settings(
        task=str(pick("stocks", "noisy_sine", "impulse")), length=int(rng.integers(2, 9)),
        hidden_size=int(rng.integers(1, 5)), seed=seed, cells=cells,
        cell_options=pick((), (("nonlinearity", pick("relu", "sigmoid", "identity")),)),
        hold=pick((), hold), init=str(pick(*RECURRENT)), scaling=str(pick("gain", "radius")),
        scale=float(pick(0.05, 0.5, 1.0, 3.0)), forget_bias=float(pick(-2.0, 0.0, 3.0, 6.0)),
        update_bias=float(pick(-2.0, 0.0, 3.0, 6.0)), loss=str(pick("last", "every", "task")),
    )  # fmt: skip


def promised(settings, cell):
    """Every change to a cell of these settings, tried."""
    return [*remedies.remedies(settings, cell), *remedies.breaks(settings, cell)]


def found_again(settings, cell):
    """The share left, from the plain gradient of the last loss alone."""
    steps = np.flatnonzero(settings.loss_steps(settings.example())) + 1
    alone = replace(settings, loss="chosen", loss_at=str(steps[-1]))
    logs = alone.flow(cell).log10_norms(CELLS[cell].states[-1])[:, 0]
    own = logs[steps[-1]] if np.isfinite(logs[steps[-1]]) else np.nan
    return Left(logs[1] - own, int(steps[-1]), CELLS[cell].states[-1])


def nudged(left, by):
    return left._replace(log10_share=left.log10_share + by)


def assert_kept(found, settings, cell):
    """What is printed of every change is what is found when it is applied."""
    before = found_again(settings, cell)
    for one in found:
        one.change.settings.check()
        after = found_again(one.change.settings, one.change.cell)
        if one.before.start and one.after.start:
            texts = [measured.gives(Tried(one.change, nudged(before, a), nudged(after, b)))
                     for a in ROUNDING for b in ROUNDING]  # fmt: skip
            assert measured.gives(one) in texts


@pytest.mark.parametrize("name", PRESETS)
def test_every_change_of_a_preset_gives_what_was_promised(name):
    settings = replace(PRESETS[name].settings, length=min(PRESETS[name].settings.length, 100))
    for cell in settings.cells:
        assert_kept(promised(settings, cell), settings, cell)


def test_every_change_of_random_settings_gives_what_was_promised():
    tried = 0
    for seed in range(SMALL):
        settings = random_settings(seed)
        if remedies.changes.allowed(settings):
            found = promised(settings, settings.cells[0])
            assert_kept(found, settings, settings.cells[0])
            tried += len(found)
    assert tried > 5 * SMALL


def test_helps_are_sorted_by_what_is_left_and_real():
    found = list(remedies.remedies(Settings(cells=("rnn",)), "rnn"))
    helpful = remedies.best_first(found, "rnn")
    away = [abs(one.after.log10_share) for one in helpful]
    assert away == sorted(away)
    assert max(away) < abs(helpful[0].before.log10_share) - remedies.MARGIN
    assert [one.change.cell for one in helpful if one.change.cell != "rnn"] == ["gru"]
    assert {*helpful, *remedies.without_help(found)} <= {*found}


def test_what_explodes_is_helped_by_less_and_what_is_held_by_its_release():
    hot = Settings(task="impulse", cells=("rnn",), init="orthogonal", scaling="radius", scale=1.5)
    best = remedies.best_first(remedies.remedies(hot, "rnn"), "rnn")
    assert remedies.left(hot, "rnn").log10_share > 0
    assert abs(best[0].after.log10_share) < remedies.left(hot, "rnn").log10_share
    shut = Settings(cells=("lstm",), hold=(("lstm", "f", 0.0),))
    best = remedies.best_first(remedies.remedies(shut, "lstm"), "lstm")
    assert "f = 0 → free" in [str(one.change.words) for one in best]


def test_clipping_changes_the_norm_and_no_share():
    hot = Settings(task="impulse", cells=("rnn",), init="orthogonal", scaling="radius", scale=2.0)
    before, after = remedies.clipped(hot, "rnn", norm=0.5)
    flow = hot.flow("rnn")
    parts = [*flow.layers[0].parameters.values(), *flow.readout.values()]
    whole = np.sqrt(sum(float((one**2).sum()) for one in parts))
    assert 10**before == pytest.approx(whole)
    assert 10**after == pytest.approx(0.5)


def test_the_numbers_of_a_change_are_printed_as_shares_or_powers():
    found = {str(one.change.words): measured.gives(one)
             for one in promised(Settings(), "lstm")}  # fmt: skip
    assert found["b_f 3 → 3.9"] == "8.4 % → **36 %** of the gradient on c at step 50 reaches step 1"
    assert found["b_f 3 → −2"].startswith("8.4 % → **5.7·10⁻³⁴** of the gradient on c at step 50")
    assert found["ρ(W_h) = 3"] == (
        "8.4 % of the gradient on c at step 50 → **8.52** times that at step 50 reaches step 1"
    )
    assert found["T 50 → 25"].endswith("→ **25 %** of that at step 25 reaches step 1")


def test_no_change_promises_what_the_settings_have_or_an_edited_weight_prevents():
    words = [str(one.change.words) for one in promised(Settings(), "rnn")]
    assert "ρ(W_h) = 1" in words
    assert not any("in place of" in one for one in words), "all cells are shown already"
    edited = Settings(edits=(Edit("rnn", "W_h", (1, 1), 5.0), Edit("lstm", "b", (0,), 1.0)))
    found = promised(edited, "rnn")
    words = [str(one.change.words) for one in found]
    assert not any("ρ" in one or "orthogonal" in one or "identity" in one for one in words)
    back = next(one.change for one in found if "without the edited weights" in one.change.words)
    assert [one.cell for one in back.settings.edits] == ["lstm"]
