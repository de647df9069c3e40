"""What stands before and after a Keras model's recurrent layers: an embedding, a dense readout."""

from __future__ import annotations

from collections.abc import Sequence

from rnnviz.formats.float_arrays import weights
from rnnviz.formats.keras_config import Config, Described, wrapped
from rnnviz.formats.keras_model import Keras, in_sequence
from rnnviz.formats.layers import LAST, Around, Layer
from rnnviz.formats.named_arrays import SOFTMAX
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.words import Sentence, sentence

SIGMOID = sentence(
    "The outputs are the readout's scores, before the σ that the file applies to them."
)
MASKED = sentence("Every step counts; the file's model skips masked ones.")
BY_SHAPE = sentence(
    "The dense layer that fits by its shape is the readout: a file of weights alone does not say."
)


def around(model: Keras, chain: Sequence[Layer]) -> Around:
    """The embedding below a chain of layers and the readout on top of it, where there are any."""
    first, last = model.sources[chain[0].name], model.sources[chain[-1].name]
    if first.described is None or last.described is None:
        return _by_shape(model, chain[-1])
    below = _one(model, model.feeds[first.described.store], "Embedding")
    vectors = _matrix(_arrays(model, below)) if below else None
    fits = vectors is not None and vectors.shape[1] == chain[0].inputs and not first.level
    said: list[Sentence] = [MASKED] if _masked(model, below) else []
    readout, more = _readout(model, last.described, chain[-1]) if last.top else (None, [])
    return Around(vectors if fits else None, readout, (), (*said, *more))


def _readout(
    model: Keras, last: Described, layer: Layer
) -> tuple[tuple[str, Arrays] | None, list[Sentence]]:
    """The dense layer that reads nothing but a layer's outputs."""
    config: Config
    for one in model.layers:
        kind, config = one.kind, one.config
        if kind == "TimeDistributed":
            kind, config = wrapped(config)
        function = config.get("activation")
        function = "linear" if function is None else function
        fed = model.feeds[one.store] == (last.store,)
        if kind != "Dense" or not fed or function not in ("linear", "softmax", "sigmoid"):
            continue
        W = _dense(_arrays(model, one), layer.outputs)
        every = in_sequence(last)
        if W is None or (not every and len(layer.sides) == 2):
            return None, []
        said = [] if every else [LAST]
        said += [SIGMOID] if function == "sigmoid" else []
        return ("softmax" if function == "softmax" else "identity", W), said
    return None, []


def _by_shape(model: Keras, layer: Layer) -> Around:
    found = []
    for place in {path.rpartition("/vars/")[0] for path in model.arrays if "/vars/" in path}:
        if place.rpartition("/")[2].startswith("dense"):
            W = _dense(_below(model, place), layer.outputs)
            found += [W] if W is not None else []
    if len(found) != 1:
        return Around()
    return Around(None, ("identity", found[0]), (SOFTMAX,), (BY_SHAPE,))


def _one(model: Keras, places: Sequence[str], kind: str) -> Described | None:
    fitting = [one for one in model.layers if one.store in places and one.kind == kind]
    return fitting[0] if len(fitting) == 1 == len(places) else None


def _masked(model: Keras, embedding: Described | None) -> bool:
    return any(one.kind == "Masking" for one in model.layers) or bool(
        embedding and embedding.config.get("mask_zero") is True
    )


def _arrays(model: Keras, one: Described) -> list[Array]:
    """The arrays of a layer, in a file of Keras 3 by its place, in an older one by its name."""
    if any(path.startswith("layers/") for path in model.arrays):
        return _below(model, one.store)
    return [array for path, array in model.arrays.items() if one.name in path.split("/")[:-1]]


def _below(model: Keras, place: str) -> list[Array]:
    return [array for path, array in model.arrays.items() if path.startswith(f"{place}/")]


def _matrix(arrays: Sequence[Array]) -> Array | None:
    matrices = [one for one in arrays if one.ndim == 2 and one.size]
    return weights("embedding", matrices[0], 2) if len(matrices) == 1 else None


def _dense(arrays: Sequence[Array], rows: int) -> Arrays | None:
    """W_y and b_y of a dense layer on so many inputs; a bias that is not there counts as 0."""
    matrices = [one for one in arrays if one.ndim == 2 and len(one) == rows and one.size]
    biases = [one for one in arrays if one.ndim == 1]
    if len(matrices) != 1 or len(arrays) != len(matrices) + len(biases) or len(biases) > 1:
        return None
    W = weights("dense: kernel", matrices[0], 2)
    b = weights("dense: bias", biases[0], 1) if biases else 0 * W[0]
    return {"W_y": W, "b_y": b} if b.shape == W.shape[1:] else None
