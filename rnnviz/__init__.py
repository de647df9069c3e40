"""See what a recurrent network does: every gate, state and gradient at every timestep.

NumPy is all that this needs. `rnnviz.plot` and `rnnviz.show`, loaded on first use, need plotly. The
public names stand in `rnnviz/public.py`, which is loaded with the first of them: the command line
can answer without NumPy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rnnviz.numerics.optional import needed

if TYPE_CHECKING:
    from rnnviz import plot as plot
    from rnnviz.public import *  # noqa: F403
    from rnnviz.reports.experiment import report as report
    from rnnviz.reports.stage import show as show

__version__ = "0.1.0"
_DRAWN = {"show": "rnnviz.reports.stage", "report": "rnnviz.reports.experiment"}
"""Public functions that draw, and where they are."""


def __getattr__(name: str) -> Any:
    """A public name, or a room that those of the public names have loaded."""
    if name == "plot":
        return needed("rnnviz.plot", who="`rnnviz.plot`", extra="plot")
    if name in _DRAWN:
        return getattr(needed(_DRAWN[name], who=f"`rnnviz.{name}`", extra="plot"), name)
    if not name.startswith("_") or name == "__all__":
        public = import_module("rnnviz.public")
        names = getattr(public, "__all__", [])
        globals().update({one: getattr(public, one) for one in names}, __all__=names)
        if name in globals():
            return globals()[name]
    raise AttributeError(f"module 'rnnviz' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Names for completion."""
    return sorted({*globals(), *__getattr__("__all__"), "plot", *_DRAWN})
