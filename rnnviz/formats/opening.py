"""`rnnviz.open`: a model from a file in one call."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from rnnviz.core.model import Model
from rnnviz.formats import limits
from rnnviz.formats.reading import read, refuse_large


def open_net(
    path: str | os.PathLike[str],
    net: str | None = None,
    *,
    batch_first: bool | None = None,
    **answers: Any,
) -> Model:
    """The model in a file of weights: .safetensors, .npz, .keras, .h5, .onnx or .json.

    The format is told by the content. ``net`` names one of several nets in the file, and
    ``answers`` what the file cannot tell (``nonlinearity="relu"``, ``readout="fc"``): the questions
    of `rnnviz.formats.Net`, each with a default. ``batch_first`` says that `rnnviz.run` is given x
    as (B, T, D), which only files of `rnnviz.save` tell. Nothing in a file is executed: PyTorch's
    .pt, which is a pickle, is refused with the lines that convert it.

    Raises ValueError of one sentence: file, place, rule, remedy; OSError where there is no file.

    >>> import tempfile, pathlib, rnnviz
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "net.npz")
    ...     rnnviz.save(rnnviz.build("lstm", 2, 3), path)
    ...     rnnviz.open(path)
    Model(lstm, 2 → 3, 1 layer, 72 parameters, float64)
    """
    file = Path(path)
    with file.open("rb") as opened:
        refuse_large(file.name, os.fstat(opened.fileno()).st_size)
        data = opened.read(limits.FILE_BYTES + 1)
    model = read(data, file.name).net(net).model(**answers)
    return model if batch_first is None else replace(model, batch_first=batch_first)
