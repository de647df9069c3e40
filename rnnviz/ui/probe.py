"""Ask a map of norms for one of its cells, by click or by typing: answered in the browser."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from rnnviz.ui.components import component, pack

_PROBE = component("probe")


@dataclass(frozen=True)
class Question:
    """The words of a probe.

    ``start`` and ``to`` label the two fields; in the others {t}, {k}, {k1} (= k + 1) and {value}
    are filled in, in ``worst`` also {j} and {loss}: the step after which least was left.
    """

    start: str
    to: str
    value: str
    nothing: str
    product: str = ""
    worst: str = ""


def probe(
    values: NDArray[np.float64], *, name: str, first: int, question: Question, key: str
) -> None:
    """Fields for two timesteps and the answer, for the map of that name on the page.

    values (n, T + 1): log10 norms, row 0 is timestep ``first``, column k is timestep k.
    """
    words = {("from" if k == "start" else k): text for k, text in asdict(question).items()}
    head = {"map": name, "first": first, "columns": values.shape[1], "words": words}
    _PROBE(key=key, data=pack(head, values))
