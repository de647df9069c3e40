"""Names of array types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]
"""Any NumPy array; shapes and units stand in the docstrings."""
Arrays = Mapping[str, Array]
"""Arrays by name: parameters, records, gradients."""
