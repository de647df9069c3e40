"""Where files are written: one rule for all commands, checked before anything is computed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryFile

import click

from rnnviz.command_line.faults import wrong
from rnnviz.numerics.optional import needed

PACKAGES = {
    ".safetensors": ("safetensors.numpy", "files"), ".h5": ("h5py", "keras"),
    ".parquet": ("pyarrow.parquet", "sweeps"), ".html": ("plotly", "plot"),
}  # fmt: skip
"""Ending → the module that writes such a file, and the extra that installs it."""


def target(option: str, path: Path, *endings: str, apart: Iterable[str | Path] = ()) -> Path:
    """The file that an option names, ready to be written; a link is followed.

    Folders that are missing are made, and the user is told so. Raises UsageError for another ending
    and for a file that the same line reads or writes elsewhere (``apart``), ImportError without the
    package that writes such files, OSError where no file can be written.
    """
    if not path.name.endswith(endings) or path.name in endings:
        listed = " or ".join(filter(None, (", ".join(endings[:-1]), endings[-1])))
        raise wrong(f"`{option}` must end in {listed}, got {str(path)!r}")
    for other in apart:
        if _same(path, Path(other)):
            raise wrong(f"`{option}` must be another file than {other}, got {path}")
    if path.suffix in PACKAGES:
        module, extra = PACKAGES[path.suffix]
        needed(module, who=f"A {path.suffix} file", extra=extra)
    if path.is_dir():
        raise IsADirectoryError(0, "It is a folder, and a file is to be written", str(path))
    if path.exists() and not path.is_file():
        raise OSError(0, "It is no ordinary file", str(path))
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(0, "The file may not be written", str(path))
    found = Path(os.path.realpath(path)) if path.is_symlink() else path
    folder(found.parent)
    return found


def folder(path: Path) -> Path:
    """The folder, made where it is missing; OSError where it cannot be, or holds no new file."""
    missing = not path.exists()
    try:
        path.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=path):
            pass
    except FileExistsError as error:
        raise NotADirectoryError(0, "A file is in the place of the folder", str(path)) from error
    except OSError as error:
        raise OSError(error.errno, f"No file can be written there: {error.strerror}",
                      str(path)) from error  # fmt: skip
    if missing:
        click.echo(f"Made the folder {path}.", err=True)
    return path


def _same(one: Path, other: Path) -> bool:
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()
