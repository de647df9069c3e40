"""Models to files that `rnnviz.open` reads again to the bit."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rnnviz.core.model import Model
from rnnviz.formats import own_form
from rnnviz.formats.float_arrays import weights
from rnnviz.formats.labels import labels
from rnnviz.numerics.array_files import write_whole
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.optional import needed
from rnnviz.numerics.records import ReadOnly
from rnnviz.numerics.validation import instance
from rnnviz.words import Refusal


def save(
    model: Model,
    path: str | os.PathLike[str],
    *,
    embedding: Any = None,
    input_labels: Sequence[str] | None = None,
    output_labels: Sequence[str] | None = None,
) -> None:
    """Write a model to a .npz or .safetensors file, whichever the path's ending says.

    `rnnviz.open` gives the same model back: cell, options, held gates, readout, and all weights to
    the bit. What a model does not hold, and `rnnviz.formats.Net` does, may go with it: an
    ``embedding`` (V, D), what its rows (or the inputs, where there is none) stand for, and what the
    outputs stand for. Raises ValueError for another ending or labels that are no texts, ImportError
    for .safetensors without its package.

    >>> import tempfile, pathlib, rnnviz
    >>> model = rnnviz.build("gru", 2, 3, output_size=1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     rnnviz.save(model, pathlib.Path(folder, "net.npz"))
    ...     rnnviz.open(pathlib.Path(folder, "net.npz"))
    Model(gru, 2 → 3, 1 layer, 54 parameters, float64, identity readout of 1)
    """
    instance("model", model, Model)
    target = Path(path)
    kinds = {".npz": npz_bytes, ".safetensors": safetensors_bytes}
    if target.suffix not in kinds:
        raise Refusal("`path` must end in .npz or .safetensors, got {got}.", got=repr(target.name))
    said = {"input_labels": input_labels, "output_labels": output_labels}
    beside = Beside(
        None if embedding is None else weights("embedding", embedding, 2),
        {name: list(one) for name, one in said.items() if one is not None},
    )
    labels(beside.labels)  # refuses what would not be opened
    write_whole(target, kinds[target.suffix](model, beside))


class Beside(NamedTuple):
    """What is saved with a model: its embedding, and labels by name."""

    embedding: Array | None = None
    labels: Mapping[str, Sequence[str]] = ReadOnly({})

    def arrays(self, model: Model) -> dict[str, Array]:
        """The model's arrays and the embedding."""
        found = own_form.arrays_of(model)
        return found if self.embedding is None else found | {own_form.EMBEDDING: self.embedding}


NOTHING = Beside()


def npz_bytes(model: Model, beside: Beside = NOTHING, form: str | None = None) -> bytes:
    """The model as the content of a .npz file; ``form`` is the text that describes it."""
    file = io.BytesIO()
    text = own_form.form_of(model) if form is None else form
    texts = {own_form.KEY: text} | {n: json.dumps(list(one)) for n, one in beside.labels.items()}
    as_bytes = {name: np.frombuffer(one.encode(), np.uint8) for name, one in texts.items()}
    arrays = {**as_bytes, **beside.arrays(model)}
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def safetensors_bytes(model: Model, beside: Beside = NOTHING) -> bytes:
    """The model as the content of a .safetensors file."""
    library = needed("safetensors.numpy", who="A .safetensors file", extra="files")
    texts = {name: json.dumps(list(one)) for name, one in beside.labels.items()}
    arrays = {name: np.array(one) for name, one in beside.arrays(model).items()}
    made: bytes = library.save(
        arrays, metadata={own_form.KEY: own_form.form_of(model), **texts}
    )
    return made
