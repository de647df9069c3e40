"""What a net must have to fit a task."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from rnnviz.tasks import TASKS, Example
from rnnviz.words import word

Options = tuple[tuple[str, Any], ...]
LOSSES = {"squared_error": word("squared error"), "cross_entropy": word("cross entropy")}


class Sizes(NamedTuple):
    """What a net must have for a task: D inputs, K outputs, and the task's loss."""

    inputs: int
    outputs: int
    loss: str

    @classmethod
    def of(cls, example: Example) -> Sizes:
        """The sizes that fit an example."""
        return cls(example.input_size, example.output_size, example.loss)


@lru_cache(maxsize=64)
def sizes(task: str, options: Options = ()) -> Sizes:
    """What a net must have for a task with these options."""
    return Sizes.of(TASKS[task].make(TASKS[task].default_length, **dict(options)))
