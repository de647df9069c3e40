"""MODEL and SEQUENCE of a line, and the options beside them, as `Settings`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from rnnviz.cells import CELLS, is_typed, known_cell
from rnnviz.command_line.completed import Name
from rnnviz.command_line.faults import wrong
from rnnviz.core.initialisation import RECURRENT
from rnnviz.experiments.opened import OpenedNet, OpenedSequence
from rnnviz.experiments.opening import opened_net, read_any
from rnnviz.experiments.settings import LOSS_PLACES, Settings
from rnnviz.formats import read
from rnnviz.formats.found import Net, NetFile
from rnnviz.formats.limits import FILE_BYTES, MEGA
from rnnviz.formats.reading import refuse_large
from rnnviz.numerics.validation import meant, shown
from rnnviz.tasks import TASKS
from rnnviz.training.stored import is_run

USUAL = Settings()
CELL = Name(CELLS)
MODEL, SEQUENCE = Name(CELLS, files=True), Name(TASKS, files=True)
Function = Callable[..., Any]


def net_options(function: Function) -> Function:
    """Which net of a file is meant, and what the file does not tell."""
    for one in (
        click.option("--answer", "answers", multiple=True, metavar="NAME=VALUE",
                     help="What the file does not tell, such as nonlinearity=relu."),
        click.option("--net", metavar="NAME", help="Which of several nets in the file."),
    ):  # fmt: skip
        function = one(function)
    return function


def fresh_options(function: Function) -> Function:
    """What a fresh net and a task's sequence are made of; the defaults are those of the pages."""
    number: dict[str, Any] = {"type": float, "show_default": True}
    for one in (
        click.option("--update-bias", default=USUAL.update_bias, help="b_z of a fresh GRU.",
                     **number),
        click.option("--forget-bias", default=USUAL.forget_bias, help="b_f of a fresh LSTM.",
                     **number),
        click.option("--gain", default=USUAL.scale, help="Multiplies W_h of a fresh net.",
                     **number),
        click.option("--init", default=USUAL.init, show_default=True,
                     type=click.Choice(list(RECURRENT)),
                     help="How a fresh net's weights are drawn."),
        click.option("--seed", default=USUAL.seed, show_default=True, type=click.IntRange(0),
                     help="Of a fresh net's weights and a task's sequence."),
        click.option("-T", "--length", default=USUAL.length, show_default=True,
                     type=click.IntRange(1), help="Timesteps of a task's sequence."),
        click.option("-H", "--hidden-size", default=USUAL.hidden_size, show_default=True,
                     type=click.IntRange(1), help="Units of a fresh net."),
        click.option("--loss", default=USUAL.loss, show_default=True,
                     help="Where losses sit: last, every, task, or steps such as \"10, 20-25\"."),
    ):  # fmt: skip
        function = one(function)
    return function


def settings(
    model: str, sequence: str, *, net: str | None = None, answers: tuple[str, ...] = (),
    cells: tuple[str, ...] = (), loss: str = USUAL.loss, hidden_size: int = USUAL.hidden_size,
    length: int = USUAL.length, seed: int = USUAL.seed, init: str = USUAL.init,
    gain: float = USUAL.scale, forget_bias: float = USUAL.forget_bias,
    update_bias: float = USUAL.update_bias,
) -> Settings:  # fmt: skip
    """The experiment of a line, checked; ``cells`` are fresh nets beside MODEL.

    Raises UsageError or ValueError of one sentence, OSError for a file that cannot be read.
    """
    opened = None if is_cell(model) else opened_file(Path(model), net, answers)
    if opened is None and (net is not None or answers):
        raise wrong(f"`--net` and `--answer` are for files, and {model} is a cell")
    own = model if opened is None else opened.cell
    for one in cells:
        if one not in CELLS:
            raise wrong(f"`--cell` must be one of {', '.join(CELLS)}, got "
                        f"{shown(one)}{meant(one, CELLS)}")  # fmt: skip
    read_there = None if sequence in TASKS else _sequence(sequence, opened)
    place = loss if loss in LOSS_PLACES else "chosen"
    made = Settings(
        task=sequence if sequence in TASKS else USUAL.task, length=length, seed=seed, init=init,
        hidden_size=hidden_size, cells=tuple(dict.fromkeys((own, *cells))), scale=gain,
        forget_bias=forget_bias, update_bias=update_bias, loss=place,
        loss_at=loss if place == "chosen" else "", net=opened, sequence=read_there,
    )  # fmt: skip
    made.check()
    return made


def is_cell(model: str) -> bool:
    """Whether MODEL is a cell's name and not a file.

    Raises UsageError where it is neither, ValueError for equations that make no cell.
    """
    if is_typed(model):
        return bool(known_cell(model))
    if model not in CELLS:
        _refuse_no_file("MODEL must be a file of weights, or one of the cells", model, CELLS)
    return model in CELLS


def _refuse_no_file(rule: str, given: str, names: Iterable[str]) -> None:
    """Raise FileNotFoundError of what looks like a file's name, UsageError of what does not."""
    path = Path(given)
    if given and path.exists():
        return
    if path.suffix or len(path.parts) > 1:
        raise FileNotFoundError(0, "", given)
    raise wrong(f"{rule} {', '.join(names)}, got {shown(given)}{meant(given, names)}")


def content(path: Path) -> bytes:
    """The bytes of a file, of which no more are read than any format may have.

    Raises OSError, and Refusal for a larger file.
    """
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        refuse_large(path.name, size)
        data = file.read(FILE_BYTES + 1)
    if len(data) > FILE_BYTES:  # of a pipe or device, whose size nobody knows before
        raise ValueError(f"{path} must have at most {FILE_BYTES / MEGA:.0f} MB, got more.")
    return data


def opened_file(path: Path, net: str | None, answers: tuple[str, ...]) -> OpenedNet:
    """The net of a file, as the pages open it."""
    file, one = found_in(path, net)
    return opened_net(file, one, given(one, answers))


def found_in(path: Path, net: str | None) -> tuple[NetFile, Net]:
    """The nets of a file, and the one that is meant."""
    data = content(path)
    if is_run(data):
        raise ValueError(f"{path} holds a training run, not a net: `rnnviz train` writes the "
                         "trained net, too, with --net.")  # fmt: skip
    file = read(data, path.name)
    return file, file.net(net)


def given(net: Net, answers: tuple[str, ...]) -> dict[str, Any]:
    """NAME=VALUE texts as the values among which the file's questions let choose."""
    choices = {one.name: {str(choice): choice for choice in one.choices} for one in net.questions}
    found = {}
    for text in answers:
        name, sign, value = text.partition("=")
        if not sign:
            raise wrong(f"`--answer` must be NAME=VALUE, got {text!r}")
        found[name] = choices.get(name, {}).get(value, value)
    return found


def _sequence(sequence: str, net: OpenedNet | None) -> OpenedSequence:
    _refuse_no_file("SEQUENCE must be a file, or one of the tasks", sequence, TASKS)
    return read_any(content(Path(sequence)), Path(sequence).name, net)
