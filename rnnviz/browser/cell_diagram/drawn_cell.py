"""The cell, drawn from its own description, with what runs on every wire at every timestep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.cell_graph import Currents, Term, terms
from rnnviz.browser.cell_diagram.diagram_output import Readouts, add_output, initial_states
from rnnviz.browser.cell_diagram.diagram_slots import Slots
from rnnviz.cells import Node, Signal, Wire, called, symbol
from rnnviz.figures import palette
from rnnviz.words import say, word

Values = NDArray[np.float64]
TITLES = {
    "rest": word("the rest, 1 − gate"),
    "share": word("the first one's share of the two"),
    "times": word("product"),
    "plus": word("sum"),
    "phi": word("function value"),
    "affine": word("weighted sum"),
}


def drawn_cell(
    name: str, found: Currents, unit: int, readouts: Readouts, slots: Slots, large: bool,
    edited: Sequence[tuple[str, int]] | None, fixed: bool = False, alone: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """One cell's drawing; without ``edited`` its output layer is left out."""
    kind = found.trace.cell
    symbols = {node.name: _symbol(node, found) for node in found.graph}
    head: dict[str, Any] = {
        "name": name, "title": say(kind.title), "color": palette.cell_css(name), "unit": unit,
        "caption": say(kind.path) if kind.path else "",
        "nodes": [_node(node, found, unit, slots, symbols) for node in found.graph],
        "wires": [
            _wire(node, wire, found, unit, slots, symbols)
            for node in found.graph for wire in node.of
        ],
        "next": {state: slots.gradient(one, unit) for state, one in found.arriving.items()},
    }  # fmt: skip
    if large and edited is not None:
        if not alone:
            head["units"] = [slots.add(one) for one in found.values["h"].T]
        head["sums"] = {
            node.name: _sum(node, found, unit, slots, symbols, edited)
            for node in found.graph if node.op == "affine"
        }  # fmt: skip
        if fixed:
            head["sums"] = {name: one | {"fixed": True, "held": True}
                            for name, one in head["sums"].items()}  # fmt: skip
        else:
            head["initial"] = initial_states(found.trace, unit, edited)
    add_output(head, found, unit, readouts, slots, edited if large else None, edited is not None)
    return head


def _signal(node: Node, found: Currents) -> Signal | None:
    name = node.name.removesuffix("_prev").removesuffix("_out")
    return next((one for one in found.trace.cell.signals if one.name == name), None)


def _symbol(node: Node, found: Currents) -> str:
    """The symbol of a node as in the equations: c_{t−1}, f_t, f_t ⊙ c_{t−1}."""
    if node.op == "past":
        return f"{node.name.removesuffix('_prev')}_{{t−1}}"
    if node.op == "out":
        return f"{node.name.removesuffix('_out')}_t"
    if node.op == "input" or _signal(node, found) is not None:
        return f"{node.name}_t"
    operands = [_symbol(_named(found, wire.source), found) for wire in node.of]
    match node.op:
        case "times":
            return " ⊙ ".join(f"({one})" if " " in one else one for one in operands)
        case "rest":
            return f"1 − {operands[0]}"
        case "share":
            return f"{operands[0]} / ({operands[0]} + {operands[1]})"
        case "phi":
            return called(node.phi, operands[0])
    return f"{node.name}_t"


def _named(found: Currents, name: str) -> Node:
    return next(node for node in found.graph if node.name == name)


def _node(
    node: Node, found: Currents, unit: int, slots: Slots, symbols: dict[str, str]
) -> dict[str, Any]:
    signal, column = _signal(node, found), unit
    value = found.values[node.name][:, column] if node.op != "input" else _input(found)
    kind = signal.kind if signal and node.op not in ("past", "input", "out") else ""
    if node.op == "out":
        rows = slots.gradient(found.arriving[node.name.removesuffix("_out")], unit)
    else:
        rows = slots.gradient(found.gradients[node.name], None if node.op == "input" else unit)
    return {
        "name": node.name, "op": node.op, "at": list(node.at), "symbol": symbols[node.name],
        "title": _title(node, signal, found),
        "kind": kind, "face": _face(node, kind),
        "meaning": [say(signal.at_1), say(signal.at_0)] if signal and signal.at_1 else None,
        "means": say("1 {at_1}, 0 {at_0}", at_1=say(signal.at_1), at_0=say(signal.at_0))
        if signal and signal.at_1 else "",
        "color": palette.signal_css(signal.name) if signal and kind else "currentColor",
        "phi": symbol(node.phi), "value": slots.add(value), "back": rows,
        "before": slots.gradient(found.before[node.name], unit)
        if node.op == "affine" and node.phi != "identity" else None,
    }  # fmt: skip


def _title(node: Node, signal: Signal | None, found: Currents) -> str:
    hold = found.trace.cell.hold
    if node.op == "input":
        return say("input") if found.values["x"].shape[1] == 1 else say("norm of the inputs")
    if signal is None:
        return say(TITLES[node.op])
    title = say(signal.title)
    if node.op not in ("past", "out") and node.name in hold:
        return say("{gate}, held at {value:g}", gate=title, value=hold[node.name])
    return say("{state} as it leaves this step", state=title) if node.op == "out" else title


def _input(found: Currents) -> Values:
    """The one input, or the norm of several."""
    x = found.values["x"]
    return np.asarray(x[:, 0] if x.shape[1] == 1 else np.linalg.norm(x, axis=1))


def _face(node: Node, kind: str) -> str:
    """The text on a node."""
    match node.op:
        case "times":
            return "⊙"
        case "plus":
            return "+"
        case "rest" if not kind:
            return "1−"
        case "phi":
            return symbol(node.phi) or "="
        case "affine" if not kind:
            return _matrix(node)
    return node.name if kind else ""


def _matrix(node: Node) -> str:
    """The name on a weighted sum: its matrix that the past goes through, if there is one."""
    wires = [wire for wire in node.of if wire.weight]
    past = [wire for wire in wires if wire.source != "x"]
    return (past or wires)[0].weight if wires else "W"


def _wire(
    node: Node, wire: Wire, found: Currents, unit: int, slots: Slots, symbols: dict[str, str]
) -> dict[str, Any]:
    path, source = (wire.source, node.name), _named(found, wire.source)
    column = None if source.op == "input" else unit
    gradient = found.back[path]
    if node.op == "out":
        name = say("{state}, on to the next step", state=symbols[wire.source])
    else:
        name = say("{source} into {target}", source=symbols[wire.source],
                   target=symbols[node.name])  # fmt: skip
    if wire.weight:
        name = say("{source} · {weight}, summed, into {target}", source=symbols[wire.source],
                   weight=_weight(wire.weight, node), target=symbols[node.name])  # fmt: skip
    given = _input(found) if source.op == "input" else found.values[wire.source][:, unit]
    passes = slots.add(given)
    brings = slots.add(found.brings[path][:, unit]) if wire.weight else passes
    return {
        "from": wire.source, "to": node.name, "via": wire.via and list(wire.via), "name": name,
        "weighted": bool(wire.weight), "parameter": wire.weight, "passes": passes, "brings": brings,
        "back": slots.gradient(gradient, column),
    }  # fmt: skip


def _weight(parameter: str, node: Node) -> str:
    """W_xf: which parameter, and which block of it."""
    block = node.block or node.name
    return f"{parameter}{block}" if "_" in parameter else f"{parameter}_{block}"


def _sum(
    node: Node, found: Currents, unit: int, slots: Slots, symbols: dict[str, str],
    edited: Sequence[tuple[str, int]],
) -> dict[str, Any]:  # fmt: skip
    """The terms of an affine node's sum."""
    rows = []
    for term in terms(found.trace, node, unit):
        past = _past(term, found, unit)
        marks = [int((term.parameter, int(place)) in edited) for place in term.entries]
        rows.append({
            "source": symbols.get(term.source, ""), "weight": _weight(term.parameter, node),
            "parameter": term.parameter, "weights": term.weights.tolist(),
            "places": term.entries.tolist(), "edited": marks,
            "rows": [slots.add(past[:, k]) for k in range(past.shape[1])] if term.source else [],
            "first": unit if len(term.weights) == 1 and term.source not in ("", "x") else 0,
        })  # fmt: skip
    plain = [wire.source for wire in node.of if not wire.weight]
    added = [
        {"source": symbols[name], "row": slots.add(found.values[name][:, unit])} for name in plain
    ]
    return {"terms": rows, "added": added, "held": node.name in found.trace.cell.hold}


def _past(term: Term, found: Currents, unit: int) -> Values:
    past = found.values.get(term.source, np.empty((len(found.values["x"]), 0)))
    return past[:, unit : unit + 1] if past.shape[1] != len(term.weights) else past
