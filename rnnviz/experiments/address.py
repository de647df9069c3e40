"""Settings as the controls of the app have them, and as the parameters of a link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from rnnviz.cells import CELLS
from rnnviz.core.weight_edits import written
from rnnviz.experiments import trained_text
from rnnviz.experiments.settings import Settings
from rnnviz.tasks import TASKS

HERE = "http://localhost:8501"
"""Where the app is, unless somebody serves it elsewhere."""
_KEYS = {"task": "task", "length": "T", "hidden_size": "H", "seed": "seed", "init": "init",
         "scaling": "scaling", "scale": "scale", "forget_bias": "bf", "update_bias": "bz",
         "loss": "loss", "loss_at": "at"}  # fmt: skip
"""Field of the settings → key of its control."""


def in_controls(settings: Settings) -> dict[str, Any]:
    """Key → value of every control that asks for these settings."""
    task, given = TASKS[settings.task], dict(settings.options)
    values = {key: getattr(settings, field) for field, key in _KEYS.items()}
    if task.length_is == "maximum":
        del values["T"]
    if settings.loss != "chosen":
        del values["at"]
    values["cells"] = list(settings.cells)
    values |= {f"{task.name}_{o.name}": given.get(o.name, o.default) for o in task.options}
    options, shown = dict(settings.cell_options), [CELLS[cell] for cell in settings.cells]
    for kind in shown:
        values |= {name: options.get(name, of[0]) for name, of in kind.choices.items()}
    values |= {hold_key(cell, gate): in_menu(value) for cell, gate, value in settings.hold}
    if settings.trained is not None:
        values |= {"plan": trained_text.written(settings.trained), "u": settings.update}
    return values | ({"edit": written(settings.edits)} if settings.edits else {})


def hold_key(cell: str, gate: str) -> str:
    """The key of the menu that holds a gate at a value."""
    return f"{cell}.{gate}"


def in_menu(value: float) -> str:
    """A value that a gate is held at, as the menu has it."""
    return f"{value:g}"


def in_link(value: Any) -> str:
    """A control's value as a link has it: it reads back as the same value.

    >>> in_link(True), in_link(0.1), in_link(["rnn", "lstm"])
    ('1', '0.1', 'rnn,lstm')
    """
    match value:
        case bool():
            return str(int(value))
        case float():
            return short if float(short := f"{value:.12g}") == value else repr(value)
        case list():
            return ",".join(value)
    return str(value)


def query(settings: Settings, controls: Iterable[tuple[str, Any]] = ()) -> dict[str, str]:
    """The parameters of a link to these settings, those at their defaults left out.

    ``controls`` are values of controls of the page that the link leads to. What was opened from a
    file is not among them: a link holds no file.

    >>> query(Settings(hidden_size=8, cells=("gru",)))
    {'H': '8', 'cells': 'gru'}
    """
    usual = in_controls(Settings())
    values = in_controls(settings)
    task = TASKS[settings.task]
    usual |= {f"{task.name}_{one.name}": one.default for one in task.options}
    usual |= {name: of[0] for cell in settings.cells for name, of in CELLS[cell].choices.items()}
    found = {key: one for key, one in values.items() if key not in usual or usual[key] != one}
    return {key: in_link(one) for key, one in (found | dict(controls)).items()}


def link(parameters: Mapping[str, str], page: str = "", *, base: str = HERE) -> str:
    """The address of a page of the app, "Cuts", or "" for the first, with these parameters."""
    asked = urlencode(parameters, safe=",:")
    return f"{base.rstrip('/')}/{page}" + (f"?{asked}" if asked else "")
