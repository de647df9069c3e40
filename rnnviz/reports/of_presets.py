"""The figures of the page that a preset is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rnnviz import plot
from rnnviz.advice import definitions
from rnnviz.analysis.gradient_paths import roads
from rnnviz.analysis.loss_attribution import itemised
from rnnviz.analysis.spectrum import singular_values
from rnnviz.core.gradients import GradientFlow
from rnnviz.experiments.presets import Preset
from rnnviz.reports.parts import Chart, Heading, Part
from rnnviz.words import say

Flows = Mapping[str, GradientFlow]


def figures(preset: Preset, flows: Flows) -> Iterator[Part]:
    """The preset's own figures, none where its page shows what every report has."""
    if preset.page in OF_FLOWS:
        yield from OF_FLOWS[preset.page](preset, flows)
    elif preset.off is not None and preset.page in OF_OTHERS:
        yield from OF_OTHERS[preset.page](preset.off(preset.settings))


def _attributions(preset: Preset, flows: Flows) -> Iterator[Part]:
    """Each loss's gradient apart, of every cell's memory state."""
    maps = {cell: itemised(one.trace, one.outputs, state=one.trace.model.cell.states[-1])
            for cell, one in flows.items()}  # fmt: skip
    yield Heading(say("Whose gradient?"))
    chart = plot.attributions_by_cell(maps)
    yield Chart(chart, say(definitions.ATTRIBUTIONS), say(definitions.ATTRIBUTIONS))


def _paths(preset: Preset, flows: Flows) -> Iterator[Part]:
    """The gradient along the memory state and through the weights."""
    found = {cell: roads(one.trace, one.outputs) for cell, one in flows.items()}
    yield Heading(say("Two paths"))
    chart = plot.paths_by_cell(found)
    yield Chart(chart, say(definitions.PATHS), say(definitions.PATHS))


def _spectra(preset: Preset, flows: Flows) -> Iterator[Part]:
    """Singular values of each step and of their product."""
    yield Heading(say("Stretching"))
    for one in flows.values():
        chart = plot.spectrum(singular_values(one.trace))
        yield Chart(chart, say(definitions.SINGULAR_VALUES), say(definitions.SINGULAR_VALUES))


def _units(preset: Preset, flows: Flows) -> Iterator[Part]:
    """How often every gate of every unit is open or closed."""
    yield Heading(say("Units, one by one"))
    words = say(definitions.SATURATION)
    for one in flows.values():
        if any(signal.kind == "gate" for signal in one.trace.model.cell.signals):
            yield Heading(say(one.trace.model.cell.title), 3)
            yield Chart(plot.saturation(one.trace), words, words)


def _depth(found: tuple[GradientFlow, GradientFlow]) -> Iterator[Part]:
    """Two directions and one."""
    yield Heading(say("Depth and direction"))
    for one in found:
        yield Chart(plot.depth_map(one), say(definitions.DEPTH), say(definitions.DEPTH))


def _problems(found: Any) -> Iterator[Part]:
    """Steps to a loss, and gradients, of an unrolled problem."""
    yield Heading(say("Problem types"))
    yield Chart(plot.problem_paths(found), say(definitions.PATHS_TO_LOSS),
                say(definitions.PATHS_TO_LOSS))  # fmt: skip


def _latch(found: Any) -> Iterator[Part]:
    """One unit as a system: its fixed points, and the gradient that is left."""
    yield Heading(say("Systems playground"))
    yield Chart(plot.bifurcation(found), say(definitions.FIXED_POINTS),
                say(definitions.FIXED_POINTS))  # fmt: skip


def _windows(found: Mapping[int, Any]) -> Iterator[Part]:
    """The error of training in windows of two lengths."""
    yield Heading(say("Training"))
    yield Chart(plot.training_losses(list(found.values())), say(definitions.WINDOWS),
                say(definitions.WINDOWS))  # fmt: skip


OF_FLOWS: Mapping[str, Callable[[Preset, Flows], Iterator[Part]]] = {
    "pages/Whose_gradient.py": _attributions, "pages/Roads.py": _paths,
    "pages/Spectrum.py": _spectra, "pages/Units.py": _units,
}  # fmt: skip
OF_OTHERS: Mapping[str, Callable[[Any], Iterator[Part]]] = {
    "pages/Depth.py": _depth, "pages/Problem_types.py": _problems, "pages/Systems.py": _latch,
    "pages/Training.py": _windows,
}  # fmt: skip
