"""Break one thing at a time in the package: the live checks must tell, every time.

Each `Breakage` names a fault, the case that shows it, and a patch. The checks' own modules
(`rnnviz.analysis.verification`) are never patched.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz import CELLS, verify
from tests.analysis.verification.breakages.analysis import PRODUCTS, SUMS
from tests.analysis.verification.breakages.backward import PASS, WEIGHTS
from tests.analysis.verification.breakages.cases import CASES, by_classes, by_squares
from tests.analysis.verification.breakages.forward import PADDED, RUN
from tests.analysis.verification.breakages.losses import LOSSES
from tests.analysis.verification.breakages.patches import Breakage
from tests.analysis.verification.breakages.reading import READ

BREAKAGES = [*RUN, *PADDED, *PASS, *READ, *WEIGHTS, *LOSSES, *PRODUCTS, *SUMS]


@pytest.mark.parametrize("one", BREAKAGES, ids=[one.what for one in BREAKAGES])
def test_a_breakage_is_found(one: Breakage, monkeypatch: pytest.MonkeyPatch) -> None:
    one.patch(monkeypatch)
    with np.errstate(all="ignore"):
        checks = verify(*CASES[one.case]())
    assert not all(check.ok for check in checks)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_unbroken_all_is_well(dtype: Any) -> None:
    """Every case above; every cell in a stack of two directions with either readout and loss."""
    for case in CASES.values() if dtype == np.float64 else ():
        assert all(check.ok for check in verify(*case()))
    for cell in CELLS:
        for made in (by_squares, by_classes):
            given = made(cell=cell, num_layers=2, bidirectional=True, dtype=dtype)
            failed = [check for check in verify(*given) if not check.ok or check.skipped]
            assert not failed, (cell, failed)


def test_there_are_enough() -> None:
    assert len(BREAKAGES) >= 40
    assert len({one.what for one in BREAKAGES}) == len(BREAKAGES)
