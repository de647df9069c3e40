"""Remember one impulse through silence: the cleanest view of memory.

x_1 = amplitude and x_t = 0 after it; the target of every step is the amplitude. After the first
step nothing but the state carries it, so ∂L_T/∂h_t shows memory alone.
"""

import numpy as np

from ._base import Option, Task, at_least
from ._example import Example, last_step, numbered


def generate(length: int, batch: int, rng: np.random.Generator, *, amplitude: float) -> Example:
    """D = K = 1. No use is made of `rng`, and all B sequences are the same."""
    x = np.zeros((length, batch, 1))
    x[0] = amplitude
    return Example(
        task="impulse",
        x=x,
        targets=np.full((length, batch, 1), amplitude),
        mask=last_step(length),
        loss="squared_error",
        input_labels=("impulse",),
        step_labels=numbered(length),
        output_labels=("amplitude",),
    )


IMPULSE = Task(
    name="impulse",
    title="Impulse",
    description="One impulse at the first step, then silence: say at the end how large it was.",
    loss_place="on the last step",
    generate=generate,
    options=(Option("amplitude", 1.0, "Size of the first input.", minimum=-100, maximum=100),),
    length_rule=at_least(2),
    order=40,
)
