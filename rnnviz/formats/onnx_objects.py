"""Models from ONNX: a file, its bytes, or a model that the library `onnx` has loaded."""

from __future__ import annotations

import os
from typing import Any

from rnnviz.core.model import Model
from rnnviz.formats.opening import open_net
from rnnviz.formats.reading import read
from rnnviz.numerics.validation import shown
from rnnviz.words import Refusal


def from_onnx(source: Any, net: str | None = None) -> Model:
    """The model of the LSTM, GRU or RNN nodes in an ONNX graph.

    ``source`` is a path, the bytes of a file, or an ``onnx.ModelProto``. Nodes of one kind that
    read one another, as exporters write the layers of a stack, are one net; ``net`` names one of
    several, by the nodes' names. A product with a constant matrix that reads all outputs becomes
    the readout.

    Raises ValueError naming node and rule, or the package that is not installed.

    >>> import rnnviz
    >>> try:
    ...     rnnviz.from_onnx(b"\\x08\\x08")
    ... except ValueError as error:
    ...     print(error)
    `source`: It holds no LSTM, GRU or RNN node; it has no node. ...
    """
    if isinstance(source, (str, os.PathLike)):
        return open_net(source, net)
    if hasattr(source, "SerializeToString"):
        source = source.SerializeToString()
    if not isinstance(source, (bytes, bytearray)):
        raise Refusal(
            "`source` must be a path, bytes or an onnx.ModelProto, got {got}.", got=shown(source)
        )
    return read(bytes(source), "`source`").net(net).model()
