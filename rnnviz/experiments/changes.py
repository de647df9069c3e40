"""Single changes of settings that may help a gradient reach further back, or stop it.

A change is other settings with its name in words. Whether it helps is measured by `remedies`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from rnnviz.cells import CELLS
from rnnviz.core.initialisation import OWN_GATE_BIASES
from rnnviz.experiments.settings import Settings
from rnnviz.tasks import TASKS
from rnnviz.words import Sentence, sentence, word

USUAL = Settings().cells
LOWEST, HIGHEST = -2.0, 6.2
"""The gate biases that are tried lie between these."""
SMALLEST, LARGEST = 0.05, 3.0
"""So do the gains and spectral radii."""
SCHEMES = {
    "orthogonal": word("W_h orthogonal"), "identity": word("W_h = identity"),
    "chrono": word("chrono initialisation"),
}  # fmt: skip
STEP_DOWN = 2
"""A shorter sequence is this many times shorter."""


class Change(NamedTuple):
    """Other settings, the cell to look at in them, and the change in words, as «b_f 3 → 3.9»."""

    words: Sentence
    settings: Settings
    cell: str


def helping(settings: Settings, cell: str, factor: float) -> list[Change]:
    """The changes to try on a cell whose gradient has the mean factor ``factor`` a step."""
    kind = settings.kind(cell)
    found = [*_released(settings, cell), *_unedited(settings, cell)]
    found += [*_biases(settings, cell), *_schemes(settings, cell)]
    if kind.sees_past:
        if np.isfinite(factor) and factor > 0:
            found += _scaled(settings, cell, settings.scale / factor)
        if (settings.scaling, settings.scale) != ("radius", 1.0) and not _edited(settings, cell):
            found.append(_radius(settings, cell, 1.0))
    found += [*_other_phi(settings, cell), *_identity_relu(settings, cell)]
    found += [*_other_cells(settings, cell), *_shorter(settings, cell)]
    return [one for one in found if allowed(one.settings)]


def closing(settings: Settings, cell: str) -> list[Change]:
    """Changes that close the gate that keeps, the first that can be the first; else a low gain."""
    gate, found = CELLS[cell].keeping_gate, []
    for argument in free_biases(settings, cell):
        if getattr(settings, argument) > LOWEST:
            found.append(_bias(settings, cell, argument, LOWEST))
    if gate in CELLS[cell].holdable() and settings.held(cell).get(gate or "") != 0:
        found.append(_held(settings, cell, str(gate), 0.0))
    if gate is None and CELLS[cell].sees_past:
        found += _scaled(settings, cell, settings.scale / 2)
    return [one for one in found if allowed(one.settings)]


def exploding(settings: Settings, cell: str) -> list[Change]:
    """Changes that enlarge W_h, and with it the gradient, the mildest first."""
    if not CELLS[cell].sees_past or _edited(settings, cell):
        return []
    found = [_radius(settings, cell, radius) for radius in (1.5, LARGEST)]
    choices = CELLS[cell].choices.get("nonlinearity", ())
    if "identity" in choices and dict(settings.cell_options).get("nonlinearity") != "identity":
        straight = _option(settings, "nonlinearity", "identity")
        found.append(Change(
            sentence(word("φ = identity and ρ(W_h) = {radius:g}"), radius=1.5),
            replace(straight, scaling="radius", scale=1.5), cell,
        ))  # fmt: skip
    return [one for one in found if allowed(one.settings)]


def saturating(settings: Settings, cell: str) -> list[Change]:
    """Changes that drive φ and the gates to their ends, where their slope is near 0."""
    found = _scaled(settings, cell, LARGEST) if CELLS[cell].sees_past else []
    return [one for one in found if allowed(one.settings)]


def allowed(settings: Settings) -> bool:
    """Whether these settings can be shown."""
    try:
        settings.check()
    except ValueError:
        return False
    return True


def free_biases(settings: Settings, cell: str) -> list[str]:
    """The settings of those gate biases of a cell that count: neither drawn nor of a held gate."""
    if settings.init in OWN_GATE_BIASES:
        return []
    return [argument for argument, block in CELLS[cell].bias_blocks.items()
            if block not in settings.held(cell)]  # fmt: skip


def _biases(settings: Settings, cell: str) -> Iterator[Change]:
    steps = len(settings.example().x)
    for argument in free_biases(settings, cell):
        now = getattr(settings, argument)
        wanted = round(float(np.log(max(steps - 1, 1))), 1)
        aim = wanted if now < wanted - 0.05 else now + 1
        if now < min(aim, HIGHEST):
            yield _bias(settings, cell, argument, min(aim, HIGHEST))


def _bias(settings: Settings, cell: str, argument: str, value: float) -> Change:
    block = CELLS[cell].bias_blocks[argument]
    words = sentence("b_{gate} {now} → {value}", gate=block, value=_short(value),
                     now=_short(getattr(settings, argument)))  # fmt: skip
    fields: dict[str, Any] = {argument: value}
    return Change(words, replace(settings, **fields), cell)


def _released(settings: Settings, cell: str) -> Iterator[Change]:
    for gate, value in settings.held(cell).items():
        rest = tuple(one for one in settings.hold if one[:2] != (cell, gate))
        yield Change(
            sentence(word("{gate} = {value:g} → free"), gate=gate, value=value),
            replace(settings, hold=rest), cell,
        )  # fmt: skip


def _edited(settings: Settings, cell: str) -> bool:
    """Whether an entry of the cell's W_h is set by hand: no scheme or radius is exact then."""
    return any((one.cell, one.parameter) == (cell, "W_h") for one in settings.edits)


def _unedited(settings: Settings, cell: str) -> Iterator[Change]:
    if any(one.cell == cell for one in settings.edits):
        rest = tuple(one for one in settings.edits if one.cell != cell)
        yield Change(sentence(word("without the edited weights")), replace(settings, edits=rest),
                     cell)  # fmt: skip


def _held(settings: Settings, cell: str, gate: str, value: float) -> Change:
    rest = tuple(one for one in settings.hold if one[:2] != (cell, gate))
    return Change(
        sentence(word("{gate} held at {value:g}"), gate=gate, value=value),
        replace(settings, hold=(*rest, (cell, gate, value))), cell,
    )  # fmt: skip


def _schemes(settings: Settings, cell: str) -> Iterator[Change]:
    free = CELLS[cell].sees_past and not _edited(settings, cell)
    schemes = ["orthogonal", "identity"] if free else []
    if CELLS[cell].keeps_by is not None:
        schemes.append("chrono")
    for init in schemes:
        if init != settings.init:
            yield Change(sentence(SCHEMES[init]), replace(settings, init=init), cell)


def _scaled(settings: Settings, cell: str, scale: float) -> list[Change]:
    """The gain or the spectral radius set to the nearest hundredth that can be."""
    value = round(min(max(scale, SMALLEST), LARGEST), 2)
    if value == settings.scale or (settings.scaling == "radius" and _edited(settings, cell)):
        return []
    words = (
        sentence(word("gain {now:g} → {value:g}"), now=settings.scale, value=value)
        if settings.scaling == "gain"
        else sentence("ρ(W_h) {now:g} → {value:g}", now=settings.scale, value=value)
    )
    return [Change(words, replace(settings, scale=value), cell)]


def _radius(settings: Settings, cell: str, radius: float) -> Change:
    return Change(sentence("ρ(W_h) = {radius:g}", radius=radius),
                  replace(settings, scaling="radius", scale=radius), cell)  # fmt: skip


def _option(settings: Settings, name: str, value: Any) -> Settings:
    rest = tuple(pair for pair in settings.cell_options if pair[0] != name)
    return replace(settings, cell_options=(*rest, (name, value)))


def _other_phi(settings: Settings, cell: str) -> Iterator[Change]:
    choices = CELLS[cell].choices.get("nonlinearity", ())
    now = dict(settings.cell_options).get("nonlinearity")
    if choices and now not in (None, choices[0]):
        yield Change(sentence("φ = {phi}", phi=choices[0]),
                     _option(settings, "nonlinearity", choices[0]), cell)  # fmt: skip


def _identity_relu(settings: Settings, cell: str) -> Iterator[Change]:
    """Le, Jaitly and Hinton 2015: W_h is the identity and φ is ReLU."""
    now = dict(settings.cell_options).get("nonlinearity")
    if "relu" not in CELLS[cell].choices.get("nonlinearity", ()) or _edited(settings, cell):
        return
    if (settings.init, now) != ("identity", "relu"):
        other = _option(settings, "nonlinearity", "relu")
        yield Change(
            sentence(word("W_h = identity and φ = ReLU")),
            replace(other, init="identity", scaling="gain", scale=1.0), cell,
        )  # fmt: skip


def _other_cells(settings: Settings, cell: str) -> Iterator[Change]:
    for other in USUAL:
        if other in settings.cells:
            continue
        cells = {other if one == cell else one for one in settings.cells}
        # In the order of the sidebar, so that the settings are those that it asks for.
        rest = [one for one in settings.cells if one in cells and one not in USUAL]
        order = [*(one for one in USUAL if one in cells), *rest]
        hold = tuple(one for one in settings.hold if one[0] in cells)
        words = sentence(word("{other} in place of {cell}"), other=sentence(CELLS[other].title),
                         cell=sentence(CELLS[cell].title))  # fmt: skip
        yield Change(words, replace(settings, cells=tuple(order), hold=hold), other)


def _shorter(settings: Settings, cell: str) -> Iterator[Change]:
    """The sequence of half the length, where its length is not that of a text."""
    if TASKS[settings.task].length_is == "maximum" or settings.length < 2 * STEP_DOWN:
        return
    length = settings.length // STEP_DOWN
    words = sentence("T {now} → {value}", now=settings.length, value=length)
    yield Change(words, replace(settings, length=length), cell)


def _short(value: float) -> str:
    """A number as the sidebar has it, with a real minus sign."""
    return f"{value:g}".replace("-", "−")
