"""Models to files that `rnnviz.open` reads again to the bit."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np

from rnnviz.core.model import Model
from rnnviz.formats import own_form
from rnnviz.numerics.optional import needed
from rnnviz.numerics.validation import instance
from rnnviz.words import Refusal


def save(model: Model, path: str | os.PathLike[str]) -> None:
    """Write a model to a .npz or .safetensors file, whichever the path's ending says.

    `rnnviz.open` gives the same model back: cell, options, held gates, readout, and all weights to
    the bit. Raises ValueError for another ending, ImportError for .safetensors without its package.

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
    target.write_bytes(kinds[target.suffix](model))


def npz_bytes(model: Model, form: str | None = None) -> bytes:
    """The model as the content of a .npz file; ``form`` is the text that describes it."""
    file = io.BytesIO()
    text = own_form.form_of(model) if form is None else form
    arrays = {own_form.KEY: np.frombuffer(text.encode(), np.uint8), **own_form.arrays_of(model)}
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def safetensors_bytes(model: Model) -> bytes:
    """The model as the content of a .safetensors file."""
    library = needed("safetensors.numpy", who="A .safetensors file", extra="files")
    form = {own_form.KEY: own_form.form_of(model)}
    arrays = {name: np.array(one) for name, one in own_form.arrays_of(model).items()}
    made: bytes = library.save(arrays, metadata=form)
    return made
