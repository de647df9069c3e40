"""The figures of truncated training, read as data."""

import numpy as np

from rnnviz.figures.learning import windows


def test_every_answer_names_its_cause_and_the_cut_ones_are_apart():
    fig = windows(np.array([False, False, False, True, False]), 2, 2, color="red")
    cut, kept, _, asked = fig.data
    assert [one for one in kept.x if one == one] == [2, 4]
    assert [one for one in cut.x if one == one] == [1, 3, 3, 5]
    assert list(asked.customdata[2:]) == [f"x<sub>{t}</sub>" for t in (1, 2, 3)]
    assert len(asked.customdata) == 5
