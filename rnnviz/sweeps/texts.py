"""Specs as TOML and JSON, in texts and files."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rnnviz.numerics.plain_files import file_of_names
from rnnviz.numerics.validation import shown
from rnnviz.sweeps.spec import Spec


def to_toml(spec: Spec) -> str:
    """A spec as TOML; `from_toml` reads it."""
    given = spec.as_dict()
    lines = [f"name = {_value(given['name'])}", f"figures = {_value(given['figures'])}"]
    for table in ("sample", "base", "axes"):
        if given.get(table):
            lines += ["", f"[{table}]"]
            lines += [f"{_key(name)} = {_value(one)}" for name, one in given[table].items()]
    return "\n".join(lines) + "\n"


def from_toml(text: str) -> Spec:
    """The spec of a TOML text. Raises ValueError for what is none."""
    return Spec.of(tomllib.loads(text))


def spec_of(given: Any, named: Mapping[str, Spec]) -> Spec:
    """A spec from a spec, a mapping, a name, or the path of a .toml or .json file."""
    if isinstance(given, Spec):
        return given
    if isinstance(given, Mapping):
        return Spec.of(given)
    if isinstance(given, str) and given in named:
        return named[given]
    if not isinstance(given, (str, Path)) or Path(given).suffix not in (".toml", ".json"):
        raise ValueError(
            "`spec` must be a Spec, a mapping, a .toml or .json file, or one of "
            f"{', '.join(named)}, got {shown(given)}."
        )
    file = Path(given)
    found = file_of_names(file)
    try:
        return Spec.of(found)
    except ValueError as error:
        raise ValueError(f"{file.name}: {error}") from error


def _key(name: str) -> str:
    return name if name.replace("_", "").isalnum() else json.dumps(name)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, float) and "e" in repr(value) and "." not in repr(value):
        return repr(value).replace("e", ".0e")
    return json.dumps(value, ensure_ascii=False)
