"""The verdict names the cause of real PyTorch runs whose cause is known, and says no more."""

from pathlib import Path

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
    return Numbers(np.arange(len(loss)) * 10.0, loss, *[empty] * 9, np.zeros((len(loss), 0)), (),
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
