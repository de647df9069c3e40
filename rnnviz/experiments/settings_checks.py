"""What settings must not ask for: each refused in one sentence that says what would do."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from rnnviz.cells import CELLS
from rnnviz.experiments.opened import OpenedNet
from rnnviz.experiments.opened_example import fits
from rnnviz.experiments.settings_values import Values
from rnnviz.formats.limits import STEPS
from rnnviz.tasks import TASKS
from rnnviz.words import Refusal, sentence, word

BUDGET = 2_000_000
"""The most that T · H² may be: the work of one pass, and with it the wait for a picture."""
OPENED_BUDGET = 300_000_000
"""The same for an opened net, times its layers and directions: some seconds."""
MOST_CELLS = 4


def check_work(of: Values, steps: int) -> None:
    """Refuse what would take too long."""
    H, limit = of.hidden_size, BUDGET
    if of.net is not None:
        if steps > (most := most_steps(of.net)):
            raise Refusal("The net of {net} is shown for at most {most} timesteps, got {T}.",
                          net=of.net.title, most=most, T=steps)  # fmt: skip
        return
    work = steps * H**2
    if work <= limit:
        return
    raise Refusal(
        "T × H² = {T} × {H}² = {work:,} is above the limit of {limit:,}: lower T to "
        "{lower_T} or H to {lower_H}.",
        T=steps, H=H, work=work, limit=limit,
        lower_T=limit // H**2, lower_H=int((limit / steps) ** 0.5),
    )  # fmt: skip


def check_titles(of: Values) -> None:
    """Typed cells can have one name: tables and curves could not be told apart."""
    titles = [CELLS[cell].title for cell in of.cells]
    for title in titles:
        if titles.count(title) > 1:
            raise Refusal("Two of the chosen cells have the name {title}: take one of them "
                          "away, or give one another name.",
                          title=sentence(title))  # fmt: skip


def check_hold(of: Values) -> None:
    """Gates are held that can be, at values from 0 to 1."""
    for cell, gate, value in of.hold:
        if cell in of.cells and (gate not in CELLS[cell].holdable() or not 0 <= value <= 1):
            raise Refusal(
                "The gate {gate} of the {cell} cannot be held at {value:g}: it must be "
                "one of {gates}, and the value from 0 to 1.",
                gate=gate, cell=sentence(CELLS[cell].title), value=value,
                gates=", ".join(CELLS[cell].holdable()),
            )  # fmt: skip


def check_sequence(of: Values) -> None:
    """The task has a sequence of that length."""
    if of.sequence is not None or (of.net is not None and not fits(of.net, of.task)):
        return
    task, options = TASKS[of.task], dict(of.options)
    if options.get("text") == "":
        raise Refusal("The text must have at least one character.")
    span = task.lengths(**options)
    if span.minimum <= of.length <= span.maximum:
        return
    template = word("T must be from {low} to {high}, got {got}.")
    if span.why:
        template = word("T must be from {low} to {high} ({why}), got {got}.")
    raise Refusal(
        template, low=span.minimum, high=span.maximum, why=span.why, got=of.length
    )


def most_steps(net: OpenedNet) -> int:
    """The largest T for which an opened net is shown: `OPENED_BUDGET`."""
    model = net.model
    work = model.hidden_size**2 * model.num_layers * net.sides
    return min(STEPS, max(2, OPENED_BUDGET // work))


def chosen_steps(text: str, length: int) -> NDArray[np.bool_]:
    """Read "10, 20-25" as a mask over the timesteps 1 … length, (length,)."""
    mask = np.zeros(length, bool)
    parts = [part.strip() for part in text.split(",") if part.strip()]
    for part in parts:
        match = re.fullmatch(r"(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= first <= last <= length:
            raise Refusal(
                "The steps of the loss must be numbers or ranges within 1 … {T}, such as "
                "“10, 20-25”, not “{got}”.",
                T=length, got=part[:40],
            )  # fmt: skip
        mask[first - 1 : last] = True
    if not parts:
        raise Refusal(
            "Name the steps at which the loss sits, within 1 … {T}, such as “10, 20-25”.",
            T=length,
        )
    return mask
