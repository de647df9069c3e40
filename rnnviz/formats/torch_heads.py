"""Linear and Embedding layers beside a recurrent net, found by their names and shapes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rnnviz.core.readout import Readout
from rnnviz.formats import limits
from rnnviz.formats.float_arrays import weights

EMBEDS = re.compile(r"emb|(^|\.)(wte|lookup|encoder)$", re.IGNORECASE)
READS_OUT = re.compile(
    r"(^|[._])(fc|out|output|head|linear|lin|decoder|classifier|readout|proj|logits|dense)_?\d*$",
    re.IGNORECASE,
)
"""Names that layers of either kind usually have: they decide where shapes do not."""


def linears(rest: Mapping[str, Any], width: int) -> dict[str, tuple[str, str | None]]:
    """Name → keys of weight (K, width) and bias (K,), or None, of the layers that could follow."""
    found = {}
    for name, key, shape in _matrices(rest):
        bias = _bias(rest, name, shape[0])
        plain = not EMBEDS.search(name) and (bias is not None or READS_OUT.search(name))
        if shape[1] == width and shape[0] <= limits.INPUTS and plain:
            found[name] = key, bias
    return found


def usual(names: Mapping[str, Any], rest: Mapping[str, Any]) -> str:
    """The only name, or the only one that readouts usually have; else empty.

    The first of several numbered layers ("head.0", "head.2") is not all of a readout.
    """
    last = [name for name in names if not _goes_on(name, rest)]
    likely = last if len(last) == 1 else [name for name in last if READS_OUT.search(name)]
    return likely[0] if len(likely) == 1 else ""


def _goes_on(name: str, rest: Mapping[str, Any]) -> bool:
    """Whether layers of the same list have other numbers."""
    parent, _, number = name.rpartition(".")
    alike = re.compile(rf"{re.escape(parent)}\.\d+\.weight")
    return number.isdecimal() and any(
        alike.fullmatch(key) and key != f"{name}.weight" for key in map(str, rest)
    )


def embedding(rest: Mapping[str, Any], width: int) -> str | None:
    """The key, (V, width), of the only layer that can be the net's: a matrix without a bias."""
    fitting = {
        name: key
        for name, key, shape in _matrices(rest)
        if shape[1] == width and _bias(rest, name, shape[0]) is None and not READS_OUT.search(name)
    }
    likely = [name for name in fitting if EMBEDS.search(name)] or list(fitting)
    return fitting[likely[0]] if len(likely) == 1 else None


def readout(rest: Mapping[str, Any], keys: tuple[str, str | None], softmax: bool) -> Readout:
    """The readout with the weights of a Linear layer; a bias that is not there counts as 0."""
    W = weights(keys[0], rest[keys[0]], 2)
    b = weights(keys[1], rest[keys[1]], 1) if keys[1] else 0 * W[:, 0]
    return Readout("softmax" if softmax else "identity", {"W_y": W.T, "b_y": b})


def _matrices(rest: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """(name of the layer, key, shape) of every ``….weight`` with two axes."""
    for key, value in rest.items():
        shape = tuple(getattr(value, "shape", ()))
        if (key == "weight" or key.endswith(".weight")) and len(shape) == 2:
            yield key[: -len("weight")].rstrip("."), key, shape


def _bias(rest: Mapping[str, Any], name: str, size: int) -> str | None:
    key = f"{name}.bias" if name else "bias"
    return key if tuple(getattr(rest.get(key), "shape", ())) == (size,) else None
