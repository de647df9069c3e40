"""The preset that the sidebar's controls begin at, and the ends of its sliders."""

from __future__ import annotations

import math

from rnnviz.experiments.settings import Settings

PRESET = Settings()
LONGEST = 500
"""The most timesteps of any other sequence."""
LONGEST_OPENED = 1000
"""The most timesteps that an opened net reads of a sequence that is no file's."""
WIDEST = 128
"""The most hidden units."""
LARGEST_SCALE = 6.0
"""The largest gain, or spectral radius, of W_h."""
BIAS_STEP = 0.25
BIASES = -4.0, BIAS_STEP * math.ceil(math.log(LONGEST - 1) / BIAS_STEP)
"""The least and the largest gate bias: changes that are tried go up to ln(LONGEST − 1)."""
