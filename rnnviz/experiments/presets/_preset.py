"""What a preset is, and when two settings give the same arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from rnnviz.cells import CELLS
from rnnviz.core.initialisation import OWN_GATE_BIASES
from rnnviz.experiments.claims import Claim, Flows
from rnnviz.experiments.settings import Settings
from rnnviz.tasks import TASKS
from rnnviz.words import word


class Topic(Enum):
    """The parts of the menu of presets, in its order."""

    DATA = word("Data")
    VANISHING = word("Vanishing")
    EXPLODING = word("Exploding")
    GATES = word("Gates")
    ARCHITECTURE = word("Architecture")
    LEARNT = word("Trained nets")


@dataclass(frozen=True)
class Preset:
    """Settings with a name.

    ``see`` has the slots that ``read`` fills; ``page`` is the script of the page to look at, and
    ``controls`` what that page's own controls are set to. ``read`` is given the flows of the
    settings' cells or, where the claim is about something else, what ``off`` makes of them.
    """

    name: str
    topic: Topic
    title: str
    settings: Settings
    source: str
    see: str
    page: str
    read: Callable[[Any], Claim]
    controls: tuple[tuple[str, Any], ...] = ()
    off: Callable[[Settings], Any] | None = None

    def claim(self, settings: Settings, flows: Callable[[Settings], Flows]) -> Claim:
        """The claim for these settings; ``flows`` is called only if it is read off those."""
        return self.read(flows(settings) if self.off is None else self.off(settings))


def same(one: Settings, other: Settings) -> bool:
    """Whether two settings give the same arrays, spelled-out defaults and unused values aside."""
    return plain(one) == plain(other)


def plain(settings: Settings) -> Settings:
    """The settings with every option spelled out, and what decides nothing at its default."""
    task, usual = TASKS[settings.task], Settings()
    kinds = [CELLS[cell] for cell in settings.cells]
    options = {one.name: one.default for one in task.options} | dict(settings.options)
    given, choices = dict(settings.cell_options), dict[str, Any]()
    for kind in kinds:
        choices |= {name: given.get(name, of[0]) for name, of in kind.choices.items()}
    used = {name for kind in kinds for name in kind.bias_blocks}
    if settings.init in OWN_GATE_BIASES:
        used = set()
    unused = {name: getattr(usual, name) for name in ("forget_bias", "update_bias")
              if name not in used}  # fmt: skip
    if settings.trained is not None:
        names = ("init", "scaling", "scale", "forget_bias", "update_bias")
        unused = {name: getattr(usual, name) for name in names}
    else:
        unused["update"] = 0
    return replace(
        settings,
        options=tuple(sorted(options.items())),
        cell_options=tuple(sorted(choices.items())),
        length=0 if task.length_is == "maximum" else settings.length,
        loss_at=settings.loss_at if settings.loss == "chosen" else "",
        hold=tuple(sorted(one for one in settings.hold if one[0] in settings.cells)),
        edits=tuple(one for one in settings.edits if one.cell in settings.cells),
        **unused,
    )
