"""What a sweep found: a row for every point, as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.experiments.settings import Settings
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.optional import needed
from rnnviz.numerics.records import Record
from rnnviz.numerics.validation import one_of
from rnnviz.sweeps.points import settings_of
from rnnviz.sweeps.spec import Spec

HOW = ("median", "mean")


@dataclass(frozen=True, repr=False)
class Sweep(Record):
    """A swept spec, to its end or as far as it has come.

    spec     what was swept
    values   figure → its value at every point, (n,) float64; nan where there is none
    reasons  point → why it has no figures
    lost     the points among them that failed with their worker; a sweep into the same file
             tries them again
    done     (n,) which points have been tried

    ``sweep["scale"]`` and ``sweep["lyapunov"]`` are columns: of an axis, and of a figure.

    >>> import rnnviz
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor(1) as pool:
    ...     found = rnnviz.sweep({"axes": {"gain": [0.5, 1.0], "seed": [0, 1, 2]},
    ...                           "base": {"T": 12, "H": 4}}, pool)
    >>> found, found["factor"].shape, found.grid("factor", over="seed").shape
    (Sweep(scale × seed, 6 of 6 points, log10_share, factor, horizon), (6,), (2,))
    """

    spec: Spec
    values: Mapping[str, Array]
    reasons: Mapping[int, str]
    done: NDArray[np.bool_]
    lost: frozenset[int] = frozenset()

    def __repr__(self) -> str:
        head = f"{self.spec.name}: " if self.spec.name else ""
        failed = f", {len(self.reasons):,} with a reason" if self.reasons else ""
        return (f"Sweep({head}{' × '.join(self.spec.axes)}, {int(self.done.sum()):,} of "
                f"{len(self):,} points{failed}, {', '.join(self.spec.figures)})")  # fmt: skip

    def __len__(self) -> int:
        return len(self.done)

    def __getitem__(self, name: str) -> Array:
        one_of("name", name, (*self.columns,))
        return self.columns[name]

    @property
    def columns(self) -> dict[str, Array]:
        """The columns of axes and figures, (n,) each."""
        return {**self.spec.columns, **self.values}

    @property
    def complete(self) -> bool:
        """Whether all points have been tried."""
        return bool(self.done.all())

    def grid(
        self, figure: str, over: str | Sequence[str] = (), how: str = "median"
    ) -> NDArray[np.float64]:
        """A figure of a grid, an array with one axis for each of the spec's, in their order.

        ``over`` names axes over which the median or, with ``how="mean"``, the mean is taken, of the
        points that have the figure; nan where none has. Raises ValueError for a sample.
        """
        one_of("figure", figure, tuple(self.values))
        one_of("how", how, HOW)
        names = list(self.spec.axes)
        if self.spec.sample is not None:
            raise ValueError("`grid` needs a spec of a grid, got a sample.")
        taken = [over] if isinstance(over, str) else list(over)
        places = tuple(names.index(one_of("over", one, names)) for one in taken)
        found = self.values[figure].reshape(self.spec.shape)
        if not places:
            return found
        there = np.moveaxis(found, places, range(-len(places), 0))
        there = there.reshape(*there.shape[: len(names) - len(places)], -1)
        return _over_last(there, how)

    def point(self, number: int) -> dict[str, Any]:
        """Name → value at one point, and its figures."""
        return {**self.spec.point(number),
                **{name: float(one[number]) for name, one in self.values.items()}}  # fmt: skip

    def settings(self, number: int) -> Settings:
        """The settings of one point: with them its net opens on every page.

        A net that was trained until its task was solved is at the last checkpoint before.
        Raises ValueError where the point was refused for its settings.
        """
        found = settings_of(self.spec.point(number))
        needed_updates = self.values.get("updates", np.full(len(self), np.inf))[number]
        if found.trained is not None and np.isfinite(needed_updates):
            object.__setattr__(found, "update", int(needed_updates))
        return found

    def table(self) -> Any:
        """A pandas DataFrame with a row for every point. Raises ImportError without pandas."""
        pandas = needed("pandas", who="`Sweep.table`", extra="app")
        reasons = [self.reasons.get(k) for k in range(len(self))]
        return pandas.DataFrame({**self.columns, "reason": reasons})


def _over_last(values: NDArray[np.float64], how: str) -> NDArray[np.float64]:
    """Median or mean over the last axis of what is no nan; nan where nothing is."""
    ordered, count = np.sort(values, axis=-1), (~np.isnan(values)).sum(axis=-1)
    with np.errstate(invalid="ignore"):
        if how == "mean":
            total = np.where(np.isnan(ordered), 0, ordered).sum(axis=-1)
            return np.where(count, total / np.maximum(count, 1), np.nan)
        places = [np.maximum(count - 1, 0) // 2, count // 2 % values.shape[-1]]
        low, high = (np.take_along_axis(ordered, at[..., None], -1)[..., 0] for at in places)
        high = np.where(count % 2, low, high)
        return np.where(count, np.where(low == high, low, (low + high) / 2), np.nan)
