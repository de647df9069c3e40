"""A trained net as text for a link, and back: `adding,T:30,H:16`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from urllib.parse import quote, unquote

from rnnviz.experiments.trained import Trained
from rnnviz.numerics.validation import meant, one_of, shown
from rnnviz.tasks import TASKS
from rnnviz.training import Plan

_SHORT = {
    "T": "length", "U": "updates", "B": "batch", "opt": "optimiser", "r": "rate",
    "sch": "schedule", "clip": "clip", "by": "clip_by", "k": "window", "s": "seed", "f": "dtype",
}  # fmt: skip
_OWN = {"H": "hidden_size", "init": "init", "bf": "forget_bias", "bz": "update_bias",
        "by_W": "scaling", "g": "scale"}  # fmt: skip
"""Key in a link → field of the plan, and of the net before training."""
NOTHING = "no"


def written(trained: Trained) -> str:
    """The text for a link, `adding,T:30,H:16`: the task, and what is not at its default."""
    plan, usual = trained.plan, Trained(Plan(trained.plan.task))
    found = {key: getattr(plan, name) for key, name in _SHORT.items()
             if getattr(plan, name) != getattr(usual.plan, name)}  # fmt: skip
    found |= {key: getattr(trained, name) for key, name in _OWN.items()
              if getattr(trained, name) != getattr(usual, name)}  # fmt: skip
    found |= {f"o.{name}": value for name, value in plan.options}
    found |= {f"h.{quote(cell, safe='')}.{gate}": value for cell, gate, value in trained.hold}
    parts = (f"{key}:{quote(_plain(value), safe='')}" for key, value in found.items())
    return ",".join([plan.task, *parts])


def read(text: str) -> Trained | None:
    """The trained net of a link; None of any other text."""
    try:
        return parsed(text)
    except ValueError:
        return None


def parsed(text: str) -> Trained:
    """The trained net of a text. Raises ValueError naming the part of it, and its rule.

    >>> from rnnviz.experiments.trained_text import parsed
    >>> parsed("adding,T:30,H:16").plan.length
    30
    >>> parsed("adding,T:many")
    Traceback (most recent call last):
    ValueError: `T` must be a whole number, got 'many'.
    """
    task, *parts = text.split(",")
    one_of("task", task, tuple(TASKS))
    given = _parts(parts)
    options = {key[2:]: unquote(given.pop(key)) for key in list(given) if key[:2] == "o."}
    held = {key: given.pop(key) for key in list(given) if key[:2] == "h."}
    for key in given:
        if key not in _SHORT and key not in _OWN:
            near = meant(key, (*_SHORT, *_OWN))
            raise ValueError(f"{key!r} must be one of {', '.join((*_SHORT, *_OWN))}, o.NAME, an "
                             f"option of the task, or h.CELL.GATE{near or '.'}")  # fmt: skip
    plan = _values(Plan(task), _SHORT, given)
    own = _values(Trained(), _OWN, given)
    checked = tuple(_typed(task, options).items())
    hold = tuple(_held(key, value) for key, value in held.items())
    return Trained(Plan(task, options=checked, **plan), hold=hold, **own)


def _parts(parts: list[str]) -> dict[str, str]:
    """KEY:VALUE texts, each key once."""
    given: dict[str, str] = {}
    for part in parts:
        key, sign, value = part.partition(":")
        if not sign or not key:
            raise ValueError(f"After the task must come KEY:VALUE, got {shown(part)}.")
        if key in given:
            raise ValueError(f"`{key}` must be given once, got {shown(given[key])} and "
                             f"{shown(value)}.")  # fmt: skip
        given[key] = value
    return given


def _held(key: str, value: str) -> tuple[str, str, float]:
    """Cell, gate and value of h.CELL.GATE."""
    _, cell, gate = [*key.split(".", 2), ""][:3]
    return unquote(cell), gate, _as(float, key, value)


def _values(
    record: Plan | Trained, names: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, Any]:
    """Texts as values of a record's fields; ``names`` are the fields by their keys."""
    kinds = {one.name: str(one.type) for one in fields(record)}
    return {names[key]: _value(key, kinds[names[key]], unquote(text))
            for key, text in given.items() if key in names}  # fmt: skip


def _value(key: str, kind: str, text: str) -> Any:
    if text == NOTHING and "None" in kind:
        return None
    return _as(int if "int" in kind else float if "float" in kind else str, key, text)


def _as(kind: type, key: str, text: str) -> Any:
    """The text as a number, where the field is one."""
    try:
        return kind(text)
    except ValueError:
        rule = "a whole number" if kind is int else "a number"
        raise ValueError(f"`{key}` must be {rule}, got {shown(text)}.") from None


def _typed(task: str, given: Mapping[str, str]) -> dict[str, Any]:
    """A task's options as its fields take them; the task refuses unknown ones."""
    known = {one.name: one.kind for one in TASKS[task].options}
    kinds = {"whole": int, "number": float}
    found = {name: _as(kinds.get(known.get(name, ""), str), f"o.{name}", text)
             for name, text in given.items()}  # fmt: skip
    TASKS[task].check_options(**found)
    return found


def _plain(value: Any) -> str:
    if value is None:
        return NOTHING
    return f"{value:.12g}" if isinstance(value, float) else str(value)
