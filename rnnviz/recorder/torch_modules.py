"""Follow a PyTorch module while it is trained, by its public hooks; torch is not imported.

A hook after the forward pass sees what the module reads, hooks on what it returns see the gradient
that comes back. They copy and change nothing.
"""

from __future__ import annotations

import os
import warnings
from typing import Any

import numpy as np

from rnnviz.core.model import Model
from rnnviz.numerics.validation import whole_number
from rnnviz.recorder.process import Recorder
from rnnviz.recorder.torch_pass import Pass, model_now, packed, recurrent
from rnnviz.recorder.units import moved
from rnnviz.recorder.watcher import Watch, number_of
from rnnviz.words import word

DROPOUT = word("dropout between the layers")


class ModuleWatch:
    """The hooks of one module, and the record that waits for the end of its backward pass."""

    def __init__(
        self, module: Any, folder: str | os.PathLike[str], every: int, examples: int,
        net: str | None, snapshots: int, name: str | None, guessing: float | None = None,
    ) -> None:  # fmt: skip
        self.net = recurrent(module, net)
        self.every = whole_number("every", every)
        self.examples = whole_number("examples", examples)
        writer = Watch(folder, snapshots=snapshots, name=name, guessing=guessing).writer
        self.recorder = Recorder(writer.folder, snapshots)
        last = writer.last
        self.passes = 0
        self.before = 0 if last is None else last + 1
        self.waiting: tuple[int, Model | None, Any] | None = None
        self.norms: list[Any] | None = None
        self.given_loss: Any = None
        if getattr(self.net, "dropout", 0) and self.net.num_layers > 1:
            writer.leave_out(DROPOUT)
        self.hooks: list[Any] = [one.register_hook(self._parameter) for one in module.parameters()
                                 if one.requires_grad]  # fmt: skip
        self._attach()

    def loss(self, value: Any) -> None:
        """The loss of the batch at hand, a number or a tensor of one element."""
        self.given_loss = value.detach() if hasattr(value, "detach") else value

    def close(self) -> None:
        """Take the hooks off and write what waits."""
        for one in self.hooks:
            one.remove()
        self.hooks = []
        self._guarded(self._finish)
        self._guarded(self.recorder.close)

    def _attach(self) -> None:
        """Set the hooks on the net itself."""
        self.hooks.append(self.net.register_forward_hook(self._forward, with_kwargs=True))

    def _forward(self, net: Any, args: Any, kwargs: Any, output: Any) -> None:
        self._guarded(self._finish)
        self._guarded(self._follow, net, args, kwargs, output)

    def _follow(self, net: Any, args: Any, kwargs: Any, output: Any) -> None:
        """Set hooks on what a forward pass returned."""
        out, states = output
        rows = out.data if packed(out) else out
        if not rows.requires_grad:
            return
        watched = self.passes % self.every == 0
        one = Pass(net, args, kwargs, out, self.examples)
        self.norms, self.given_loss = ([], None) if watched else (None, None)
        rows.register_hook(lambda gradient: self._guarded(self._arrived, one, "", gradient))
        for name, state in zip("hc", states if isinstance(states, tuple) else (states,),
                               strict=False):  # fmt: skip
            state.register_hook(
                lambda gradient, name=name: self._guarded(self._arrived, one, name, gradient)
            )

    def _arrived(self, one: Pass, name: str, gradient: Any) -> None:
        """A gradient came back: the pass counts, and is kept if its turn has come."""
        if gradient is None:  # nothing reads this output
            return
        if not one.counted:
            one.counted = True
            step = self.passes
            self.passes += 1
            if step % self.every == 0:
                self.waiting = self.before + step, one.model(), one
        if self.waiting is not None and self.waiting[2] is one:
            one.take(name, gradient)

    def _parameter(self, gradient: Any) -> None:
        if self.norms is not None:
            self.norms.append(gradient.detach().norm())

    def _finish(self) -> None:
        """Record what waits."""
        if self.waiting is None:
            return
        (step, model, one), self.waiting = self.waiting, None
        norms = [float(norm) for norm in self.norms or ()]
        total = float(np.sqrt(np.square(norms).sum())) if norms else None
        loss = number_of("loss", self.given_loss)
        if model is None:
            self.recorder.send_lost(step, loss)
            return
        batch, left_out = one.batch(model)
        after = model_now(self.net)  # the next pass begins: the update has been made
        update = float("inf") if after is None else moved(model, after)
        self.recorder.send(step, model, batch, loss, total, left_out, update)

    def _guarded(self, action: Any, *arguments: Any) -> None:
        """Recording must never stop training."""
        try:
            action(*arguments)
        except Exception as error:  # whatever it is, training goes on
            for one in self.hooks:
                one.remove()
            self.hooks, self.waiting = [], None
            warnings.warn(f"rnnviz.watch records no more: {error}", stacklevel=3)
