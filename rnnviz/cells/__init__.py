"""The cells, found by looking in this folder: a file with a `Cell` class in it is a cell.

`CELLS` has besides, by their names, the cells of typed equations (`rnnviz.cells._typed`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rnnviz.cells._arithmetic import Line
from rnnviz.cells._base import Cell, Signal
from rnnviz.cells._drawing import Node, Wire
from rnnviz.cells._function_names import called, symbol
from rnnviz.cells._gradients import Contribution
from rnnviz.cells._typed.as_file import as_file
from rnnviz.cells._typed.made import OwnCell, cell_name, own_cell
from rnnviz.cells._typed.misprint import Misprint, pointed
from rnnviz.cells._typed.names import PREFIX
from rnnviz.cells._typed.paper import paper_form
from rnnviz.numerics.discovery import modules
from rnnviz.numerics.validation import one_of
from rnnviz.words import Refusal


class Cells(Mapping[str, type[Cell]]):
    """Name → cell class: the cells of this folder, and any typed one by its name.

    A typed cell's name is its equations in a short form, `own:…`. Iteration, length and menus have
    the folder's cells alone; `in` is true of a typed cell's name, too, if a cell can be made of it.
    """

    def __init__(self, found: Mapping[str, type[Cell]]) -> None:
        self._found = dict(found)

    def __getitem__(self, name: str) -> type[Cell]:
        """The class of that name. Raises KeyError of any other text."""
        if name in self._found:
            return self._found[name]
        try:
            return own_cell(name)
        except (ValueError, TypeError, AttributeError):
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        """The names of the folder's cells."""
        return iter(self._found)

    def __len__(self) -> int:
        """How many cells the folder has."""
        return len(self._found)


CELLS = Cells({
    thing.name: thing
    for module in modules(__name__, list(__path__))
    for thing in vars(module).values()
    if isinstance(thing, type) and issubclass(thing, Cell) and thing.__module__ == module.__name__
})  # fmt: skip
"""Name → cell class."""


def known_cell(name: object) -> type[Cell]:
    """The class of a cell's name; raises ValueError that lists the names there are."""
    if isinstance(name, str) and is_typed(name):
        return own_cell(name)
    return CELLS[one_of("cell", name, tuple(CELLS))]


def is_typed(name: str) -> bool:
    """Whether a name is that of a cell of typed equations."""
    return name.startswith(PREFIX)


def short_name(name: str) -> str:
    """A cell's name as captions have it: of a typed one its title."""
    return CELLS[name].title if is_typed(name) else name


def cell_from_equations(text: str, title: str | None = None) -> str:
    """The name of the cell of these equations, for `build`, `train`, `CELLS` and links.

    Equations are written as in papers or in ASCII: ``z = σ(x Wz + h Uz + bz)`` or
    ``z = sigmoid(x@Wz + h_prev@Uz + bz)``; a capital letter begins a matrix, b a bias, and u, v, w
    or p a vector a unit. ``h`` and at most one more symbol are carried to the next step. ``title``
    is the cell's name in words.

    Raises ValueError that says line, character and what cannot be read there.

    >>> import rnnviz
    >>> name = rnnviz.cell_from_equations(
    ...     "z = σ(x Wz + h Uz + bz); g = relu(x Wg + h Ug + bg); h = z ⊙ h + (1 − z) ⊙ g")
    >>> rnnviz.CELLS[name].blocks
    ('z', 'g')
    >>> rnnviz.build(name, 3, 8, update_bias=3.0)
    Model(own:..., 3 → 8, 1 layer, 192 parameters, float64)
    """
    name = cell_name(text, title)
    given = own_cell(name).title
    if given.casefold() in {kind.title.casefold() for kind in CELLS.values()}:
        raise Refusal("There is a cell with the name {title} already: choose another.",
                      title=given)  # fmt: skip
    return name


__all__ = [
    "CELLS",
    "Cell",
    "Contribution",
    "Line",
    "Misprint",
    "Node",
    "OwnCell",
    "Signal",
    "Wire",
    "as_file",
    "called",
    "cell_from_equations",
    "is_typed",
    "known_cell",
    "paper_form",
    "pointed",
    "short_name",
    "symbol",
]
