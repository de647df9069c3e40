"""What scripts of every library have in common: their head, their data and their parts."""

from __future__ import annotations

import base64
import io
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from rnnviz.cells import Cell
from rnnviz.core.losses import Loss
from rnnviz.exports.scripts.experiment import Experiment, Net, gathered
from rnnviz.numerics.arrays import Array

WIDTH = 96
UNNAMED = "\nclass NAME("
"""How a class of a cell begins, before it has its name; lines of comments begin with another sign.
"""
LONGEST = 600
"""Characters of a title that stands in a script."""


@cache
def parts(library: str) -> Mapping[str, str]:
    """The parts of a library's template by name: what follows each line ``#:: name``."""
    text = Path(__file__).with_name(f"{library}.txt").read_text("utf-8")
    found = (one.partition("\n") for one in text.split("#:: ")[1:])
    return {name: body for name, _, body in found}


def comment(*paragraphs: str) -> str:
    """Texts as comments; what is no printable character, as the end of a line, is left out.

    No text can leave its comment, since only an end of line ends one.
    """
    made = []
    for one in paragraphs:
        plain = "".join(c if c.isprintable() else " " for c in one)[:LONGEST]
        made += [f"# {line}".rstrip() for line in textwrap.wrap(plain, WIDTH) or [""]]
    return "\n".join(made) + "\n"


def head(library: str, package: str, experiment: Experiment) -> str:
    """What the script is, as comments."""
    version = import_module("rnnviz").__version__
    return comment(
        f"An experiment of rnnviz {version} as a {library} script: {experiment.words}", "",
        f"Run it with Python; it needs numpy and {package}. It builds the same nets with the same "
        "weights, which stand at its end, and prints the norm of dL/dh_t (and of dL/dc_t) at every "
        "timestep t beside the one that rnnviz found. Its exit code is 1 where the largest "
        f"relative error is above {experiment.tolerance:g}.", "",
        "Where the states are chaotic (a large gain on W_h), rounding errors grow from step to "
        "step, and no two libraries agree to so many digits.",
    )  # fmt: skip


def embedded(arrays: Mapping[str, Any]) -> str:
    """Arrays as the statement that ends a script: the bytes of a .npz file as text."""
    np.savez_compressed(file := io.BytesIO(), allow_pickle=False, **arrays)
    text = base64.b64encode(file.getvalue()).decode()
    lines = "\n".join(text[k : k + WIDTH] for k in range(0, len(text), WIDTH))
    return f'DATA = """\n{lines}\n"""\n'


MAIN = '\n\nif __name__ == "__main__":\n    sys.exit(main())\n'


@dataclass
class Library:
    """A library's template, and how a net is written for it.

    ``maker`` returns the function that makes a net, and the arrays that it reads; it puts the
    classes of cells that the library has not into ``classes``, code → name.
    """

    name: str
    package: str
    maker: Callable[[Net, dict[str, str]], tuple[str, Mapping[str, Array]]]
    handed_on: tuple[str, str]
    slots: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """What stands for a slot of the check, without a way back and with one."""

    def __call__(self, source: Any, loss: Loss | None = None) -> str:
        """The script of settings, a gradient flow or a trace."""
        return self.script(gathered(source, loss))

    def script(self, experiment: Experiment) -> str:
        """The whole script of an experiment."""
        part = {**parts("shared"), **parts(self.package)}
        classes: dict[str, str] = {}
        data, makers = dict(experiment.data), ""
        for net in experiment.nets:
            code, weights = self.maker(net, classes)
            makers += code
            data |= {f"{net.name}.{name}": one for name, one in weights.items()}
        body = [part["own"]] if classes else []
        body += [code.replace(UNNAMED, UNNAMED.replace("NAME", name), 1) + "\n\n"
                 for code, name in classes.items()]  # fmt: skip
        body += [part["standard"]] if "cells_of(" in makers else []
        projected = any(net.trace.model.projected for net in experiment.nets)
        body += [part["net"].replace("{handed_on}", self.handed_on[projected]), part["under"],
                 part["weights"], makers, "NETS = {\n"]  # fmt: skip
        body += [f'    "{net.name}": make_{net.name},\n' for net in experiment.nets]
        body.append("}\n\n\n")
        body += self._checks(experiment.kind, part)
        text = "".join(body)
        start = part["head"].format(dtype=experiment.x.dtype.name, tolerance=experiment.tolerance)
        if "functional." not in text:
            start = start.replace("from torch.nn import functional\n", "")
        said = head(self.name, self.package, experiment)
        return "".join([said, start, text, embedded(data), MAIN])

    def _checks(self, kind: str, part: Mapping[str, str]) -> list[str]:
        """The loss, the way back and the comparison; without a loss the forward pass alone."""
        back = kind != "none"
        slots = {"backward": ("", part["backward"].strip("\n") + "\n"), **self.slots}
        check = part["check"]
        for name, said in slots.items():
            check = check.replace(f"{{{name}}}", said[back])
        own = [part[kind], part["compare"]] if back else []
        return [*own, part["shared"], check, part["main"]]


def class_name(cell: Cell, code: str, known: dict[str, str]) -> str:
    """A name for a cell's class, the same for the same code; ``known`` has code → name."""
    if code not in known:
        base = type(cell).__name__
        base = base if base.isascii() and base.isidentifier() else "OwnCell"
        count = sum(name.startswith(base) for name in known.values())
        known[code] = base if not count else f"{base}_{count + 1}"
    return known[code]
