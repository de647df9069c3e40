"""The verdict names the cause of real PyTorch runs whose cause is known, and says no more."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnviz.numerics.array_files import unpacked
from rnnviz.recorder.verdict import course, judged
from rnnviz.recorder.verdict_numbers import Numbers

STORED = unpacked(Path(__file__).with_name("known_causes.npz").read_bytes())
CAUSES = {
    "healthy-lstm": "", "vanishing-rnn": "vanishes", "vanishing-lstm": "vanishes",
    "exploding-rnn": "grows", "rate-too-small": "still", "rate-too-large": "leaps",
    "sgd-too-large": "lost", "shut-forget-gate": "shut f", "silent-relu": "silent",
}  # fmt: skip


def stored(name: str) -> Numbers:
    begin = f"{name}/"
    return Numbers.of({key.removeprefix(begin): one for key, one in STORED.items()
                       if key.startswith(begin)})  # fmt: skip


@pytest.mark.parametrize("name", CAUSES)
def test_the_first_cause_is_the_known_one(name: str) -> None:
    found = judged(stored(name))
    assert ([one.name for one in found.causes] or [""])[0] == CAUSES[name]
    assert (found.course.kind == "below") == (not CAUSES[name])


def test_the_loss_is_judged_beside_guessing_and_without_it() -> None:
    stands, learns = stored("vanishing-rnn"), stored("healthy-lstm")
    assert course(stands).kind == "as"
    assert course(stands)[1:] == pytest.approx((1.0538, 0, 0.18295, 8, 25), rel=1e-3)
    alone = course(stands._replace(guessing=np.nan))
    assert (alone.kind, alone.since) == ("settled", 25)
    assert course(learns._replace(guessing=np.nan)).kind == "falls"
    assert course(stands._replace(guessing=0.05)).kind == "above"


def made(loss: np.ndarray, guessing: float = np.nan) -> Numbers:
    empty = np.full(len(loss), np.nan)
    return Numbers(np.arange(len(loss)) * 10.0, loss, *[empty] * 11, np.zeros((len(loss), 0)), (),
                   guessing, len(loss))  # fmt: skip


def test_noise_is_no_fall_and_few_losses_are_not_judged() -> None:
    noise = 1 + 0.2 * np.random.default_rng(0).standard_normal(40)
    assert course(made(noise)).kind == "same"
    assert course(made(noise, 1.05)).kind == "as"
    assert course(made(noise + np.linspace(0, 3, 40))).kind == "rose"
    assert course(made(noise[:5])).kind == "few"
    assert course(made(noise * np.nan)).kind == "none"
    assert judged(made(noise)).causes == ()


def test_updates_that_only_follow_several_passes_are_not_taken_for_no_update() -> None:
    """Gradients of several passes added up: most logged passes are followed by no update."""
    run = stored("healthy-lstm")
    assert judged(run._replace(update=0 * run.update)).causes == ()
    assert [one.name for one in judged(run._replace(update=0 * run.update, moved=0 * run.moved)
                                       ).causes] == ["still"]  # fmt: skip


def found(**columns: list[float]) -> dict[str, dict[str, float]]:
    """The causes of a run with these numbers and a loss that stands: name → values, in order."""
    size = len(next(iter(columns.values())))
    given: dict[str, Any] = {name: np.array(one, float) for name, one in columns.items()}
    return {one.name: one.values for one in judged(made(np.ones(size))._replace(**given)).causes}


def test_one_explosion_that_ruins_the_weights_is_a_cause_before_the_update_it_makes() -> None:
    """As recorded: an RNN with W_h × 6, dead after its first update."""
    values = found(share=[7.57] + [-np.inf] * 19, update=[1844.0, 3e-10] + [0.0] * 18,
                   norm=[7.3e7] + [4e-4] * 19)  # fmt: skip
    assert list(values) == ["grows", "leaps", "vanishes"]
    assert values["grows"].items() >= {"top": 0, "norm": 7.3e7, "logs": 1, "of": 20}.items()
    assert values["leaps"].items() >= {"top": 0, "most": 1844, "rest": 3e-10, "logs": 1}.items()
    assert values["vanishes"].items() >= {"first": 10, "final": 190, "logs": 19, "of": 20}.items()
    assert "grows" not in found(share=[7.57] + [0.0] * 19, update=[0.01] * 20)
    late = found(share=[0.0, 0, 7.57] + [0.0] * 17, update=[2.0, 0.01, 3.0] + [0.01] * 17)
    assert list(late) == ["leaps", "grows"]


def test_a_leap_is_above_all_before_and_not_beside_a_dip() -> None:
    """As recorded: an LSTM whose norms fell to 10⁻¹⁵ beside a first one of 0.057."""
    norms = [0.057, 1.4e-3, 1.1e-2, 3.4e-11, 2e-15, 7e-13, 1.9e-8, 2e-18]
    assert found(norm=norms) == {}
    values = found(norm=[*norms, 0.89])["explodes"]
    assert values.items() >= {"norm": 0.89, "top": 80, "high": 0.057, "middle": 1.9e-8}.items()
    assert values["before"] == pytest.approx(np.median(norms))
    assert found(norm=[50.0] + [0.01] * 9) == {}, "a norm that falls from the start is no leap"


def test_a_leap_is_judged_after_clipping_where_that_was_recorded() -> None:
    norms, limit = [0.1] * 9 + [500.0], [1.0] * 10
    assert list(found(norm=norms)) == ["explodes"]
    assert found(norm=norms, clip_norm=[2 * one for one in norms], clip_at=limit) == {}
    loose = found(norm=norms, clip_norm=norms, clip_at=[90.0] * 10)["explodes"]
    assert loose.items() >= {"norm": pytest.approx(90), "clipped": 1}.items()
    grown = found(share=[3.0] * 10, norm=norms, clip_norm=norms, clip_at=limit)["grows"]
    assert np.isnan(grown["clip"]), "not at the first log, the largest share"


def test_a_loss_that_is_not_finite_lies_between_two_logs() -> None:
    loss, norm = [1.5, 1.0, np.inf, np.nan], [7.0, 0.1, 0.0, np.nan]
    values = found(loss=loss, norm=norm)["lost"]
    assert (values["before"], values["step"]) == (10, 20)
    seldom = [1.0, np.nan, np.nan, 0.5] * 6 + [np.nan]
    assert "lost" not in found(loss=seldom, norm=[1.0] * 25), "a loss that was not given"
    run = made(np.array(seldom))._replace(norm=np.ones(25))
    assert course(run).kind == "same"
