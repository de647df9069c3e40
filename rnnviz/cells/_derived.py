"""What a cell's equations say of it: its blocks, the gate that keeps its memory, its roles."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rnnviz.cells._display import displayed
from rnnviz.cells._drawing import Node
from rnnviz.cells._equations import Statement
from rnnviz.cells._roles import REST, roles_of
from rnnviz.cells._stated import Signal

BIAS_ARGUMENTS = {"f": "forget_bias", "z": "update_bias"}
"""Block → the argument of `rnnviz.build` that sets its bias; other names go by the state."""


def derived(
    own: Statement, states: tuple[str, ...], signals: tuple[Signal, ...]
) -> dict[str, Any]:
    """What a cell's attributes are by its equations."""
    names = tuple(signal.name for signal in signals)
    keeping, open_path = kept(own, states[-1], names)
    opened_by = _opened_by(own, keeping)
    gates, candidates = ([one.name for one in signals if one.kind == kind]
                         for kind in ("gate", "candidate"))  # fmt: skip
    return {
        "blocks": own.blocks,
        "holds": frozenset(node.name for node in own.nodes if _can_be_held(own, node)),
        "sees_past": "W_h" in own.parameters,
        "bias_blocks": _biases(own, states[-1], opened_by or keeping),
        "signals": printed(signals, own),
        "keeping_gate": keeping,
        "open_path": open_path,
        "keeping_block": opened_by,
        "roles": roles_of(own, states, gates, candidates, keeping),
    }


def printed(signals: tuple[Signal, ...], own: Statement) -> tuple[Signal, ...]:
    names = tuple(signal.name for signal in signals)
    return tuple(replace(one, equation=displayed(own, one.name, names)) for one in signals)


def _can_be_held(own: Statement, node: Node) -> bool:
    return (
        node.op == "affine" and node.phi == "sigmoid" and node.reads == node.name
        and "b" in node.biases and all(wire.weight for wire in node.of)
    )


def kept(own: Statement, state: str, signals: tuple[str, ...]) -> tuple[str | None, bool]:
    """The gate that multiplies a state on its way on, and whether it goes on as it is."""
    past = f"{state}_prev"
    for node in own.nodes:
        sources = [wire.source for wire in node.of]
        if past not in sources:
            continue
        if node.op == "times":
            factors = [own.node(one) for one in sources if one != past]
            gates = [one.name for one in factors if one.name in signals and one.op != "past"]
            gates += [f"{REST}{left}" for one in factors
                      if one.op == "rest" and (left := one.of[0].source) in signals]  # fmt: skip
            if gates and any(user.name == state for user in _users(own, node.name)):
                return gates[0], False
        straight = node.op == "plus" or (node.op == "affine" and node.phi == "identity" and any(
            wire.source == past and not wire.weight for wire in node.of
        ))  # fmt: skip
        if straight and node.name == state:
            return None, True
    return None, False


def _users(own: Statement, name: str) -> list[Node]:
    return [node for node in own.nodes if any(wire.source == name for wire in node.of)]


def _biases(own: Statement, state: str, block: str | None) -> dict[str, str]:
    """The argument of `rnnviz.build` that sets the bias by which the gate that keeps is opened."""
    if block is None or block not in own.parameters.get("b", ()):
        return {}
    usual = "forget_bias" if state == "c" else "update_bias"
    return {BIAS_ARGUMENTS.get(block, usual): block}


def _opened_by(own: Statement, gate: str | None) -> str | None:
    """The block whose bias opens a gate that has no weights of its own."""
    if gate is None or gate.startswith(REST) or own.node(gate).op not in ("share", "times", "phi"):
        return None
    return next((wire.source for wire in own.node(gate).of if wire.source in own.blocks), None)
