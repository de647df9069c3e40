"""Follow nn.RNNCell, nn.LSTMCell or nn.GRUCell in a loop: a call is a timestep.

Calls of which each begins with the states that the one before returned are one sequence. What comes
back to h_t is the sum of what the loss sends there and of what comes through the next call. To tell
the two apart the next call of a recorded pass is handed a view of h_t, whose gradient is the second
alone. c_t is handed out as a view, for within a call h_t sends a gradient to c_t, too. Numbers and
training stay the same to the bit.
"""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np

from rnnviz.core.model import Model
from rnnviz.numerics.arrays import Array
from rnnviz.recorder.measures import Batch
from rnnviz.recorder.torch_modules import ModuleWatch
from rnnviz.recorder.torch_pass import copied
from rnnviz.words import word

OTHERS = word("calls of the cell that do not begin with the states that the call before returned")
INNER = word("the gradient of cell states c that the loss reads before the last step")


class Steps:
    """The calls of one pass: copies of the first examples, and what comes back to their states."""

    def __init__(self, examples: int, start: dict[str, Any]) -> None:
        self.examples = examples
        self.start = {name: self.kept(one)[None] for name, one in start.items()}
        self.x: list[Array] = []
        self.whole: dict[tuple[str, int], Array] = {}
        self.through: dict[tuple[str, int], Array] = {}
        self.left_out: list[str] = []

    def kept(self, tensor: Any) -> Array:
        """The first examples, (B, ·), copied."""
        return copied((tensor[None] if tensor.ndim == 1 else tensor)[: self.examples])

    def batch(self, model: Model) -> tuple[Batch, list[str]]:
        """What is recorded of it, and what could not be taken into account."""
        x, size = np.stack(self.x), model.hidden_size
        dh, dc = (np.stack([self._direct(name, t, (x.shape[1], size)) for t in range(len(x))])
                  for name in "hc")  # fmt: skip
        if dc[:-1].any():
            self.left_out.append(INNER)
        final = {"c": dc[-1:]} if dc[-1].any() else {}
        return Batch(x, dh.astype(x.dtype), None, self.start, final), self.left_out

    def _direct(self, name: str, t: int, shape: tuple[int, int]) -> Array:
        """What comes to a state from the loss alone."""
        whole = self.whole.get((name, t))
        if whole is None:
            return np.zeros(shape)
        return whole - self.through.get((name, t), np.zeros(1, whole.dtype))


class CellWatch(ModuleWatch):
    """`ModuleWatch` for a cell that is called once a timestep."""

    def _attach(self) -> None:
        self.steps: Steps | None = None
        self.last: tuple[Any, ...] = ()
        self.back = False
        first = next(one for one in self.net.parameters() if one.requires_grad)
        self.hooks += [
            self.net.register_forward_pre_hook(self._before, with_kwargs=True),
            self.net.register_forward_hook(self._forward, with_kwargs=True),
            first.register_hook(lambda gradient: self._guarded(self._came_back)),
        ]

    def _before(self, net: Any, args: Any, kwargs: Any) -> Any:
        """Hand the cell views of the states, in a pass that is recorded."""
        handed: list[Any] = [None]
        self._guarded(self._hand_on, handed, args, kwargs)
        return handed[0]

    def _hand_on(self, handed: list[Any], args: Any, kwargs: Any) -> None:
        if self.back:
            self._next()
            self.steps, self.back = None, False
        given = args[1] if len(args) > 1 else kwargs.get("hx")
        states = () if given is None else given if isinstance(given, tuple) else (given,)
        before = tuple(one() for one in self.last)
        goes_on = bool(states) and len(states) == len(before) and all(
            one is other for one, other in zip(states, before, strict=True))  # fmt: skip
        if not goes_on or self.steps is None:
            self._begin(states)
        elif states[0].requires_grad:
            views = tuple(one.view_as(one) for one in states)
            at = len(self.steps.x) - 1
            for name, one in zip("hc", views, strict=False):
                self._keep(one, self.steps.through, (name, at))
            whole = views if isinstance(given, tuple) else views[0]
            handed[0] = ((args[0], whole, *args[2:]), kwargs) if len(args) > 1 else (
                args, {**kwargs, "hx": whole})  # fmt: skip

    def _begin(self, states: tuple[Any, ...]) -> None:
        """A sequence begins; of several before one way back the first is recorded."""
        self.last = ()
        if self.steps is not None and self.steps.x:
            if OTHERS not in self.steps.left_out:
                self.steps.left_out.append(OTHERS)
            return
        if self.updates.due(self.every):
            self.steps = Steps(self.examples, dict(zip("hc", states, strict=False)))
        self._begun()

    def _forward(self, net: Any, args: Any, kwargs: Any, output: Any) -> Any:
        """Hand out c as a view, in a pass that is recorded."""
        handed: list[Any] = [None]
        self._guarded(self._hand_out, handed, args, kwargs, output)
        return handed[0]

    def _hand_out(self, handed: list[Any], args: Any, kwargs: Any, output: Any) -> None:
        """Keep what a call read, and set hooks on what it returns."""
        states = output if isinstance(output, tuple) else (output,)
        if not states[0].requires_grad or self.steps is None:
            return
        if self.steps.x and not self.last:
            return  # another sequence of the same pass
        if isinstance(output, tuple):
            handed[0] = states = (states[0], states[1].view_as(states[1]))
        self.last = tuple(weakref.ref(one) for one in states)
        at = len(self.steps.x)
        self.steps.x.append(self.steps.kept(args[0] if args else kwargs["input"]))
        for name, one in zip("hc", states, strict=False):
            self._keep(one, self.steps.whole, (name, at))

    def _keep(self, tensor: Any, kept: dict[tuple[str, int], Array], at: tuple[str, int]) -> None:
        steps = self.steps
        assert steps is not None

        def keep(gradient: Any) -> None:
            if gradient is not None:
                found = steps.kept(gradient)
                kept[at] = kept[at] + found if at in kept else found

        tensor.register_hook(lambda gradient: self._guarded(keep, gradient))

    def _came_back(self) -> None:
        """A backward pass reached the cell's weights: it counts."""
        if self.back:
            return
        self.back = True
        self._counted(self.steps if self.steps is not None and self.steps.x else None)
