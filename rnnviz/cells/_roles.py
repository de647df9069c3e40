"""What each signal of a cell does for the memory state, read from the cell's equations.

The memory state s is the last of ``states``. In s = k ⊙ s_{t−1} + w ⊙ g the gate k keeps, w writes
the candidate g, and a further gate that is a factor somewhere reads: o lets h out of c, r lets the
past into the candidate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rnnviz.cells._drawing import Node
from rnnviz.cells._equations import Statement
from rnnviz.numerics.arrays import Array

ROLES = ("memory", "keep", "write", "read", "candidate", "hidden")
"""In the order in which they are shown; "hidden" is h, where h is not the memory state."""
REST = "1 − "
"""What stands before a signal that takes a role by what is left of it: 1 − z."""


def values_of(name: str, record: Mapping[str, Array]) -> Array:
    """A signal's recorded values, or one minus them for "1 − z"."""
    plain = name.removeprefix(REST)
    return record[name] if plain == name else 1 - record[plain]


def roles_of(
    own: Statement, states: Sequence[str], gates: Sequence[str], candidates: Sequence[str],
    keep: str | None,
) -> dict[str, str]:  # fmt: skip
    """Role → signal, or ``1 - signal``; a role that nothing has is left out."""
    write = next(_writing(own, states[-1], gates), None)
    taken = {keep, write}
    found = {
        "memory": states[-1],
        "keep": keep,
        "write": write,
        "read": next((one for one in gates if one not in taken and _multiplies(own, one)), None),
        "candidate": next(iter(candidates), None),
        "hidden": states[0] if len(states) > 1 else None,
    }
    return {role: signal for role, signal in found.items() if signal is not None}


def _writing(own: Statement, state: str, gates: Sequence[str]) -> Iterator[str]:
    """The factors by which something other than the past state enters a state."""
    past = f"{state}_prev"
    for wire in own.node(state).of:
        product = own.node(wire.source)
        sources = [one.source for one in product.of]
        if product.op == "times" and past not in sources:
            yield from filter(None, (_factor(own.node(one), gates) for one in sources))


def _factor(node: Node, gates: Sequence[str]) -> str | None:
    if node.name in gates:
        return node.name
    left = node.of[0].source if node.op == "rest" else None
    return f"{REST}{left}" if left in gates else None


def _multiplies(own: Statement, gate: str) -> bool:
    return any(node.op == "times" and any(wire.source == gate for wire in node.of)
               for node in own.nodes)  # fmt: skip
