"""What the symbols of a typed cell are: gates, candidates and states, with words for each."""

from __future__ import annotations

from rnnviz.cells._base import Signal, candidate, gate, state
from rnnviz.cells._derived import kept
from rnnviz.cells._drawing import Node
from rnnviz.cells._equations import Statement
from rnnviz.cells._function_names import parts
from rnnviz.cells._roles import REST, roles_of
from rnnviz.words import Sentence, sentence, word

GATES = {
    "f": word("forget gate"), "i": word("input gate"), "o": word("output gate"),
    "z": word("update gate"), "r": word("reset gate"), "k": word("kept share"),
}  # fmt: skip
STATES = {"h": word("hidden state"), "c": word("cell state")}
BOUNDED = ("sigmoid", "hard_sigmoid", "hard_sigmoid_6")
"""The functions whose values lie from 0 to 1."""


def signals_of(own: Statement, states: tuple[str, ...]) -> tuple[Signal, ...]:
    """Gates and candidates in the order of the equations, then the states."""
    gates = [name for name in own.lines if name not in states and is_gate(own, name)]
    others = [name for name in own.lines
              if name not in (*states, *gates) and _is_candidate(own, name)]  # fmt: skip
    keep, _ = kept(own, states[-1], tuple(gates))
    roles = roles_of(own, states, gates, others, keep)
    found = [_gate(name, {role for role, one in roles.items() if one == name},
                   coupled=roles.get("write") == f"{REST}{name}") for name in gates]  # fmt: skip
    found += [candidate(name) for name in others]
    return (*found, *(state(name, STATES[name]) for name in reversed(states)))


def is_gate(own: Statement, name: str) -> bool:
    """Whether a node lies from 0 to 1 by what it is made of."""
    node = own.node(name)
    of = [wire.source for wire in node.of]
    match node.op:
        case "affine":
            return parts(node.phi)[0] in BOUNDED
        case "phi" if parts(node.phi)[0] == "affine":
            return name in own.lines and _within(node) and _from_0_to_1(own, of[0])
        case "phi" if node.phi != "identity":
            return parts(node.phi)[0] in BOUNDED
        case "rest" | "share" | "times" | "phi":
            return name in own.lines and all(_from_0_to_1(own, one) for one in of)
    return False


def _within(node: Node) -> bool:
    """Whether a number times the operand plus a number leaves 0 … 1 within 0 … 1."""
    alpha, beta = parts(node.phi)[1] or (1.0, 0.0)
    return 0 <= beta <= 1 and 0 <= alpha + beta <= 1


def _from_0_to_1(own: Statement, name: str) -> bool:
    node = own.node(name)
    if node.op == "phi" and parts(node.phi)[0] == "affine":
        return _within(node) and _from_0_to_1(own, node.of[0].source)
    if node.op in ("rest", "share", "times") or (node.op == "phi" and node.phi == "identity"):
        return all(_from_0_to_1(own, wire.source) for wire in node.of)
    return node.op in ("affine", "phi") and parts(node.phi)[0] in BOUNDED


def _is_candidate(own: Statement, name: str) -> bool:
    """Whether a weighted sum reaches other symbols as it is, not inside a function alone."""
    node = own.node(name)
    if node.op == "phi" and node.phi != "identity":
        inner = own.node(node.of[0].source)
        if parts(node.phi)[0] == "affine" and inner.phi != "identity":
            return name in own.lines and inner.op in ("affine", "phi")
        return inner.op == "affine" and inner.phi == "identity" and inner.name != "c"
    if node.op != "affine":
        return False
    return node.phi != "identity" or (any(
        _unit_by_unit(user, name) for user in own.nodes
    ) and not _inside(own, name))  # fmt: skip


def _unit_by_unit(user: Node, name: str) -> bool:
    return user.op in ("times", "plus", "rest", "share", "phi") and any(
        wire.source == name for wire in user.of
    )


def _inside(own: Statement, name: str) -> bool:
    """Whether every way on from a node leads into a function or another sum with weights."""
    users = [node for node in own.nodes if any(wire.source == name for wire in node.of)]
    return all(
        user.op == "affine" or (user.op == "phi" and user.phi != "identity")
        or (user.op in ("times", "plus", "phi") and f"{user.name}_out" not in _names(own)
            and _inside(own, user.name))
        for user in users
    )  # fmt: skip


def _names(own: Statement) -> set[str]:
    return {node.name for node in own.nodes}


def _gate(name: str, roles: set[str], *, coupled: bool) -> Signal:
    title = GATES.get(name, word("gate"))
    if "keep" in roles and coupled:
        return gate(name, title, at_0=word("replaces"), at_1=word("keeps"))
    if "keep" in roles:
        return gate(name, title, at_0=word("erases"), at_1=word("keeps"))
    if "write" in roles:
        return gate(name, title, at_0=word("blocks"), at_1=word("writes"))
    if "read" in roles and name == "r":
        return gate(name, title, at_0=word("ignores the past"), at_1=word("uses it"))
    if "read" in roles:
        return gate(name, title, at_0=word("hides"), at_1=word("shows"))
    return gate(name, title, at_0=word("shut"), at_1=word("open"))


def path_of(own: Statement, states: tuple[str, ...], signals: tuple[Signal, ...]) -> Sentence:
    """How the memory gets to the next step, in a sentence."""
    memory = states[-1]
    keep, unscaled = kept(own, memory, tuple(signal.name for signal in signals))
    if keep is not None:
        return sentence("{s} is carried along the top: {gate} scales the old {s}, and what is new "
                        "is added.", s=memory, gate=keep)  # fmt: skip
    if unscaled:
        return sentence("{s} is carried along the top unscaled: no gate erases what was added.",
                        s=memory)  # fmt: skip
    return sentence("There is no shortcut for {s}: the old value reaches the new one through "
                    "weights and functions alone.", s=memory)  # fmt: skip
