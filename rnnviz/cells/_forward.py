"""The forward step of a cell, compiled from its graph.

What no past reaches is computed for all timesteps before the loop. In the loop, all sums that one
matrix product can feed are one product, and gates with the same function are one call: their blocks
lie side by side in an order chosen here. σ takes −a, so its blocks are prepared negated. Nothing is
written in place on a strided view: NumPy computes some of those wrongly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from rnnviz.cells._drawing import Node, Wire
from rnnviz.cells._equations import Statement
from rnnviz.cells._forward_text import source_text
from rnnviz.cells._functions import function
from rnnviz.cells._layout import Further, Group, Layout
from rnnviz.cells._local import is_matrix
from rnnviz.cells._made import maker

CALLS = {name: getattr(np, name) for name in (
    "add", "copyto", "divide", "exp", "maximum", "multiply", "negative", "reciprocal",
    "subtract", "tanh",
)} | {
    "all_dot": np.dot, "function": lambda phi: function(phi).into,
    "apart": lambda of, count, size: of.reshape(*of.shape[:-1], count, size),
}  # fmt: skip
"""All that a compiled step can call; ``all_dot`` is the product of all timesteps at once."""


@dataclass(frozen=True, eq=False)
class ForwardStep:
    """A compiled forward step.

    groups     weighted sums whose inputs and biases are prepared before the loop
    further    operands with weights that are added in the loop
    runs       gates with one function, one record (T, B, n·H) each run
    recorded   the other nodes with a record (T, B, H)
    pasts      states one step before: the loop is handed their first row and carries them
    temporary  nodes (T, B, H) that are computed before the loop and read in it
    make       (weights, scratch, H) → (before, its rows, loop, its rows)
    """

    groups: tuple[Group, ...]
    further: tuple[Further, ...]
    runs: tuple[tuple[str, ...], ...]
    recorded: tuple[str, ...]
    pasts: tuple[str, ...]
    temporary: tuple[str, ...]
    text: str
    make: Callable[..., tuple[Callable[..., None], list[str], Callable[..., None], list[str]]]


def compile_forward(statement: Statement, recorded: Iterable[str]) -> ForwardStep:
    """The forward step of a statement; ``recorded`` are the nodes whose values are kept."""
    return _Forward(statement, frozenset(recorded)).compiled()


@dataclass
class _Forward:
    statement: Statement
    recorded: frozenset[str]
    made: dict[str, str] = field(default_factory=dict)
    body: dict[bool, list[str]] = field(default_factory=lambda: {True: [], False: []})
    runs: list[tuple[str, ...]] = field(default_factory=list)
    further: dict[str, Further] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    operands: int = 0

    def compiled(self) -> ForwardStep:
        self.layout = Layout(self.statement, self.recorded)
        self.nodes, self.fixed = self.layout.nodes, self.layout.fixed
        nodes = self.nodes.values()
        inner = [node for node in nodes if node.op not in ("past", "input", "out")]
        for node in inner:
            if node.op == "affine":
                self._sum(node)
            elif not self.layout.in_place(node):
                self._plain(node, self._stored(node))
        in_runs = {name for run in self.runs for name in run}
        temporary = tuple(
            n.name for n in inner if self.layout.temporary(n) and n.name not in in_runs
        )
        kept = tuple(n.name for n in inner if n.name in self.recorded - in_runs)
        pasts = [node.name for node in nodes if node.op == "past"]
        rows = {*in_runs, *kept, *temporary, *(group.key for group in self.layout.groups)}
        text = source_text(self.made, self.body, self.runs, pasts, rows)
        return ForwardStep(
            self.layout.groups, tuple(self.further.values()), tuple(self.runs), kept,
            tuple(pasts), temporary, text, maker(text, CALLS),
        )  # fmt: skip

    # Where a value lives. Its variable is n_ and its name.

    def _stored(self, node: Node) -> str:
        name = f"n_{node.name}"
        if node.name in self.recorded or self.layout.temporary(node):
            return name
        if self.fixed[node.name]:
            self.body[True].append(f"{name} = wide(1)")
        else:
            self.made[name] = "new(1)"
        return name

    # Operations unit by unit.

    def _plain(self, node: Node, to: str) -> None:
        emit = self.body[self.fixed[node.name]].append
        of = [f"n_{wire.source}" for wire in node.of]
        match node.op:
            case "times":
                emit(f"multiply({of[0]}, {of[1]}, {to})")
                for other in of[2:]:
                    emit(f"multiply({to}, {other}, {to})")
            case "plus":
                first = self.nodes[node.of[0].source]
                if self.layout.in_place(first):
                    self._plain(first, to)
                    of[0] = to
                emit(f"add({of[0]}, {of[1]}, {to})")
                for other in of[2:]:
                    emit(f"add({to}, {other}, {to})")
            case "rest":
                emit(f"subtract({self._ones(1, self.fixed[node.name])}, {of[0]}, {to})")
            case "share":
                emit(f"add({of[0]}, {of[1]}, {to})")
                emit(f"divide({of[0]}, {to}, {to})")
            case "phi":
                if node.phi == "sigmoid":
                    emit(f"negative({of[0]}, {to})")
                    of[0] = to
                self._function(node.phi, of[0], to, 1, self.fixed[node.name])

    def _function(self, phi: str, of: str, to: str, count: int, fixed: bool) -> None:
        """φ of some blocks; σ finds its operand negated."""
        emit = self.body[fixed].append
        match phi:
            case "sigmoid":
                # On the way it stays in rows without gaps, where every call is faster.
                between = to if fixed else f"grown_{count}"
                if not fixed:
                    self.made[between] = f"new({count})"
                emit(f"exp({of}, {between})")
                emit(f"add({between}, {self._ones(count, fixed)}, {between})")
                emit(f"reciprocal({between}, {to})")
            case "tanh":
                emit(f"tanh({of}, {to})")
            case "relu":
                self.made["zero" if fixed else f"zeros_{count}"] = (
                    "number(0)" if fixed else f"0 * ones({count})"
                )
                emit(f"maximum({of}, {'zero' if fixed else f'zeros_{count}'}, out={to})")
            case "identity":
                emit(f"copyto({to}, {of})")
            case _:
                known = [name for name, made in self.made.items() if made == f"function({phi!r})"]
                name = known[0] if known else f"phi_{len(self.made)}"
                self.made[name] = f"function({phi!r})"
                emit(f"{name}({of}, {to})")

    def _ones(self, count: int, fixed: bool) -> str:
        """Ones of the row's shape: a Python number would double the time of a short sum."""
        name, value = ("one", "number(1)") if fixed else (f"ones_{count}", f"ones({count})")
        self.made[name] = value
        return name

    # Weighted sums.

    def _sum(self, node: Node) -> None:
        """All sums of the node's group that have the same further operands."""
        if node.name in self.done:
            return
        group = next(group for group in self.layout.groups if node in group.nodes)
        fixed, base = self.fixed[node.name], f"n_{group.key}"
        further, alike = self.layout.further(node), self.layout.alike(node)
        members = [
            one for one in group.nodes
            if one is node or (alike and self.layout.further(one) == further)
        ]  # fmt: skip
        if group.source:
            scratch = f"p_{group.key}"
            if self._alone(group):
                scratch = f"n_{node.name}"
            if not self.done & {one.name for one in group.nodes}:
                if not self._alone(group):
                    self._scratch(scratch, len(group.nodes), fixed)
                self.made[f"w_{group.key}"] = f"W[{group.key!r}]"
                product = _product(f"n_{group.source}", f"w_{group.key}", scratch, fixed)
                self.body[fixed] += [product, f"add({base}, {scratch}, {scratch})"]
            base = self._blocks(scratch, group.nodes, members, fixed)
        for wire in further:
            base = self._add_further(members, wire, base, fixed)
        for kind in dict.fromkeys((one.phi, self.layout.state(one)) for one in members):
            run = [one for one in members if (one.phi, self.layout.state(one)) == kind]
            self._run(run, self._blocks(base, members, run, fixed), fixed)
        self.done |= {one.name for one in members}

    def _scratch(self, name: str, count: int, fixed: bool) -> None:
        """Room for some blocks: of all timesteps before the loop, of one in it."""
        if fixed:
            self.body[True].append(f"{name} = wide({count})")
        else:
            self.made[name] = f"new({count})"

    def _alone(self, group: Group) -> bool:
        """Whether a group is one recorded sum as it is: it needs no scratch."""
        (node, *others) = group.nodes
        plain = node.phi == "identity" and not self.layout.further(node)
        return not others and plain and node.name in self.recorded

    def _blocks(self, base: str, of: Iterable[Node], some: list[Node], fixed: bool) -> str:
        """A view of some of the blocks that lie side by side in an array."""
        names, count = [one.name for one in of], len(some)
        if len(names) == count:
            return base
        start = names.index(some[0].name)
        view = f"{base}_{start}_{count}"
        blocks = f"{base}[..., {start} * size : {start + count} * size]"
        if fixed:
            self.body[True].append(f"{view} = {blocks}")
        else:
            self.made[view] = blocks
        return view

    def _add_further(self, members: list[Node], wire: Wire, base: str, fixed: bool) -> str:
        self.operands += 1
        key = f"further_{self.operands}"
        to, count, emit = f"e_{key}", len(members), self.body[fixed].append
        self._scratch(to, count, fixed)
        if not wire.weight:
            sign = "subtract" if members[0].phi == "sigmoid" else "add"
            emit(f"{sign}({base}, n_{wire.source}, {to})")
            return to
        self.further[key] = Further(key, tuple(members), wire)
        self.made[f"w_{key}"] = f"W[{key!r}]"
        if is_matrix(self.statement, wire.weight):
            emit(_product(f"n_{wire.source}", f"w_{key}", to, fixed))
        else:
            wide = f"apart({to}, {count}, size)"
            if fixed:
                emit(f"{to}_wide = {wide}")
            else:
                self.made[f"{to}_wide"] = wide
            emit(f"multiply(n_{wire.source}[..., None, :], w_{key}, {to}_wide)")
        emit(f"add({base}, {to}, {to})")
        return to

    def _run(self, run: list[Node], base: str, fixed: bool) -> None:
        names = tuple(one.name for one in run)
        here = not any(self.layout.temporary(one) for one in run)
        if run[0].phi == "identity" and here and not self.recorded & set(names):
            for one in run:
                self.body[fixed].append(f"n_{one.name} = {self._blocks(base, run, [one], fixed)}")
            self.layout.aliases |= set(names)
            return
        self.runs.append(names)
        to = f"n_{names[0]}" if len(names) == 1 else f"run_{len(self.runs) - 1}"
        if to == base:
            return
        self._function(run[0].phi, base, to, len(names), fixed)


def _product(row: str, matrix: str, to: str, fixed: bool) -> str:
    """A row times a matrix; in the loop by the array's method, 0.2 µs faster than `np.dot`."""
    return f"all_dot({row}, {matrix}, {to})" if fixed else f"{row}.dot({matrix}, {to})"
