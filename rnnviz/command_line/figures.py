"""What `rnnviz run` tells of every layer: how far back the gradient reaches, and its gates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from rnnviz.analysis.one_layer import one_layer
from rnnviz.analysis.reach import Reach, alone, reach, reach_of_part
from rnnviz.analysis.units import saturation
from rnnviz.cells import short_name
from rnnviz.core.gradients import GradientFlow
from rnnviz.experiments.settings import Settings
from rnnviz.words.numbers import number, percent, power, share


def figures(settings: Settings) -> dict[str, Any]:
    """The experiment of the settings in plain values, ready for JSON; slow where it is large."""
    nets = [_net(settings, cell) for cell in settings.cells]
    return {"settings": str(settings.in_words()), "steps": len(settings.example().x), "nets": nets}


def _net(settings: Settings, cell: str) -> dict[str, Any]:
    whole = replace(settings, net=settings.net and settings.net.at(0, "forward")).flow(cell)
    lone, step = alone(whole)
    model = whole.trace.model
    return {
        "cell": short_name(cell), "of_file": settings.of_file(cell), "loss_step": step,
        "hidden_size": model.hidden_size, "parameters": model.parameter_count,
        "layers": [_layer(whole, found, *place) for place, found in _reached(lone)],
    }  # fmt: skip


def _reached(lone: GradientFlow) -> Iterator[tuple[tuple[int, str], Reach]]:
    """(Layer, direction) and how far back one loss reaches in it."""
    model = lone.trace.model
    if model.num_layers == 1 and model.directions == ("forward",):
        yield (0, "forward"), reach(lone)
        return
    for _, layer, direction in model.places():
        yield (layer, direction), reach_of_part(one_layer(lone, layer, direction))


def _layer(whole: GradientFlow, found: Reach, layer: int, direction: str) -> dict[str, Any]:
    used = saturation(whole.layer(layer, direction).trace)
    return {
        "layer": layer + 1, "direction": direction, "signal": found.signal, "step": found.start,
        "log10_share": found.log10_share, "factor": found.factor, "horizon": found.horizon,
        "straight": found.straight, "log10_norms": found.log10_norms.tolist(),
        "gates": {
            name: {"mean": float(use.mean.mean()), "low": float(use.low.mean()),
                   "high": float(use.high.mean())}
            for name, use in used.items()
        },
    }  # fmt: skip


def finding(net: dict[str, Any]) -> str:
    """The share left in the top layer, in a sentence."""
    top, step = net["layers"][-1], net["layers"][-1]["step"]
    if not step:
        return f"{net['cell']}: no step has a loss with a gradient."
    left = share(top["log10_share"])
    return f"{net['cell']}: of the gradient at step {step}, {left} reaches step 1."


def reach_rows(found: dict[str, Any]) -> list[tuple[str, ...]]:
    """A header and a row a layer, as texts."""
    rows: list[tuple[str, ...]] = [
        ("cell", "layer", "direction", "S", "share left", "mean factor", "1 % horizon",
         "norm at S", "at step 1")
    ]  # fmt: skip
    for net in found["nets"]:
        for one in net["layers"]:
            norms, step = one["log10_norms"], one["step"]
            horizon = "not reached" if one["horizon"] is None else f"{one['horizon']} steps"
            rows.append((
                net["cell"], str(one["layer"]), one["direction"], str(step),
                share(one["log10_share"]), number(one["factor"]), horizon, power(norms[step]),
                power(norms[1]),
            ))  # fmt: skip
    return rows


def gate_rows(found: dict[str, Any]) -> list[tuple[str, ...]]:
    """The same for every gate: its mean, and the shares of its values that are saturated."""
    rows: list[tuple[str, ...]] = [
        ("cell", "layer", "direction", "gate", "mean", "saturated low", "saturated high")
    ]
    for net in found["nets"]:
        for one in net["layers"]:
            rows += [
                (net["cell"], str(one["layer"]), one["direction"], name, number(use["mean"]),
                 percent(use["low"]), percent(use["high"])) for name, use in one["gates"].items()
            ]  # fmt: skip
    return rows
