"""What a sweep can vary: the fields of an experiment's settings and of a training plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from rnnviz.cells import CELLS
from rnnviz.numerics.validation import finite_number, meant, shown, whole_number
from rnnviz.tasks import TASKS
from rnnviz.training import Plan

WHOLE = ("length", "hidden_size", "seed", "train.updates", "train.batch", "train.window")
NUMBERS = ("scale", "forget_bias", "update_bias", "train.rate", "train.clip", "train.solved_below")
TEXTS = ("cell", "task", "init", "scaling", "loss", "loss_at", "train.optimiser", "train.schedule",
         "train.clip_by", "train.dtype")  # fmt: skip
KNOWN = (*WHOLE, *NUMBERS, *TEXTS)
NOT_GIVEN = ("forget_bias", "update_bias", "train.clip", "train.window")
"""Names whose value may be None, which is written "none"."""
LARGEST = 2**63 - 1
"""A column of whole numbers holds no larger one."""
ALIASES = {"T": "length", "H": "hidden_size", "gain": "scale", "cells": "cell"}
GROUPS = ("options", "cell_options", "hold", "train")
"""Before a dot: options of the task, options of the cell, gates held at a value, the plan."""
PLAN = tuple(one.name for one in fields(Plan) if one.name not in
             ("task", "length", "options", "seed"))  # fmt: skip


def known(name: str, where: str) -> str:
    """The full name of what is varied. Raises ValueError, with the nearest name, for others."""
    found = ALIASES.get(name, name)
    group, dot, rest = found.partition(".")
    if found in KNOWN or (dot and rest and group in GROUPS[:3]):
        return found
    raise unknown(name, where, (*KNOWN, *ALIASES, *(f"{one}.…" for one in GROUPS[:3])))


def named(given: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Full name → what is given for it, once."""
    found: dict[str, Any] = {}
    for name, value in _flat(given).items():
        full = known(name, where)
        if full in found:
            raise ValueError(f"`{where}` has {full!r} twice, once as {name!r}.")
        found[full] = value
    return found


def unknown(name: object, where: str, allowed: Iterable[str]) -> ValueError:
    """The error for a name that is not there."""
    listed = tuple(allowed)
    hint = meant(name, listed) or f"; it takes {', '.join(listed)}."
    return ValueError(f"`{where}` has no name {shown(name)}{hint}")


def value_of(name: str, value: Any) -> Any:
    """A value as the type that its name has; ValueError where it cannot be."""
    if value == "none" and name in NOT_GIVEN:
        return None
    if value is None and name in NOT_GIVEN:
        return None
    if name in WHOLE:
        whole = isinstance(value, float) and value.is_integer()
        return whole_number(name, int(value) if whole else value, 0, LARGEST)
    if name in NUMBERS or name.startswith("hold."):
        return finite_number(name, value)
    if name in TEXTS:
        if not isinstance(value, str):
            raise ValueError(f"`{name}` must be a text, got {shown(value)}.")
        return value
    if isinstance(value, (bool, str)):
        return value
    number = finite_number(name, value)
    return number if isinstance(value, float) else int(value)


def check_options(values: Mapping[str, tuple[Any, ...]]) -> None:
    """Refuse unknown tasks and cells, and options that none of those in the sweep has."""
    tasks, cells = values.get("task", ("noisy_sine",)), values.get("cell", ("rnn",))
    for what, given, there in (("task", tasks, TASKS), ("cell", cells, CELLS)):
        for one in given:
            if one not in there:
                raise unknown(one, what, there)
    allowed = {
        "options": {option.name for task in tasks for option in TASKS[task].options},
        "cell_options": {name for cell in cells for name in CELLS[cell].choices},
        "hold": {gate for cell in cells for gate in CELLS[cell].holdable()},
    }
    for name in values:
        group, dot, rest = name.partition(".")
        if dot and group in allowed and rest not in allowed[group]:
            raise unknown(name, "spec", (f"{group}.{one}" for one in sorted(allowed[group])))


def _flat(given: Mapping[str, Any]) -> dict[str, Any]:
    """{"options": {"noise": 1}} as {"options.noise": 1}."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name in GROUPS and isinstance(value, Mapping):
            found |= {f"{name}.{one}": own for one, own in value.items()}
        else:
            found[str(name)] = value
    return found
