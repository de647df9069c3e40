"""The case that a test of conformance is given."""

from __future__ import annotations

import pytest

from tests.cells.conformance.cases import Case


@pytest.fixture
def case(cell: str, options: dict, shape: dict) -> Case:
    return Case(cell, options, shape)
