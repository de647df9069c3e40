"""What can be opened without a file of one's own, and what is to be seen in it."""

from __future__ import annotations

from typing import NamedTuple

from rnnviz.formats.gallery import FOLDER
from rnnviz.words import word


class Item(NamedTuple):
    """A net, and what it reads: a text, or the sequence of a task.

    title     in words; ``see`` says what to look at, and ``source`` where it is from
    file      in this folder
    text      what it reads, or ""
    task      a key of `rnnviz.TASKS`, or ""; then ``length`` is T, and ``loss`` where it sits
    """

    title: str
    see: str
    source: str
    file: str
    text: str = ""
    task: str = ""
    length: int = 50
    loss: str = "last"

    def data(self) -> bytes:
        """The file's bytes."""
        return (FOLDER / self.file).read_bytes()


ITEMS = (
    Item(
        word("Thai word segmenter"),
        word("An LSTM in two directions that finds words in Thai, which is written without spaces. "
             "At each character it answers B, I, E or S: a word begins, goes on, ends, or is one "
             "character. Compare its two directions at one character."),
        word("Unicode's ICU, Unicode licence V3"),
        "thai_words.json",
        text="สวัสดีครับวันนี้อากาศดีมากเราไปเดินเล่นที่สวนสาธารณะกันเถอะ",
        loss="every",
    ),
    Item(
        word("LSTM that adds two marked numbers"),
        word("Two of 40 numbers bear a mark, and after the last step the net says their sum. Its "
             "cell state c changes most at the two marked steps: see the map of c on the page "
             "Compare."),
        word("trained with rnnviz: 1,200 updates on 40 steps"),
        "adding_lstm.npz", task="adding", length=40,
    ),
    Item(
        word("GRU that remembers the first symbol"),
        word("It reads 60 random symbols of four kinds, then names the first. The update gate z of "
             "7 of the 12 units is above 0.95 on average: they keep what they hold, and most of "
             "the gradient at step 60 reaches step 1."),
        word("trained with rnnviz: 500 updates on 60 steps"),
        "first_symbol_gru.npz", task="first_symbol", length=60,
    ),
)  # fmt: skip
