"""A typed cell as the file that states it, as docs/recipe_cell.md has it."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Collection

from rnnviz.cells._base import Signal
from rnnviz.cells._typed.made import OwnCell

FILE = '''"""{title}: equations typed on the page «Your cell».

Block order [{blocks}]; x (B, D), the states and {parameters} as `shapes` has them.
"""

from __future__ import annotations

from rnnviz.cells._base import Cell, {kinds}


class {kind}(Cell):
    """{title}."""

    name = "{name}"
    title = "{title}"
    source = "Own equations"
    equations = """
{equations}
    """
    states = {states}
    signals = (
{signals}
    )
    path = (
{path}
    )
    places = {{
{places}
    }}  # fmt: skip
'''


def as_file(cell: type[OwnCell], taken: Collection[str] = ()) -> tuple[str, str]:
    """The name of the file and its text; ``taken`` are names that other cells have.

    >>> import rnnviz
    >>> name = rnnviz.cell_from_equations("h = tanh(x W + u ⊙ h + b)", "IndRNN")
    >>> as_file(rnnviz.CELLS[name])[0]
    'indrnn.py'
    """
    name = _plain(cell.title)
    while name in taken:
        name = f"own_{name}"
    signals = [_signal(one) for one in cell.signals]
    text = FILE.format(
        title=cell.title, name=name, kind="".join(map(str.capitalize, name.split("_"))),
        blocks=" ".join(cell.blocks), parameters=", ".join(cell().statement.parameters),
        kinds=", ".join(sorted({one.kind for one in cell.signals})),
        equations="\n".join(f"        {line}" for line in cell.equations.splitlines()),
        states='("h", "c")' if len(cell.states) > 1 else '("h",)',
        signals="\n".join(f"        {one}," for one in signals),
        places="\n".join(_placed(cell)),
        path="\n".join(f'        "{line}"' for line in _wrapped(cell.path)),
    )  # fmt: skip
    return f"{name}.py", text


def _signal(one: Signal) -> str:
    if one.kind == "gate":
        return f'gate("{one.name}", "{one.title}", at_0="{one.at_0}", at_1="{one.at_1}")'
    return f'{one.kind}("{one.name}", "{one.title}")'


def _placed(cell: type[OwnCell]) -> list[str]:
    parts = [f'"{name}": {at},' for name, at in cell.places.items()]
    return textwrap.wrap(" ".join(parts), 92, initial_indent=" " * 8, subsequent_indent=" " * 8,
                         break_on_hyphens=False)  # fmt: skip


def _wrapped(text: str) -> list[str]:
    """Lines that fit into a file, with the spaces between them."""
    lines = textwrap.wrap(text, 86)
    return [f"{line} " for line in lines[:-1]] + lines[-1:]


def _plain(title: str) -> str:
    """A title as the name of a module."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return found if found[:1].isalpha() else f"own_cell_{found}".rstrip("_")
