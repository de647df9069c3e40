"""Remember one impulse while all later inputs are 0, so that memory alone is seen.

x_1 = amplitude and x_t = 0 after it; the target of every step is the amplitude. After the first
step nothing but the state carries it, so ∂L_T/∂h_t shows memory alone. For training, where a
constant answer would do, every sequence has an amplitude of its own.
"""

import numpy as np

from rnnviz.words import word

from ._base import Option, Part, Task, at_least
from ._example import Example, last_step, numbered


def generate(
    length: int, batch: int, rng: np.random.Generator, *, amplitude: float, part: Part
) -> Example:
    """D = K = 1. For training x_1 ~ U[−amplitude, amplitude], else x_1 = amplitude, B times."""
    drawn = part != "all"
    size = amplitude * (rng.uniform(-1, 1, batch) if drawn else np.ones(batch))
    x = np.zeros((length, batch, 1))
    x[0] = size[:, np.newaxis]
    return Example(
        task="impulse",
        x=x,
        targets=np.repeat(x[:1], length, axis=0),
        mask=last_step(length),
        loss="squared_error",
        input_labels=("impulse",),
        step_labels=numbered(length),
        output_labels=("amplitude",),
        naive=np.zeros(1),
    )


IMPULSE = Task(
    name="impulse",
    title="Impulse",
    description="One impulse at the first step, then silence: say at the end how large it was.",
    generate=generate,
    options=(Option("amplitude", 1.0, "Size of the first input.", minimum=-100, maximum=100),),
    length_rule=at_least(2),
    by_part=True,
    naive=word("always 0"),
    order=40,
)
