"""NumPy's own files, .npy: (T,) or (T, D) numbers, or (T, 1, D) and (1, T, D), a batch of one."""

from __future__ import annotations

import math
from io import BytesIO

import numpy as np

from rnnviz.formats import limits
from rnnviz.formats.sequences.found import (
    OwnSequence,
    check_size,
    check_steps,
    numbered,
    of_file,
    of_one_step,
    standardised,
)
from rnnviz.numerics.arrays import Array
from rnnviz.words import Refusal, Sentence, sentence, word

FEWER = word("store a part of it")


def read(data: bytes, name: str, *, standardise: bool = False) -> OwnSequence:
    """Read an array of finite real numbers; ``standardise`` is as for tables.

    The header is read by NumPy and compared with the bytes that are there; nothing is unpickled.
    Raises Refusal.
    """
    with of_file(name) as shown:
        check_size(data)
        x, notes = _series(stored(data))
        check_steps(len(x), FEWER)
        if not np.isfinite(x).all():
            t, k = np.argwhere(~np.isfinite(x))[0]
            raise Refusal("Step {t}, number {k}, is {value}: every number must be finite.",
                          t=int(t) + 1, k=int(k) + 1, value=str(x[t, k]))  # fmt: skip
        labels = tuple(f"x{k}" for k in numbered(x.shape[1]))
        return OwnSequence(
            name=shown, kind="array", x=standardised(x) if standardise else x,
            step_labels=numbered(len(x)), input_labels=labels,
            notes=(*notes, *of_one_step(x, standardise=standardise)),
        )  # fmt: skip


def stored(data: bytes) -> Array:
    """The array of a .npy file, once its header and its bytes agree."""
    file = BytesIO(data)
    try:
        version = np.lib.format.read_magic(file)
        header = (np.lib.format.read_array_header_1_0 if version == (1, 0)
                  else np.lib.format.read_array_header_2_0)  # fmt: skip
        shape, fortran, dtype = header(file, max_header_size=limits.ARRAY_HEADER_BYTES)
    except Exception as error:  # whatever the header's literal makes NumPy say
        raise Refusal("Its header cannot be read: save it again with numpy.save.") from error
    if dtype.kind not in "fiub" or dtype.itemsize > 8:
        raise Refusal("It holds {type}: real numbers of at most 64 bits are read.",
                      type=str(dtype)[:60])  # fmt: skip
    count = math.prod(shape)
    if min(shape, default=1) < 0 or count > limits.ARRAY_NUMBERS:
        raise Refusal("It states the shape {shape}: at most {most:,} numbers are read.",
                      shape=_said(shape), most=limits.ARRAY_NUMBERS)  # fmt: skip
    there = len(data) - file.tell()
    if there != count * dtype.itemsize:
        raise Refusal(
            "It states the shape {shape}, which takes {need:,} bytes, and has {there:,}.",
            shape=_said(shape), need=count * dtype.itemsize, there=there,
        )  # fmt: skip
    flat = np.frombuffer(data, dtype, count, file.tell())
    with np.errstate(invalid="ignore"):  # a signalling NaN, which is refused with its place
        return flat.reshape(shape, order="F" if fortran else "C").astype(np.float64)


def _series(array: Array) -> tuple[Array, tuple[Sentence, ...]]:
    """(T, D), and which axis was taken for the batch."""
    if array.ndim == 1:
        return array[:, np.newaxis], ()
    if array.ndim == 3 and 1 in array.shape[:2]:
        first = array.shape[0] == 1 != array.shape[1]
        note = (word("The shape {shape} is read as (batch, T, D).") if first
                else word("The shape {shape} is read as (T, batch, D)."))  # fmt: skip
        return array[0] if first else array[:, 0], (sentence(note, shape=_said(array.shape)),)
    if array.ndim != 2 or not array.shape[1] or array.shape[1] > limits.INPUTS:
        raise Refusal(
            "It has the shape {shape}: (T, D) is read, T timesteps of D numbers, D at most {most}.",
            shape=_said(array.shape), most=limits.INPUTS,
        )  # fmt: skip
    return array, ()


def _said(shape: tuple[int, ...]) -> str:
    text = str(tuple(shape))
    return text if len(text) <= 60 else text[:59] + "…"
