"""The live checks of the page of stacks, on every layer and direction."""

from __future__ import annotations

from rnnviz.analysis.verification.live_checks import Check
from rnnviz.analysis.verification.stack_checks import layer_checks
from rnnviz.experiments.stacked_settings import Stacked
from rnnviz.ui import affordable, cached
from rnnviz.ui.kept import kept

CHECKS = 4 * 10**5
"""Up to this T n², summed over layers and directions, the checks run when the page is drawn."""


@kept
def checks(settings: Stacked, cell: str) -> tuple[Check, ...]:
    """The live checks of every layer and direction."""
    return layer_checks(cached.flow(settings, cell))


def cheap(settings: Stacked, cell: str) -> bool:
    """Whether the checks are quick enough to run when the page is drawn."""
    steps, n = affordable.sizes(cached.flow(settings, cell).layers[0])
    return settings.count * steps * n**2 <= CHECKS
