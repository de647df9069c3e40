"""What an entry of the glossary holds, and the pages that entries lead to."""

from __future__ import annotations

from typing import NamedTuple

STEP, FLOW, WHOSE_GRADIENT = "pages/Step.py", "pages/Gradient_flow.py", "pages/Whose_gradient.py"
SPECTRUM, ROADS, CUTS = "pages/Spectrum.py", "pages/Roads.py", "pages/Cuts.py"
PROBLEM_TYPES, DEPTH, SYSTEMS = "pages/Problem_types.py", "pages/Depth.py", "pages/Systems.py"
COMPARE = "app.py"


class Term(NamedTuple):
    """A term, its symbol, what it means, where others differ, and the page on which one sees it."""

    name: str
    symbol: str
    meaning: str
    elsewhere: str
    page: str

    @property
    def slug(self) -> str:
        """The term's name in a link: forget-gate."""
        kept = "".join(one if one.isalnum() else " " for one in self.name.lower())
        return "-".join(kept.split())
