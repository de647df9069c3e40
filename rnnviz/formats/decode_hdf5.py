"""Arrays and attributes of an HDF5 file; runs in the child process of `rnnviz.formats.child`.

Only what stands in the file itself is read: no link but a hard one, no external or virtual data.
Every dataset's size, type and filters are compared with the limits before a number is read.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from rnnviz.formats import limits
from rnnviz.formats.child import Decoded
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.optional import needed
from rnnviz.words import Refusal

FILTERS = {1: "gzip", 2: "shuffle", 3: "fletcher32", 32000: "lzf"}
"""HDF5's numbers of the filters that are read, all of them h5py's own."""
LEFT_OUT = ("optimizer", "optimizer_weights")
"""Groups at the top whose numbers are no weights."""
ATTRIBUTES = ("name", "weight_names", "keras_version", "model_config")
GROUPS = 20_000


def decode(data: bytes) -> Decoded:
    """Path → array of every dataset of floats; the description has attributes and other datasets.

    ``attributes`` maps path → name → text or list of texts, ``others`` maps path → type of a
    dataset that is not of floats. Raises Refusal.
    """
    h5py = needed("h5py", who="A file of HDF5", extra="keras")
    try:
        with h5py.File(io.BytesIO(data), "r") as file:
            return _Walk(h5py).all_of(file)
    except (OSError, RuntimeError, KeyError, TypeError, ValueError, OverflowError) as error:
        if isinstance(error, Refusal):
            raise
        raise Refusal(
            "It is no HDF5 file that can be read, or a truncated one: download or save it again."
        ) from error


class _Walk:
    def __init__(self, h5py: Any) -> None:
        self.h5py = h5py
        self.seen: set[int] = set()
        self.arrays: dict[str, Array] = {}
        self.attributes: dict[str, dict[str, Any]] = {}
        self.others: dict[str, str] = {}
        self.datasets = self.numbers = self.bytes = 0

    def all_of(self, file: Any) -> Decoded:
        left = [("", file)]
        while left:
            path, group = left.pop()
            self._once(path, group)
            self._attributes(path, group)
            for name in group:
                place = f"{path}/{name}".lstrip("/")
                self._named(place, name)
                self._linked(place, group.get(name, getlink=True))
                thing = group[name]
                if isinstance(thing, self.h5py.Group):
                    left.append((place, thing))
                elif isinstance(thing, self.h5py.Dataset):
                    self._dataset(place, thing)
        return Decoded(self.arrays, {"attributes": self.attributes, "others": self.others})

    def _once(self, path: str, group: Any) -> None:
        address = int(self.h5py.h5o.get_info(group.id).addr)
        if address in self.seen or len(self.seen) >= GROUPS:
            raise Refusal(
                "Its groups must form a tree of at most {most:,} groups; `{path}` is linked twice, "
                "or one too many. Save the model again with Keras.", most=GROUPS, path=path,
            )  # fmt: skip
        self.seen.add(address)

    def _named(self, place: str, name: str) -> None:
        depth = place.count("/")
        if len(name) > limits.NAME_CHARACTERS or depth > 2 * limits.DEPTH:
            raise Refusal(
                "A name in it must have at most {most} characters, and groups must stand at most "
                "{depth} deep; got `{name}`… with {n:,} characters, {level} deep.",
                most=limits.NAME_CHARACTERS, depth=2 * limits.DEPTH, name=name[:40], n=len(name),
                level=depth,
            )  # fmt: skip

    def _linked(self, place: str, link: Any) -> None:
        if not isinstance(link, self.h5py.HardLink):
            raise Refusal(
                "`{place}` in it is a link to somewhere else ({kind}), which is never followed. "
                "Save the weights into one file.", place=place, kind=type(link).__name__,
            )  # fmt: skip

    def _attributes(self, path: str, thing: Any) -> None:
        found = {}
        for name in thing.attrs:
            if not str(name).rstrip("0123456789").startswith(ATTRIBUTES):
                continue
            held = thing.attrs.get_id(name)
            size = int(np.prod(held.shape, dtype=object)) * held.dtype.itemsize
            if size > limits.CONFIG_BYTES or held.dtype.kind not in "OSU":
                continue
            found[str(name)] = _texts(thing.attrs[name])
        if found:
            self.attributes[path] = found

    def _dataset(self, place: str, dataset: Any) -> None:
        self.datasets += 1
        if self.datasets > 3 * limits.ARRAYS:
            raise Refusal("It must hold at most {most:,} datasets.", most=3 * limits.ARRAYS)
        if dataset.external is not None or dataset.is_virtual:
            raise Refusal(
                "The numbers of `{place}` stand in another file, which is never opened. Save the "
                "weights into one file.", place=place,
            )  # fmt: skip
        if place.split("/")[0] in LEFT_OUT:
            return
        brief = dataset.dtype.kind == "V" and dataset.dtype.itemsize == 2  # Keras's bfloat16
        if not brief and (dataset.dtype.kind != "f" or dataset.dtype.itemsize > 8):
            self.others[place] = str(dataset.dtype)
            return
        if dataset.shape is None or 0 in dataset.shape:
            raise Refusal("`{place}` in it has no numbers; save the trained net.", place=place)
        self._affordable(place, dataset)
        values = np.empty(dataset.shape, dataset.dtype)
        dataset.read_direct(values)
        self.arrays[place] = widened(values) if brief else values

    def _affordable(self, place: str, dataset: Any) -> None:
        numbers, size = int(np.prod(dataset.shape, dtype=object)), int(dataset.dtype.itemsize)
        stored = int(dataset.id.get_storage_size())
        self.numbers, self.bytes = self.numbers + numbers, self.bytes + numbers * size
        if (
            numbers > limits.ARRAY_NUMBERS or self.numbers > limits.DECODED_NUMBERS
            or self.bytes > limits.DECODED_BYTES or len(self.arrays) >= limits.ARRAYS
        ):  # fmt: skip
            raise Refusal(
                "`{place}` has {numbers:,} numbers: an array must have at most {one:,}, a file "
                "{most:,} in {arrays:,} arrays. Save the recurrent layers alone.", place=place,
                numbers=numbers, one=limits.ARRAY_NUMBERS, most=limits.DECODED_NUMBERS,
                arrays=limits.ARRAYS,
            )  # fmt: skip
        unpacked = numbers * size
        if unpacked > limits.RATIO_FROM and unpacked > limits.RATIO * stored:
            raise Refusal(
                "`{place}` claims {unpacked:,} bytes of which {stored:,} are stored: more than "
                "{ratio} to 1 is refused. Save it without compression.", place=place,
                unpacked=unpacked, stored=stored, ratio=limits.RATIO,
            )  # fmt: skip
        plan = dataset.id.get_create_plist()
        for k in range(plan.get_nfilters()):
            if plan.get_filter(k)[0] not in FILTERS:
                raise Refusal(
                    "`{place}` is packed with HDF5's filter {number}; only {known} are read. Save "
                    "it without compression.", place=place, number=plan.get_filter(k)[0],
                    known=", ".join(FILTERS.values()),
                )  # fmt: skip


def _texts(value: Any) -> Any:
    """An attribute as text or list of texts."""
    if isinstance(value, np.ndarray):
        return [_texts(one) for one in value.ravel()[: 4 * limits.ARRAYS]]
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def widened(values: Array) -> Array:
    """bfloat16 as float32: the upper half of its bytes."""
    return (values.view("<u2").astype(np.uint32) << 16).view(np.float32)
