"""A trained net as text for a link, and back: `adding,T:30,H:16`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from urllib.parse import quote, unquote

from rnnviz.experiments.trained import Trained
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
    task, *parts = text.split(",")
    given = dict(part.partition(":")[::2] for part in parts)
    if task not in TASKS or len(given) < len(parts):
        return None
    try:
        options = {key[2:]: unquote(given.pop(key)) for key in list(given) if key[:2] == "o."}
        held = {key[2:]: float(given.pop(key)) for key in list(given) if key[:2] == "h."}
        hold = tuple((unquote(key.partition(".")[0]), key.partition(".")[2], value)
                     for key, value in held.items())  # fmt: skip
        plan = _values(Plan(task), {_SHORT[k]: v for k, v in given.items() if k not in _OWN})
        own = _values(Trained(), {_OWN[k]: v for k, v in given.items() if k in _OWN})
        checked = tuple(_typed(task, options).items())
        return Trained(Plan(task, options=checked, **plan), hold=hold, **own)
    except (KeyError, ValueError):
        return None


def _values(record: Plan | Trained, given: Mapping[str, str]) -> dict[str, Any]:
    """Texts as values of a record's fields."""
    kinds = {one.name: str(one.type) for one in fields(record)}
    return {name: _value(kinds[name], unquote(text)) for name, text in given.items()}


def _value(kind: str, text: str) -> Any:
    if text == NOTHING and "None" in kind:
        return None
    return int(text) if "int" in kind else float(text) if "float" in kind else text


def _typed(task: str, given: Mapping[str, str]) -> dict[str, Any]:
    known = {one.name: one for one in TASKS[task].options}
    kinds = {"whole": int, "number": float}
    return {name: kinds.get(known[name].kind, str)(text) for name, text in given.items()}


def _plain(value: Any) -> str:
    if value is None:
        return NOTHING
    return f"{value:.12g}" if isinstance(value, float) else str(value)
