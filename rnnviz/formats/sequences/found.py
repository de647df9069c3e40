"""What every reader of sequences returns, and what all of them need of a file's name and bytes.

Sizes: T timesteps, D inputs, K outputs; one sequence, so there is no batch axis.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.formats import limits
from rnnviz.formats.reading import shown_name
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.records import Record
from rnnviz.numerics.validation import frozen
from rnnviz.words import Refusal, Sentence, sentence, word

Kind = Literal["text", "table", "sound", "array"]
REMEDIES = {
    "text": word("give the net's own vocabulary, or take a text of as many different characters"),
    "table": word("choose as many columns"),
    "sound": word("ask for as many bands"),
    "array": word("store as many numbers a step"),
}
"""What changes the number of features of a sequence of each kind."""


class Sound(NamedTuple):
    """One channel (N,) from −1 to 1, its samples a second, and the samples from step to step."""

    rate: int
    samples: NDArray[np.float64]
    hop: int


@dataclass(frozen=True, eq=False)
class OwnSequence(Record):
    """A sequence from a person's file, with names for its steps and inputs.

    ``targets`` are None, numbers (T, K) or classes (T,) of whole numbers below K; ``notes`` say
    what was assumed or left out. ``digest`` is of all that decides the numbers and names: two
    choices of columns of one file differ in it. ``symbols`` (T,) are a text's rows of its
    vocabulary, −1 for what that lacks. ``sound`` is there to be heard.
    """

    name: str
    kind: Kind
    x: NDArray[np.float64]
    step_labels: tuple[str, ...]
    input_labels: tuple[str, ...]
    targets: Array | None = None
    output_labels: tuple[str, ...] = ()
    notes: tuple[Sentence, ...] = ()
    symbols: NDArray[np.int64] | None = None
    sound: Sound | None = None
    digest: str = field(init=False, default="")

    def __post_init__(self) -> None:
        """Freeze the arrays and sign what they say."""
        heard = self.sound.samples if self.sound else None
        for one in (self.x, self.targets, self.symbols, heard):
            if one is not None:
                frozen(one)
        signed = sha256(
            repr(
                (
                    self.name,
                    self.kind,
                    self.x.shape,
                    self.step_labels,
                    self.input_labels,
                    self.output_labels,
                )
            ).encode("utf-8", "replace")
        )
        signed.update(np.ascontiguousarray(self.x).tobytes())
        if self.targets is not None:
            signed.update(np.ascontiguousarray(self.targets).tobytes())
        object.__setattr__(self, "digest", signed.hexdigest()[:16])

    def __repr__(self) -> str:
        return f"OwnSequence({self.name}, {self.kind}, T={self.length}, D={self.input_size})"

    @property
    def length(self) -> int:
        """T."""
        return len(self.x)

    @property
    def input_size(self) -> int:
        """D."""
        return int(self.x.shape[1])


def fits(sequence: OwnSequence, net_inputs: int) -> None:
    """Raise Refusal, with both numbers and the remedy, where a net takes other inputs."""
    if sequence.input_size != net_inputs:
        raise Refusal(
            "{file} has {features} numbers a step and the net takes {inputs}: {remedy}.",
            file=sequence.name, features=sequence.input_size, inputs=net_inputs,
            remedy=sentence(REMEDIES[sequence.kind]),
        )  # fmt: skip


@contextmanager
def of_file(name: str) -> Iterator[str]:
    """Name the file in refusals that are raised inside; gives its name as it is shown."""
    shown = shown_name(name)
    try:
        yield shown
    except Refusal as refusal:
        raise Refusal("{file}: {what}", file=shown, what=refusal.words) from refusal


def check_size(data: bytes, most: int = limits.FILE_BYTES) -> None:
    """Raise Refusal for a file without a byte, or of more bytes than ``most``."""
    if not data:
        raise Refusal("The file is empty.")
    if len(data) > most:
        raise Refusal(
            "At most {most:.0f} MB are read, and the file has {size:.1f} MB: take a part of it.",
            size=len(data) / limits.MEGA, most=most / limits.MEGA,
        )  # fmt: skip


def check_steps(count: int, remedy: str) -> None:
    """Raise Refusal for a sequence without a step, or of more steps than are shown."""
    if count < 1:
        raise Refusal("There is no timestep in it: at least one is needed.")
    if count > limits.STEPS:
        raise Refusal(
            "It has {count:,} timesteps and at most {most:,} are shown: {remedy}.",
            count=count, most=limits.STEPS, remedy=sentence(remedy),
        )  # fmt: skip


def standardised(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each column (T, n) less its mean, divided by its standard deviation; 0 where it is constant.

    Columns are scaled by a power of two first, so that squares of large numbers stay finite.
    """
    largest = np.abs(x).max(axis=0, initial=0)
    small = np.ldexp(x, -np.frexp(largest)[1])
    centred = small - small.mean(axis=0)
    deviation = centred.std(axis=0)
    flat = np.ptp(x, axis=0) == 0
    return np.asarray(np.where(flat, 0.0, centred / np.where(flat, 1.0, deviation)))


def of_one_step(x: NDArray[np.float64], *, standardise: bool) -> tuple[Sentence, ...]:
    """A note where standardising (T, n) leaves nothing, as there is one timestep alone."""
    if len(x) > 1 or not standardise:
        return ()
    return (sentence("It has one timestep: standardised, every number of it is 0. Without "
                     "standardising they are read as they are."),)  # fmt: skip


def numbered(count: int) -> tuple[str, ...]:
    """ "1" … as labels."""
    return tuple(str(k) for k in range(1, count + 1))


def listed(names: Sequence[str], most: int = 5) -> str:
    """Names in quotes, the first few of them."""
    some = ", ".join(f"“{one}”" for one in names[:most])
    return some + (", …" if len(names) > most else "")
