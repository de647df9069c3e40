"""Count the updates of a PyTorch module: the steps of its optimisers, or its backward passes.

`torch.optim.optimizer.register_optimizer_step_post_hook`, public, tells of every step of every
optimiser, also of one that a GradScaler calls, and not of one that it skips.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from rnnviz.numerics.arrays import Array
from rnnviz.recorder.torch_pass import copied

OPTIMISER = "torch.optim.optimizer"
PATIENCE = 64
"""After so many backward passes without an update, passes are counted."""


class Updates:
    """How many updates a module has had.

    An update is a step of an optimiser that holds one of the module's parameters; all that happens
    between two backward passes is one. Until such a step is seen, a backward pass counts where it
    finds other weights than the first one did, or is the 65th or a later one: there is no optimiser
    of PyTorch then, or nothing is trained.
    """

    def __init__(self, module: Any, net: Any) -> None:
        self.net, self.count, self.passes = net, 0, 0
        self.parameters = list(module.parameters())
        self.by = ""
        self.start: list[Array] = []
        self.came_back = False

    def hook(self, told: Any) -> list[Any]:
        """Have ``told(optimiser, …)`` called after every optimiser's step; what removes it."""
        register = getattr(sys.modules.get(OPTIMISER), "register_optimizer_step_post_hook", None)
        return [] if register is None else [register(told)]

    @property
    def open(self) -> bool:
        """Whether the update that follows the last backward pass is still to come."""
        return self.by != "passes" and self.came_back

    def due(self, every: int) -> bool:
        """Whether the next backward pass may be the first of an update that is recorded."""
        return not self.by or (self.count % every == 0 and not self.open)

    def arrived(self) -> int | None:
        """Count a backward pass: the updates before it, None but for the first after an update."""
        first = not self.open
        self.came_back = True
        self.passes += 1
        if not self.by and self._by_hand():
            self.by, self.count, first = "passes", self.passes - 1, True
            self.start = []
        number = self.count
        if self.by == "passes":
            self.count += 1
        return number if first else None

    def stepped(self, optimiser: Any) -> None:
        """An optimiser made a step."""
        held = {id(one) for group in optimiser.param_groups for one in group["params"]}
        if not self.came_back or all(id(one) not in held for one in self.parameters):
            return
        self.came_back = False
        if self.by != "passes":  # there the pass has been counted already
            self.count += 1
        self.by, self.start = "steps", []

    def _by_hand(self) -> bool:
        """Whether weights were changed, or should have been by now, with no optimiser's step."""
        now = [copied(one) for one in self.net.parameters()]
        if not self.start:
            self.start = now
        same = all(np.array_equal(old, new, equal_nan=True)
                   for old, new in zip(self.start, now, strict=True))  # fmt: skip
        return not same or self.passes > PATIENCE
