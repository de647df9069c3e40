"""The sentence task: next-character prediction."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.tasks import TASKS
from rnnviz.tasks.sentence import END, ENGLISH
from rnnviz.words.characters import characters, label

SENTENCE = TASKS["sentence"]
KOREAN = "나는 오늘 학교에 갔다."


def test_a_short_text_in_full() -> None:
    example = SENTENCE.make(9, text="bab")
    assert example.input_labels == ("a", "b")
    assert example.output_labels == ("a", "b", "end")
    assert example.step_labels == ("b", "a", "b")
    assert example.x[:, 0].tolist() == [[0, 1], [1, 0], [0, 1]]
    assert example.targets[:, 0].tolist() == [0, 1, 2]
    assert example.mask.all()
    assert example.loss == "cross_entropy"


@given(st.text(min_size=1, max_size=60))
def test_each_target_is_the_next_character(text: str) -> None:
    example = SENTENCE.make(60, text=text)
    found = characters(text)
    assert example.length == len(found)
    assert example.step_labels == tuple(map(label, found))
    read = [example.input_labels[k] for k in example.x[:, 0].argmax(axis=-1)]
    assert tuple(read) == example.step_labels
    assert (example.x.sum(axis=-1) == 1).all()
    predicted = [example.output_labels[k] for k in example.targets[:, 0]]
    assert predicted == [*read[1:], END]
    assert example.output_size == len(set(found)) + 1 == example.input_size + 1


@pytest.mark.parametrize("text", [ENGLISH, KOREAN, "👩‍👩‍👧 é\u200fשלום", "a"])
def test_the_exact_length_is_enough_and_one_less_is_refused(text: str) -> None:
    count = len(characters(text))
    assert SENTENCE.make(count, text=text).length == count
    if count > 1:
        with pytest.raises(ValueError, match=f"at most {count - 1} characters"):
            SENTENCE.make(count - 1, text=text)


def test_decomposed_korean_is_the_same_text() -> None:
    composed, apart = (SENTENCE.make(9, text=text) for text in ("가나", "\u1100\u1161\u1102\u1161"))
    assert composed.step_labels == apart.step_labels == ("가", "나")


@given(st.text(min_size=1, max_size=30), st.integers(1, 16), st.integers(0, 2**32))
def test_an_embedding_gives_each_character_its_own_vector(text: str, size: int, seed: int) -> None:
    example = SENTENCE.make(30, text=text, encoding="embedding", embedding_size=size, seed=seed)
    assert example.x.shape == (example.length, 1, size)
    assert example.input_labels == tuple(f"e{k}" for k in range(1, size + 1))
    vectors = dict(zip(example.step_labels, example.x[:, 0], strict=True))
    for name, row in zip(example.step_labels, example.x[:, 0], strict=True):
        assert np.array_equal(vectors[name], row)
    assert len({row.tobytes() for row in vectors.values()}) == len(vectors)
    one_hot = SENTENCE.make(30, text=text)
    assert np.array_equal(example.targets, one_hot.targets)


def test_embeddings_are_standard_normal_and_the_same_in_every_example() -> None:
    text = "".join(map(chr, range(0x4E00, 0x4E00 + 1000)))
    first, other = (
        SENTENCE.make(1000, text=text, encoding="embedding", embedding_size=64, **which).x
        for which in ({"seed": 0}, {"seed": 1, "part": "train"})
    )
    assert np.array_equal(first, other)
    assert abs(first.mean()) < 0.02
    assert abs(first.std() - 1) < 0.02
