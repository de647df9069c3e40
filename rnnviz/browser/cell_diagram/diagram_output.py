"""The output layer in a cell's drawing: the node y, the loss, and the initial states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from rnnviz.analysis.cell_graph import Currents
from rnnviz.analysis.output_layer import OutputLayer
from rnnviz.browser.cell_diagram.diagram_slots import Slots
from rnnviz.core.trace import LayerTrace
from rnnviz.numerics.extended_range import Scaled
from rnnviz.words import say

MOST_LISTED = 12
"""Of more outputs than these only the chosen one is listed, and the others as one row."""
DOWN = 0.9
"""How many lanes the node y lies from the way out of h."""
Edited = Sequence[tuple[str, int]]


class Readouts(NamedTuple):
    """Cell → its output layer, the names of the outputs, and the one that is looked at."""

    layers: Mapping[str, OutputLayer]
    labels: tuple[str, ...]
    chosen: int


def add_output(
    head: dict[str, Any], found: Currents, unit: int, readouts: Readouts, slots: Slots,
    edited: Edited | None, drawn: bool,
) -> None:  # fmt: skip
    """Add the loss and, where they are drawn, the node y and its wire.

    ``edited`` is None for a drawing without arithmetic. Where no output layer is shown, one node
    stands for all that h goes up to.
    """
    if head["name"] not in readouts.layers:
        if drawn:
            _add_above(head, found, unit, slots)
        return
    layer, k = readouts.layers[head["name"]], readouts.chosen
    symbol = "y_t" if len(readouts.labels) == 1 else f"y_t[{k}]"
    slope = Scaled(np.asarray(layer.slope, np.float64))
    sent = slots.gradient(found.direct, unit)
    out = next(one for one in found.graph if one.name == "h_out")
    side = 1 if out.at[1] < 4 else -1
    head["loss"] = {
        "rows": slots.gradient(slope, None), "cost": slots.add(layer.costs), "side": side,
        "name": say("the cost at step t"),
    }  # fmt: skip
    if not drawn:
        return
    head["nodes"].append({
        "name": "y", "op": "affine", "at": [out.at[0], out.at[1] + side * DOWN], "symbol": symbol,
        "title": _title(readouts), "kind": "", "face": "y", "meaning": None, "means": "",
        "color": "currentColor", "phi": "", "value": slots.add(layer.scores[:, k]),
        "back": slots.gradient(slope, k), "before": None,
    })  # fmt: skip
    head["wires"].append({
        "from": "h_out", "to": "y", "via": None, "weighted": True, "parameter": "W_y",
        "name": say("{source} · {weight}, summed, into {target}", source="h_t", weight="W_y",
                    target=symbol),
        "passes": slots.add(layer.outputs[:, unit]),
        "brings": slots.add(layer.scores[:, k] - layer.b_y[k]), "back": sent,
    })  # fmt: skip
    if edited is not None:
        head["sums"]["y"] = _sum(layer, k, slots, edited)
        head["output"] = _numbers(layer, unit, readouts, slots)


def _add_above(head: dict[str, Any], found: Currents, unit: int, slots: Slots) -> None:
    """The node for the loss or the layer above, and the wire to it."""
    out = next(one for one in found.graph if one.name == "h_out")
    side = 1 if out.at[1] < 4 else -1
    value, sent = slots.add(found.values["h"][:, unit]), slots.gradient(found.direct, unit)
    head["nodes"].append({
        "name": "above", "op": "out", "at": [out.at[0], out.at[1] + side * DOWN], "symbol": "h_t",
        "title": say("to the layer above, or to the loss"), "kind": "", "face": "", "meaning": None,
        "means": "", "color": "currentColor", "phi": "", "value": value, "back": sent,
        "before": None, "above": True,
    })  # fmt: skip
    head["wires"].append({
        "from": "h_out", "to": "above", "via": None, "weighted": False, "parameter": "",
        "name": say("h_t, to the layer above or to the loss"), "passes": value, "brings": value,
        "back": sent,
    })  # fmt: skip


def _title(readouts: Readouts) -> str:
    if len(readouts.labels) == 1:
        return say("output")
    return say("output for “{label}”", label=readouts.labels[readouts.chosen])


def _sum(layer: OutputLayer, k: int, slots: Slots, edited: Edited) -> dict[str, Any]:
    """The terms of y_t[k] = Σ_j h_t[j] W_y[j, k] + b_y[k]."""
    size, count = layer.W_y.shape
    places = [j * count + k for j in range(size)]
    weights = {
        "source": "h_t", "weight": "W_y", "parameter": "W_y", "first": 0, "places": places,
        "weights": layer.W_y[:, k].tolist(), "edited": _marks("W_y", places, edited),
        "rows": [slots.add(layer.outputs[:, j]) for j in range(size)],
    }  # fmt: skip
    bias = {
        "source": "", "weight": "b_y", "parameter": "b_y", "first": 0, "places": [k],
        "weights": [float(layer.b_y[k])], "edited": _marks("b_y", [k], edited), "rows": [],
    }  # fmt: skip
    return {"terms": [weights, bias], "added": [], "held": False}


def initial_states(trace: LayerTrace, unit: int, edited: Edited) -> dict[str, Any]:
    """Name of a past node → its state before the first step, as a sum of one term."""
    return {
        f"{name}_prev": {"terms": [{
            "source": "", "weight": f"{name}_0", "parameter": f"{name}0", "first": 0,
            "places": [unit], "weights": [float(states[0, unit])], "rows": [],
            "edited": _marks(f"{name}0", [unit], edited),
        }], "added": [], "held": False}
        for name, states in trace.initial.items()
    }  # fmt: skip


def _marks(parameter: str, places: Sequence[int], edited: Edited) -> list[int]:
    return [int((parameter, place) in edited) for place in places]


def _numbers(layer: OutputLayer, unit: int, readouts: Readouts, slots: Slots) -> dict[str, Any]:
    """Every output's score, answer, target and gradient, and what the costs add up to."""
    count, k = len(readouts.labels), readouts.chosen
    shown = list(range(count)) if count <= MOST_LISTED else [k]
    parts, slope = layer.to_hidden(unit), Scaled(np.asarray(layer.slope, np.float64))
    others = np.delete(parts, shown, axis=1).sum(axis=1, keepdims=True)
    found: dict[str, Any] = {
        "k": k, "labels": list(readouts.labels), "classes": layer.classes, "unit": unit,
        "listed": [{
            "symbol": "y_t" if count == 1 else f"y_t[{j}]", "label": readouts.labels[j],
            "score": slots.add(layer.scores[:, j]), "answer": slots.add(layer.answers[:, j]),
            "target": slots.add(layer.targets == j if layer.classes else layer.targets[:, j]),
            "slope": slots.gradient(slope, j), "part": slots.gradient(Scaled(parts), j),
            "weight": float(layer.W_y[unit, j]),
        } for j in shown],
        "others": count - len(shown), "otherPart": slots.gradient(Scaled(others), 0),
        "weight": slots.add(layer.weights), "count": int((layer.weights > 0).sum()),
        "loss": slots.add(np.full(len(layer.costs), layer.loss)),
    }  # fmt: skip
    if layer.classes:
        score = np.take_along_axis(layer.scores, layer.targets[:, None], axis=-1)[:, 0]
        with np.errstate(all="ignore"):
            whole = layer.costs + score
        found |= {"target": slots.add(layer.targets), "targetAnswer": slots.add(layer.of_target),
                  "targetScore": slots.add(score), "whole": slots.add(whole)}  # fmt: skip
    return found
