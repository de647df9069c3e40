"""Follow a PyTorch module while it is trained, by its public hooks; torch is not imported.

A hook after the forward pass sees what the module reads, hooks on what it returns see the gradient
that comes back. They copy and change nothing.
"""

from __future__ import annotations

import os
import warnings
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from rnnviz.core.model import Model
from rnnviz.numerics.validation import whole_number
from rnnviz.recorder.process import Recorder
from rnnviz.recorder.torch_pass import Pass, model_now, packed, recurrent
from rnnviz.recorder.torch_updates import Updates
from rnnviz.recorder.units import moved
from rnnviz.recorder.watcher import Watch, clipping, number_of
from rnnviz.recorder.writing import RunWriter
from rnnviz.words import word

DROPOUT = word("dropout between the layers")


@dataclass
class Waiting:
    """A pass that is recorded when the update after it has been made.

    ``norms``, of each parameter's gradient, and ``loss`` are None until the next pass begins,
    ``clip`` until `ModuleWatch.clipped` is called.
    """

    step: int
    model: Model | None
    kept: Any
    norms: list[Any] | None = None
    loss: Any = None
    clip: tuple[Any, float] | None = None

    def total(self) -> float | None:
        """The norm of all gradients; None where a second loss went back through the pass."""
        norms = [float(norm) for norm in self.norms or () if norm is not None]
        together = bool(norms) and len(norms) == len(self.norms or ())
        return float(np.sqrt(np.square(norms).sum())) if together else None


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
        self.before = 0 if last is None else last + 1
        self.waiting: Waiting | None = None
        self.norms: dict[int, Any] | None = None
        self.given_loss: Any = None
        self.failed = False
        if getattr(self.net, "dropout", 0) and self.net.num_layers > 1:
            writer.leave_out(DROPOUT)
        self.updates = Updates(module, self.net)
        self.hooks: list[Any] = [
            one.register_hook(partial(self._parameter, k))
            for k, one in enumerate(module.parameters()) if one.requires_grad
        ]  # fmt: skip
        self.hooks += self.updates.hook(
            lambda optimiser, *_: self._guarded(self.updates.stepped, optimiser))
        self._attach()

    def loss(self, value: Any) -> None:
        """The loss of the batch at hand, a number or a tensor of one element."""
        self.given_loss = value.detach() if hasattr(value, "detach") else value

    def clipped(self, norm: Any, most: float) -> None:
        """That the gradients were clipped, before the optimiser's step.

        ``norm`` is what torch.nn.utils.clip_grad_norm_ returns, the norm before clipping, and
        ``most`` what it was told the norm may be at most.
        """
        if self.waiting is not None and self.waiting.clip is None:
            self.waiting.clip = norm.detach() if hasattr(norm, "detach") else norm, most

    def close(self) -> None:
        """Take the hooks off and write what waits."""
        for one in self.hooks:
            one.remove()
        self.hooks = []
        self._guarded(self._next)
        self._guarded(self._finish)
        self._guarded(self.recorder.close)

    def _attach(self) -> None:
        """Set the hooks on the net itself."""
        self.hooks.append(self.net.register_forward_hook(self._forward, with_kwargs=True))

    def _forward(self, net: Any, args: Any, kwargs: Any, output: Any) -> None:
        self._guarded(self._next)
        self._guarded(self._follow, net, args, kwargs, output)

    def _follow(self, net: Any, args: Any, kwargs: Any, output: Any) -> None:
        """Set hooks on what a forward pass returned."""
        out, states = output
        rows = out.data if packed(out) else out
        if not rows.requires_grad:
            return
        one = Pass(net, args, kwargs, out, self.examples)
        self._begun()
        rows.register_hook(lambda gradient: self._guarded(self._arrived, one, "", gradient))
        for name, state in zip("hc", states if isinstance(states, tuple) else (states,),
                               strict=False):  # fmt: skip
            state.register_hook(
                lambda gradient, name=name: self._guarded(self._arrived, one, name, gradient)
            )

    def _begun(self) -> None:
        """A pass begins: norms are taken if it may be recorded."""
        self.norms, self.given_loss = ({} if self.updates.due(self.every) else None), None

    def _arrived(self, one: Pass, name: str, gradient: Any) -> None:
        """A gradient came back: the pass counts, and is kept if its turn has come."""
        if gradient is None:  # nothing reads this output
            return
        if not one.counted:
            one.counted = True
            self._counted(one)
        if self.waiting is not None and self.waiting.kept is one:
            one.take(name, gradient)

    def _counted(self, one: Any) -> None:
        """Count a backward pass; the first of an update whose turn it is waits for its end."""
        number = self.updates.arrived()
        if self.waiting is not None and self.waiting.norms is not None and not self.updates.open:
            self._finish()  # only now it is known that an update was made, by hand
        if number is None or number % self.every or one is None:
            return
        if self.waiting is None or self.waiting.norms is not None:  # not of the same way back
            self._finish()
            self.waiting = Waiting(self.before + number, model_now(self.net), one)

    def _parameter(self, k: int, gradient: Any) -> None:
        if self.norms is not None:
            self.norms[k] = None if k in self.norms else gradient.detach().norm()

    def _next(self) -> None:
        """Another pass begins: what waits is complete but for an update that is still to come."""
        if self.waiting is None:
            return
        if self.waiting.norms is None:
            self.waiting.norms = list((self.norms or {}).values())
            self.waiting.loss = self.given_loss
        if not self.updates.open:
            self._finish()

    def _finish(self) -> None:
        """Record what waits."""
        if self.waiting is None:
            return
        log, self.waiting = self.waiting, None
        loss = number_of("loss", log.loss)
        if log.model is None:
            self.recorder.send_lost(log.step, loss)
            return
        batch, left_out = log.kept.batch(log.model)
        after = model_now(self.net)
        update = float("inf") if after is None else moved(log.model, after)
        given = {"loss": loss, "total_norm": log.total(), "update": update} | clipping(log.clip)
        self.recorder.send(log.step, log.model, batch, given, left_out)

    def _guarded(self, action: Any, *arguments: Any) -> None:
        """Recording must never stop training; once it has failed, nothing is done any more."""
        if self.failed:
            return
        try:
            action(*arguments)
        except Exception as error:  # whatever it is, training goes on
            self.failed = True
            for one in self.hooks:
                one.remove()
            self.hooks, self.waiting = [], None
            with suppress(Exception):  # the process writes what it has
                self.recorder.close()
            with suppress(Exception):
                RunWriter(self.recorder.folder, {}).note(stopped=str(error))
            warnings.warn(f"rnnviz.watch records no more: {error}", stacklevel=3)
