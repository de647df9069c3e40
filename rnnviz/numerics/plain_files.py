"""Files of names with values, in TOML or JSON; what is wrong with one is said in a sentence."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

from rnnviz.numerics.validation import shown

LARGEST = 1_000_000
"""Bytes of a file."""


def file_of_names(path: Path) -> dict[str, Any]:
    """What a TOML or JSON file says. Raises OSError, and ValueError naming file and place."""
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(f"{path.name} must have at most {LARGEST:,} bytes, got more.")
    return names_with_values(path.name, data)


def names_with_values(name: str, data: bytes) -> dict[str, Any]:
    """What a file of this name and content says: JSON where the name ends so, else TOML.

    Raises ValueError naming file and rule.

    >>> from rnnviz.numerics.plain_files import names_with_values
    >>> names_with_values("plan.toml", b'task = "adding"')
    {'task': 'adding'}
    """
    as_json = name.endswith(".json")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"{name} must be text in UTF-8, got the byte 0x{data[error.start]:02x} "
                         f"after {error.start:,} others.") from error  # fmt: skip
    try:
        found = json.loads(text) if as_json else tomllib.loads(text)
        if as_json:
            json.dumps(found, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError(f"{name} must not have so many lists or tables one inside the other."
                         ) from error  # fmt: skip
    except UnicodeEncodeError as error:
        raise ValueError(f"{name} must hold texts that UTF-8 can hold, got "
                         f"{shown(error.object[error.start])}.") from error  # fmt: skip
    except ValueError as error:
        digits = sys.get_int_max_str_digits()
        if "int_max_str_digits" in str(error):
            raise ValueError(f"{name} must have integers of at most {digits:,} digits, got a "
                             "longer one.") from error  # fmt: skip
        raise ValueError(f"{name} is no {'JSON' if as_json else 'TOML'}: {error}.") from error
    if not isinstance(found, dict):
        raise ValueError(f"{name} must hold names with values, got {type(found).__name__}.")
    return found
