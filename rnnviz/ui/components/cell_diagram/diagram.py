"""The cell, drawn from its own graph, with the values on every wire at every timestep."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rnnviz.analysis.cell_graph import Currents
from rnnviz.analysis.expanded_sum import Expanded
from rnnviz.browser.cell_diagram.diagram_output import Readouts
from rnnviz.browser.cell_diagram.drawing import diagram_packet, unrolled_packet
from rnnviz.browser.cell_diagram.drawn_cell import Values
from rnnviz.ui.components._register import component

_DIAGRAM = component("cell_diagram/diagram")
_UNROLLED = component("cell_diagram/unrolled")


def diagram(
    found: Mapping[str, Currents], unit: int, readouts: Readouts, *, key: str, back: bool,
    large: bool, chosen: str = "", edited: Sequence[tuple[str, int]] = (), heard: int = 0,
    fixed: bool = False,
    on_choose: Callable[[], None] | None = None, on_edit: Callable[[], None] | None = None,
    on_unit: Callable[[], None] | None = None, on_output: Callable[[], None] | None = None,
) -> None:  # fmt: skip
    """Draw `diagram_packet`: one cell large, with its arithmetic below, or several as compact maps.

    Events: ``choose`` (a cell's name), ``unit`` and ``output`` (a number) and ``edit`` ({cell,
    parameter, place, value, at}); ``heard`` is the last edit's ``at``, the browser's time in ms
    when it was sent.
    """
    nothing: Callable[[], None] = lambda: None  # noqa: E731
    data = diagram_packet(found, unit, readouts, back=back, large=large, chosen=chosen,
                          edited=edited, heard=heard, fixed=fixed)  # fmt: skip
    _DIAGRAM(
        key=key, data=data,
        on_choose_change=on_choose or nothing, on_edit_change=on_edit or nothing,
        on_unit_change=on_unit or nothing, on_output_change=on_output or nothing,
    )  # fmt: skip


def unrolled(
    name: str, found: Currents, norms: Mapping[str, Values], unit: int, readouts: Readouts, *,
    key: str, back: bool, expanded: Expanded | None = None,
) -> None:  # fmt: skip
    """Draw `unrolled_packet`: timesteps side by side, and below them how large the gradient is."""
    _UNROLLED(key=key, data=unrolled_packet(name, found, norms, unit, readouts, back=back,
                                            expanded=expanded))  # fmt: skip
