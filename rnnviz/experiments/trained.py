"""Trained nets as plain values: a plan, what it starts from, and their text in a link.

The same text gives the same weights, to the bit. Runs are kept as far as they have come, so that
one that was interrupted goes on from where it stands.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from rnnviz.cells import CELLS
from rnnviz.core.initialisation import OWN_GATE_BIASES, RECURRENT
from rnnviz.core.model import Model
from rnnviz.experiments import stored_nets
from rnnviz.experiments.task_sizes import LOSSES, Options, Sizes, sizes
from rnnviz.numerics.validation import finite_number, one_of, whole_number
from rnnviz.tasks import TASKS, Example
from rnnviz.training import Plan, Run, steps
from rnnviz.training.jobs import Job
from rnnviz.training.train_net import HIDDEN, default_checkpoints
from rnnviz.training.weights import cast
from rnnviz.words import Refusal, Sentence, sentence, word

MOST_SECONDS = 60
"""The longest training of one cell that is begun."""
RATE, STEP = 5 * 10**8, 30_000
"""U T (B H² + STEP) / RATE is about how many seconds the training of an LSTM takes."""
WIDEST, LONGEST, MOST_UPDATES, LARGEST_BIAS = 128, 500, 5000, 10
SMALLEST_SCALE, LARGEST_SCALE = 0.01, 10
SCALINGS = {"gain": "gain", "radius": "spectral_radius"}
"""What W_h is set by → the argument of `rnnviz.build`."""
Held = tuple[tuple[str, str, float], ...]
"""(cell, gate, value) of gates that are held at a value."""
EVERY = 10
"""Updates from one report of how far the training has come to the next."""
KEPT = 32
_RUNS: OrderedDict[tuple[Trained, str, Options], Run] = OrderedDict()
_LOCK = Lock()


@dataclass(frozen=True)
class Trained:
    """A net of any cell that was trained by a plan.

    plan                      the `Plan`; its seed draws the weights before training, too
    hidden_size               H
    init                      the scheme of the weights before training
    forget_bias, update_bias  as `rnnviz.build` takes them; None leaves the bias as it is drawn
    scaling, scale            "gain" on W_h, or "radius", its spectral radius; and how large
    hold                      (cell, gate, value) of gates that are held while nets are trained

    Raises ValueError naming argument, rule and what arrived.
    """

    plan: Plan = field(default_factory=Plan)
    hidden_size: int = HIDDEN
    init: str = "pytorch"
    forget_bias: float | None = None
    update_bias: float | None = None
    scaling: str = "gain"
    scale: float = 1.0
    hold: Held = ()

    def __post_init__(self) -> None:
        """Check what is asked for, and spell the plan out."""
        whole_number("hidden_size", self.hidden_size, most=WIDEST)
        one_of("init", self.init, tuple(RECURRENT))
        one_of("scaling", self.scaling, tuple(SCALINGS))
        if not SMALLEST_SCALE <= finite_number("scale", self.scale) <= LARGEST_SCALE:
            raise ValueError(f"`scale` must be from {SMALLEST_SCALE} to {LARGEST_SCALE}, got "
                             f"{self.scale!r}.")  # fmt: skip
        plan = self.plan.fitted(TASKS[one_of("task", self.plan.task, tuple(TASKS))])
        whole_number("length", plan.length, most=LONGEST)
        whole_number("updates", plan.updates, most=MOST_UPDATES)
        object.__setattr__(self, "plan", plan)
        object.__setattr__(self, "hold", tuple(sorted(map(_held, self.hold))))
        for name in ("forget_bias", "update_bias"):
            bias = getattr(self, name)
            if bias is not None:
                if abs(finite_number(name, bias)) > LARGEST_BIAS:
                    raise ValueError(f"`{name}` must be within ±{LARGEST_BIAS}, got {bias!r}.")
                object.__setattr__(self, name, None if self.init in OWN_GATE_BIASES else bias)

    @property
    def seconds(self) -> float:
        """About how long the training of an LSTM takes, by its sizes."""
        plan = self.plan
        return plan.updates * plan.length * (plan.batch * self.hidden_size**2 + STEP) / RATE

    @property
    def checkpoints(self) -> tuple[int, ...]:
        """The updates after which all weights are kept."""
        return default_checkpoints(self.plan.updates)

    def check(self, example: Example, task: str) -> None:
        """Raise ValueError where this takes too long, or does not fit a task's example."""
        if self.seconds > MOST_SECONDS:
            raise Refusal(
                "Training by this plan would take about {seconds:.0f} s a cell, and {limit} s is "
                "the limit: fewer updates, a shorter T or a smaller H are quicker.",
                seconds=self.seconds, limit=MOST_SECONDS,
            )  # fmt: skip
        own, found = sizes(self.plan.task, self.plan.options), Sizes.of(example)
        if own != found:
            raise Refusal(
                "The nets were trained on “{task}” with {D} inputs, {K} outputs and the loss "
                "{loss}; the sequence “{shown}” needs {D2}, {K2} and {loss2}. Choose a sequence "
                "that fits, or fresh weights.",
                task=sentence(TASKS[self.plan.task].title), D=own.inputs, K=own.outputs,
                loss=sentence(LOSSES[own.loss]), shown=sentence(TASKS[task].title),
                D2=found.inputs, K2=found.outputs, loss2=sentence(LOSSES[found.loss]),
            )  # fmt: skip

    def job(self, cell: str, options: Options = ()) -> Job:
        """What is trained; ``options`` are the cell's own, all of them."""
        kind, found = CELLS[cell], {"seed": self.plan.seed, "init": self.init, **dict(options)}
        if kind.sees_past:
            found[SCALINGS[self.scaling]] = self.scale
        if self.init in OWN_GATE_BIASES:
            found["longest"] = max(2, self.plan.length)
        else:
            biases = {name: getattr(self, name) for name in kind.bias_blocks}
            found |= {name: value for name, value in biases.items() if value is not None}
        held = {gate: value for name, gate, value in self.hold if name == cell}
        return Job.of(cell, self.plan, self.hidden_size, **found, hold=held)

    def run(
        self, cell: str, options: Options = (), tell: Callable[[Run], object] | None = None,
        *, upto: int | None = None,
    ) -> Run:  # fmt: skip
        """The run of a cell, at least up to an update, by default all of the plan.

        It is found again, or trained from where it stands; ``tell`` is given how far it is. Where
        it was not trained yet, a stored run may stand for it, whose other checkpoints may be
        missing.
        """
        found = self.found(cell, options)
        if not (found and _reaches(found, upto)) and (some := self._stored(cell, options, upto)):
            return some
        found = found or self.job(cell, options).begin()
        if not _reaches(found, upto):
            for one in steps(found, EVERY):
                found = one
                self.keep(cell, options, found)
                if tell is not None:
                    tell(found)
                if _reaches(found, upto):
                    break
        return found

    def found(self, cell: str, options: Options = ()) -> Run | None:
        """The run of a cell as far as it has come; None where it has not begun."""
        key = self, cell, tuple(sorted(options))
        with _LOCK:
            if key in _RUNS:
                _RUNS.move_to_end(key)
            return _RUNS.get(key)

    def keep(self, cell: str, options: Options, run: Run, *, anyhow: bool = False) -> None:
        """Keep a run that `job` was trained in, to be found again.

        One that has come as far stays, unless the new one is kept ``anyhow``.
        """
        key = self, cell, tuple(sorted(options))
        with _LOCK:
            if anyhow or key not in _RUNS or _RUNS[key].done < run.done:
                _RUNS[key] = run
            _RUNS.move_to_end(key)
            while len(_RUNS) > KEPT:
                _RUNS.popitem(last=False)

    def forget(self, cell: str, options: Options = ()) -> None:
        """Keep the run no longer."""
        with _LOCK:
            _RUNS.pop((self, cell, tuple(sorted(options))), None)

    def ready(self, cell: str, options: Options = (), *, upto: int | None = None) -> bool:
        """Whether `run` has nothing to do."""
        run = self.found(cell, options)
        there = upto == 0 if run is None else _reaches(run, upto)
        return there or self._stored(cell, options, upto) is not None

    def _stored(self, cell: str, options: Options, upto: int | None) -> Run | None:
        """The stored run, if it has the checkpoint of an update, or all of them."""
        run = stored_nets.find(self.job(cell, options))
        if run is None:
            return None
        last = [one for one in self.checkpoints if upto is None or one <= upto]
        wanted = last if upto is None else last[-1:]
        return run if set(wanted) <= set(run.vectors) else None

    def net(self, cell: str, update: int, options: Options = ()) -> Model:
        """The net after so many updates, or at the last checkpoint before, in float64."""
        run = self.run(cell, options, upto=update)
        return cast(run.checkpoints[self.kept(run, update)], np.float64)

    @staticmethod
    def kept(run: Run, update: int) -> int:
        """The last checkpoint up to an update, and before the one where training stopped."""
        last = update if run.stopped is None else min(update, run.stopped.update - 1)
        return max(one for one in run.checkpoints if one <= last)

    @property
    def words(self) -> Sentence:
        """On what was trained, and how long the sequences were, where the plan says that."""
        if TASKS[self.plan.task].length_is == "maximum":
            return sentence(word("“{task}”"), task=sentence(TASKS[self.plan.task].title))
        return sentence(word("“{task}” (T = {T})"), task=sentence(TASKS[self.plan.task].title),
                        T=self.plan.length)  # fmt: skip


def _held(one: tuple[str, str, float]) -> tuple[str, str, float]:
    """A held gate, checked."""
    cell, gate, value = one
    one_of("gate", gate, CELLS[one_of("cell", cell, tuple(CELLS))].holdable())
    if not 0 <= finite_number("value", value) <= 1:
        raise ValueError(f"`value` of a held gate must be from 0 to 1, got {value!r}.")
    return cell, gate, float(value)


def _reaches(run: Run, upto: int | None) -> bool:
    return run.finished or (upto is not None and run.done >= upto)
