"""What the hubs of a cell depend on, ∂hub/∂(a state), by name: chains of local derivatives.

They are found once for a statement; of one record only the numbers are computed. Where h is made of
the new c, its dependence on c is found with the states before held fixed, and c's rows are put in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rnnviz.cells._local import Local, is_matrix

Chain = tuple[tuple[str, str], ...]
"""Keys of `Local.factors` that are multiplied, from the later hub to the earlier."""


@dataclass(frozen=True)
class Dependence:
    """∂hub/∂(a state), the other states held fixed: the sum of three kinds of terms.

    diagonal  chains; their sum is a number a unit
    rows      (parameter, block) → chains; their sum multiplies each row of that matrix
    products  (parameter, block, earlier hub) → the same, for the matrix times what that hub
              depends on; they alone cost a product of matrices a timestep
    """

    diagonal: list[Chain] = field(default_factory=list)
    rows: dict[tuple[str, str], list[Chain]] = field(default_factory=dict)
    products: dict[tuple[str, str, str], list[Chain]] = field(default_factory=dict)

    @property
    def zero(self) -> bool:
        """Whether there is no term."""
        return not (self.diagonal or self.rows or self.products)

    def add(self, other: Dependence, first: Chain = ()) -> None:
        """Take the terms of another, each multiplied by a chain."""
        self.diagonal.extend(first + chain for chain in other.diagonal)
        for matrix, chains in other.rows.items():
            self.rows.setdefault(matrix, []).extend(first + chain for chain in chains)
        for product, chains in other.products.items():
            self.products.setdefault(product, []).extend(first + chain for chain in chains)


class Recurrence:
    """How the hubs of a statement depend on its states."""

    def __init__(self, local: Local) -> None:
        """Find nothing yet."""
        self.local, self.states = local, local.states
        self.known: dict[tuple[str, str], Dependence] = {}

    @cached_property
    def blocks(self) -> Mapping[tuple[str, str], Dependence]:
        """(state, past) → how the state depends on it; (h, c) → how h depends on the new c.

        Where h takes but a diagonal from the new c, and c's rows cost no product, they are put in.
        """
        order = [hub for hub in self.local.hubs if hub in self.states]
        found: dict[tuple[str, str], Dependence] = {}
        for k, state in enumerate(order):
            own = {past: self.of(state, f"{past}_prev") for past in self.states}
            if k:
                earlier = order[k - 1]
                through, known = self.of(state, earlier), [found[earlier, p] for p in self.states]
                if through.rows or through.products or any(one.products for one in known):
                    found[state, f"{earlier} now"] = through
                else:
                    own = {past: self._put_in(one, through, found[earlier, past])
                           for past, one in own.items()}  # fmt: skip
            found |= {(state, past): one for past, one in own.items()}
        return found

    def _put_in(self, own: Dependence, through: Dependence, known: Dependence) -> Dependence:
        whole = Dependence()
        whole.add(own)
        for chain in through.diagonal:
            whole.add(known, chain)
        return whole

    def of(self, hub: str, state: str) -> Dependence:
        """How a hub depends on a state, ``h_prev`` or one of the same step."""
        if (hub, state) not in self.known:
            self.known[hub, state] = self._made(hub, state)
        return self.known[hub, state]

    def _made(self, hub: str, state: str) -> Dependence:
        if hub == state:
            return Dependence([()])
        found = Dependence()
        if hub.endswith("_prev"):
            return found
        for source in self.local.out_of(hub):
            if source == state or source not in self.states:
                found.add(self.of(source, state), ((source, hub),))
        if hub.startswith("a:"):
            self._add_products(found, hub.removeprefix("a:"), state)
        return found

    def _add_products(self, found: Dependence, name: str, state: str) -> None:
        node = self.local.statement.node(name)
        for wire in node.of:
            if wire.source == "x" or not is_matrix(self.local.statement, wire.weight):
                continue
            if wire.source == state:
                found.rows.setdefault((wire.weight, node.reads), []).append(())
            elif wire.source not in self.states and not self.of(wire.source, state).zero:
                key = wire.weight, node.reads, wire.source
                found.products.setdefault(key, []).append(())
