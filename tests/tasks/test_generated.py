"""The defining property of each generated task, recomputed another way."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.tasks import TASKS

SINE, IMPULSE, ADDING, COPYING = (
    TASKS[name] for name in ("noisy_sine", "impulse", "adding", "copying")
)
lengths = st.integers(2, 120)
seeds = st.integers(0, 2**64)
batches = st.integers(1, 4)


@given(lengths, seeds, batches, st.floats(2, 5000))
def test_without_noise_each_target_is_the_next_input(
    length: int, seed: int, batch: int, period: float
) -> None:
    example = SINE.make(length, seed=seed, batch=batch, period=period, noise=0)
    assert np.array_equal(example.targets[:-1], example.x[1:])
    around = example.x[:-2] + example.x[2:]  # sin(a - d) + sin(a + d) = 2 cos d sin a
    expected = 2 * math.cos(2 * math.pi / period) * example.x[1:-1]
    np.testing.assert_allclose(around, expected, atol=1e-10)
    assert example.mask.all()


def test_the_wave_repeats_after_its_period() -> None:
    x = SINE.make(90, period=15, noise=0).x
    np.testing.assert_allclose(x[15:], x[:-15], atol=1e-12)


def test_the_noise_has_its_standard_deviation_and_leaves_the_target_alone() -> None:
    clean, noisy = (SINE.make(5000, seed=3, batch=4, noise=noise) for noise in (0, 0.5))
    assert np.array_equal(clean.targets, noisy.targets)
    noise = noisy.x - clean.x
    assert abs(noise.std() - 0.5) < 0.01
    assert abs(noise.mean()) < 0.01


@given(lengths, lengths, seeds, batches)
def test_a_longer_sine_begins_with_the_shorter_one(
    one: int, other: int, seed: int, batch: int
) -> None:
    short, long = sorted((one, other))
    first, second = (SINE.make(length, seed=seed, batch=batch) for length in (short, long))
    assert np.array_equal(first.x, second.x[:short])


@given(lengths, seeds, batches, st.floats(-100, 100))
def test_the_impulse_is_the_only_input(
    length: int, seed: int, batch: int, amplitude: float
) -> None:
    example = IMPULSE.make(length, seed=seed, batch=batch, amplitude=amplitude)
    assert (example.x[0] == amplitude).all()
    assert not example.x[1:].any()
    assert (example.targets == amplitude).all()
    assert np.flatnonzero(example.mask).tolist() == [length - 1]


@given(lengths, seeds, batches)
def test_the_sum_of_the_two_marked_values(length: int, seed: int, batch: int) -> None:
    example = ADDING.make(length, seed=seed, batch=batch)
    assert np.flatnonzero(example.mask).tolist() == [length - 1]
    for b in range(batch):
        values, marks = example.x[:, b].T.tolist()
        assert sorted(marks) == [0.0] * (length - 2) + [1.0, 1.0]
        assert all(0 <= value < 1 for value in values)
        first, second = (t for t, mark in enumerate(marks) if mark)
        assert first < length // 2 <= second
        for t in range(length):
            expected = (t >= first) * values[first] + (t >= second) * values[second]
            assert example.targets[t, b, 0] == expected


def test_every_step_of_both_halves_can_be_marked() -> None:
    example = ADDING.make(7, batch=256)
    assert example.x[:, :, 1].any(axis=1).all()


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("adding", {}, 1 / 6),
        ("copying", {"alphabet_size": 5}, math.log(5)),
        ("impulse", {"amplitude": 3}, 3**2 / 3),
        ("noisy_sine", {"noise": 0.5, "period": 9}, (1 - math.cos(2 * math.pi / 9) ** 2 / 1.5) / 2),
        ("noisy_sine", {"noise": 0, "period": 4, "period_spread": 1}, 1 / 2),
    ],
)
def test_what_naive_answers_cost(name: str, options: dict, expected: float) -> None:
    made = [TASKS[name].make(24, seed=s, batch=256, part="test", **options) for s in range(40)]
    assert np.mean([example.baseline for example in made]) == pytest.approx(expected, rel=0.02)


def test_a_spread_draws_periods_on_both_sides_of_the_period() -> None:
    x = SINE.make(90, batch=256, noise=0, period=10, period_spread=2).x[:, :, 0]
    # sin(a − d) + sin(a + d) = 2 cos d sin a, by least squares over each sequence.
    cosines = ((x[:-2] + x[2:]) * x[1:-1]).sum(axis=0) / (2 * (x[1:-1] ** 2).sum(axis=0))
    periods = 2 * math.pi / np.arccos(cosines)
    assert 5 <= periods.min() < 5.5
    assert 19 < periods.max() <= 20
    assert np.median(periods) == pytest.approx(10, rel=0.1)


@given(st.integers(1, 12), st.integers(2, 26), st.integers(0, 40), seeds, batches)
def test_the_symbols_come_back(
    symbols: int, alphabet_size: int, delay: int, seed: int, batch: int
) -> None:
    length = 2 * symbols + 1 + delay
    example = COPYING.make(
        length, seed=seed, batch=batch, symbols=symbols, alphabet_size=alphabet_size
    )
    assert (example.x.sum(axis=-1) == 1).all()
    assert example.x.shape[-1] == alphabet_size + 2 == example.output_size + 1
    for b in range(batch):
        read = [example.input_labels[k] for k in example.x[:, b].argmax(axis=-1)]
        written = [example.output_labels[k] for k in example.targets[:, b]]
        assert written[-symbols:] == read[:symbols]
        assert all(len(letter) == 1 for letter in read[:symbols])
        assert read[symbols:] == ["blank"] * delay + ["go"] + ["blank"] * symbols
        assert written[:-symbols] == ["blank"] * (length - symbols)
    assert np.flatnonzero(example.mask).tolist() == list(range(length - symbols, length))


def test_every_symbol_is_used() -> None:
    example = COPYING.make(201, symbols=100, alphabet_size=26)
    assert len(set(example.targets[-100:, 0].tolist())) > 20
