"""Colours that can be read, in both themes, for everybody."""

import re

import numpy as np
import pytest

from rnnviz import CELLS
from rnnviz.figures import palette
from rnnviz.figures.palette import BAND, NOT_FINITE, OTHERS, QUIET, TEXT, THEMES

BACKGROUND = {"light": "#FFFFFF", "dark": "#0E1117"}
TABLES = {"cell": palette.CELLS, "signal": palette.SIGNALS, "other": {"any": OTHERS},
          "spare": dict(enumerate(palette.SPARE))}
COLORS = [
    (f"{kind} {name}", theme, pair[THEMES.index(theme)])
    for kind, table in TABLES.items()
    for name, pair in table.items()
    for theme in THEMES
] + [(kind, theme, table[theme]) for kind, table in {"text": TEXT, "quiet": QUIET}.items()
     for theme in THEMES]  # fmt: skip


def luminance(color):
    """Relative luminance of WCAG 2.2."""
    channels = np.array([int(color[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_of_contrast():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=1e-3)


@pytest.mark.parametrize(("what", "theme", "color"), COLORS)
def test_everything_written_or_drawn_as_a_line_stands_out(what, theme, color):
    assert contrast(color, BACKGROUND[theme]) >= 4.5, what


@pytest.mark.parametrize("theme", THEMES)
def test_words_on_the_bands_can_be_read(theme):
    assert contrast(QUIET[theme], BAND[theme]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_not_finite_stands_out_as_a_mark(theme):
    """WCAG asks 3 : 1 of what is no text."""
    assert contrast(NOT_FINITE, BACKGROUND[theme]) >= 3


def test_both_themes_have_the_same_keys():
    for table in (TEXT, QUIET, palette.GRID, BAND, palette.DIVERGING):
        assert set(table) == set(THEMES)
    for table in (palette.CELLS, palette.SIGNALS):
        assert all(len(pair) == len(THEMES) for pair in table.values())
    assert len({len(colors) for colors in palette.DIVERGING.values()}) == 1


def test_diverging_scales_are_symmetric_in_length_and_have_a_middle():
    assert all(len(colors) % 2 == 1 for colors in palette.DIVERGING.values())


def test_every_cell_and_every_signal_has_a_colour_of_its_own():
    for cell in CELLS.values():
        names = {signal.name for signal in cell.signals}
        assert names <= set(palette.SIGNALS)
        for theme in THEMES:
            assert len({palette.signal_color(name, theme) for name in names}) == len(names)
    for theme in THEMES:
        assert len({palette.cell_color(name, theme) for name in CELLS}) == len(CELLS)


def test_signals_of_a_cell_differ_by_more_than_colour():
    """Two lines in one panel are told apart by their dashes as well."""
    for cell in CELLS.values():
        for kind in ("gate", "candidate", "state"):
            dashes = [palette.DASHES[s.name] for s in cell.signals if s.kind == kind]
            assert len(set(dashes)) == len(dashes)


def test_what_is_unknown_has_a_colour_too():
    for pick in (palette.cell_color, palette.signal_color):
        assert [pick("new", theme) for theme in THEMES] == list(OTHERS)


def test_plotly_s_reserved_colours_are_not_used():
    """#000001 … #000040 mean something else to Streamlit."""
    colors = [color for _, _, color in COLORS] + [NOT_FINITE]
    assert all(re.fullmatch(r"#[0-9A-F]{6}", color) for color in colors)
    assert all(int(color[1:], 16) > 0x40 for color in colors)


def test_css_holds_both_themes():
    assert palette.cell_css("lstm") == "light-dark({}, {})".format(*palette.CELLS["lstm"])
    assert palette.signal_css("f") == "light-dark({}, {})".format(*palette.SIGNALS["f"])
