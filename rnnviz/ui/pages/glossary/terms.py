"""The glossary's terms, a group a file: words and symbols, here and elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from rnnviz.ui.pages.glossary import (
    gates_terms,
    gradients_terms,
    matrices_terms,
    networks_terms,
    numbers_terms,
    parameters_terms,
    sequence_terms,
    summary_terms,
)
from rnnviz.ui.pages.glossary.term import Term

TERMS: Mapping[str, tuple[Term, ...]] = {
    one.GROUP: one.TERMS
    for one in (sequence_terms, networks_terms, gates_terms, parameters_terms, gradients_terms,
                summary_terms, matrices_terms, numbers_terms)
}  # fmt: skip
"""Group → its terms."""
