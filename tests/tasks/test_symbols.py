"""First symbol, temporal order, marked parity, next character: targets recomputed from x alone."""

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rnnviz.tasks
from rnnviz.tasks import TASKS, Example

FIRST, ORDER, PARITY, NEXT = (
    TASKS[name] for name in ("first_symbol", "temporal_order", "parity", "next_character")
)
seeds = st.integers(0, 2**64)
SONNETS = (Path(rnnviz.tasks.__file__).parent / "sonnets.txt").read_text("utf-8").lower()


def read(example: Example, b: int) -> list[str]:
    """The labels of a sequence's one-hot inputs."""
    assert (np.sort(example.x[:, b])[:, -2:] == [0, 1]).all()
    return [example.input_labels[k] for k in example.x[:, b].argmax(axis=-1)]


@given(st.integers(2, 60), st.integers(2, 26), seeds)
def test_the_first_symbol_is_asked_for_at_the_end(length: int, size: int, seed: int) -> None:
    example = FIRST.make(length, seed=seed, batch=3, alphabet_size=size)
    for b in range(3):
        answers = {example.output_labels[k] for k in example.targets[:, b]}
        assert answers == {read(example, b)[0]}
    assert np.flatnonzero(example.mask).tolist() == [length - 1]


@given(st.integers(4, 120), st.integers(1, 20), seeds)
def test_the_class_is_the_two_symbols_in_their_order(length: int, others: int, seed: int) -> None:
    example = ORDER.make(length, seed=seed, batch=4, distractors=others)
    for b in range(4):
        symbols = read(example, b)
        assert (symbols[0], symbols[-1]) == ("start", "end")
        assert not {"start", "end"} & set(symbols[1:-1])
        relevant = [(t, one) for t, one in enumerate(symbols, 1) if one in "XY"]
        assert {example.output_labels[k] for k in example.targets[:, b]} == {
            "".join(one for _, one in relevant)
        }
        if length >= 10:
            (p1, _), (p2, _) = relevant
            assert max(2, length // 10) <= p1 <= length // 5
            assert length // 2 <= p2 <= 3 * length // 5
    assert np.flatnonzero(example.mask).tolist() == [length - 1]


@given(st.integers(1, 8), st.integers(1, 40), st.booleans(), seeds)
def test_the_class_is_the_parity_of_the_marked_ones(
    bits: int, more: int, hard: bool, seed: int
) -> None:
    length, unmarked = bits + more, "bits" if hard else "noise"
    example = PARITY.make(length, seed=seed, batch=3, bits=bits, noise=0, unmarked=unmarked)
    values, marks = np.moveaxis(example.x, -1, 0)
    assert (np.abs(values) == (1 if hard else marks)).all()
    for b in range(3):
        marked = [t for t in range(length) if example.x[t, b, 1]]
        assert len(marked) == bits
        for k, t in enumerate(marked):
            assert k * length // bits <= t < (k + 1) * length // bits
        for t in range(length):
            ones = sum(example.x[place, b, 0] == 1 for place in marked if place <= t)
            assert example.output_labels[example.targets[t, b]] == ("odd" if ones % 2 else "even")


def test_noise_is_added_to_the_bits_alone() -> None:
    clean, noisy = (PARITY.make(500, seed=1, batch=8, noise=noise) for noise in (0, 0.5))
    assert np.array_equal(noisy.targets, clean.targets)
    assert np.array_equal(noisy.x[..., 1], clean.x[..., 1])
    assert (noisy.x - clean.x)[..., 0].std() == pytest.approx(0.5, rel=0.05)


@pytest.mark.parametrize("task", [FIRST, ORDER, PARITY])
def test_no_class_is_likelier_than_another(task: rnnviz.tasks.Task) -> None:
    made = [task.make(20, seed=seed, batch=256) for seed in range(20)]
    counts = Counter(np.concatenate([one.targets[-1] for one in made]).tolist())
    assert made[0].baseline == pytest.approx(math.log(made[0].output_size))
    assert len(counts) == made[0].output_size
    assert max(counts.values()) < 1.1 * min(counts.values())


@pytest.mark.parametrize("part", ["all", "train", "test"])
def test_windows_of_the_sonnets(part: str) -> None:
    poems = SONNETS.split("\n\n")
    assert [len(poem.strip().split("\n")) for poem in poems] == [14] * 20
    own = {"all": poems, "train": poems[:15], "test": poems[15:]}[part]
    whole = "\n\n".join(own) + ("\n\n" if part == "train" else "")
    firsts, lasts = set(), set()
    for seed in range(60):
        example = NEXT.make(30, seed=seed, batch=256, part=part)
        at = seed % 256
        text = "".join(read(example, at)).replace("␣", " ").replace("↵", "\n")
        coming = example.output_labels[example.targets[-1, at]]
        whole_window = text + coming.replace("␣", " ").replace("↵", "\n")
        assert whole_window in whole
        assert np.array_equal(example.x[1:].argmax(axis=-1), example.targets[:-1])
        firsts.add(whole.index(whole_window))
        lasts.add(whole[whole.index(whole_window) - 1])
        assert example.step_labels == tuple(read(example, 0))
    assert len(firsts) > 30
    assert (lasts == {"\n"}) == (part == "all")
    assert max(firsts) > 0.8 * len(whole)
    assert example.mask.all()


def test_the_naive_answer_is_what_is_usual_in_the_part_to_learn_from() -> None:
    known = "\n\n".join(SONNETS.split("\n\n")[:15]) + "\n\n"
    counts, example = Counter(known), NEXT.make(40, batch=8, seed=3, part="test")
    coming = [example.output_labels[k] for k in example.targets.ravel()]
    texts = [{"␣": " ", "↵": "\n"}.get(one, one) for one in coming]
    expected = -np.mean([math.log(counts[one] / len(known)) for one in texts])
    assert example.baseline == pytest.approx(expected)
    assert NEXT.scored(example, example.naive_answers()) == pytest.approx(expected / math.log(2))
