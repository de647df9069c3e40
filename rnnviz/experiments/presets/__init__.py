"""Settings worth looking at, each with its source, what one should see, and a check of that.

Every number in what a preset says is read off its arrays by `Preset.claim`, which also says whether
the claim holds; the tests run all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rnnviz.experiments.presets._beyond_one_layer import BEYOND_ONE_LAYER
from rnnviz.experiments.presets._learnt import LEARNT
from rnnviz.experiments.presets._one_layer import ONE_LAYER
from rnnviz.experiments.presets._one_layer_claims import latch_state
from rnnviz.experiments.presets._preset import Preset, Topic, plain, same
from rnnviz.experiments.settings import Settings

__all__ = ["PRESETS", "Preset", "Topic", "latch_state", "matching", "plain", "same"]

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        one.name: one
        for topic in Topic
        for one in (*ONE_LAYER, *BEYOND_ONE_LAYER, *LEARNT)
        if one.topic is topic
    }
)
"""Name → preset, by topic; the app opens on the first."""


def matching(settings: Settings) -> Preset | None:
    """The preset that these settings are, if any."""
    return next((one for one in PRESETS.values() if same(one.settings, settings)), None)
