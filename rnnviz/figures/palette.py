"""One colour per cell and per signal, on every page; light and dark.

Distances were chosen in OKLab under normal vision and the three simulated dichromacies; six
signals cannot all be far apart, so lines are also labelled at their ends and dashed differently.
"""

from __future__ import annotations

from zlib import crc32

from rnnviz.cells import CELLS as KINDS
from rnnviz.cells import is_typed
from rnnviz.cells._roles import REST

THEMES = ("light", "dark")

CELLS = {
    "rnn": ("#C24E1F", "#EA5202"),
    "lstm": ("#4C68EB", "#317CF8"),
    "gru": ("#4C0C49", "#FCC3E8"),
    "peephole_lstm": ("#2C7E8B", "#09B2C7"),
    "cifg_lstm": ("#7B240B", "#FDA658"),
    "lstm_1997": ("#2A2011", "#BA9680"),
    "janet": ("#624067", "#907781"),
    "mingru": ("#3211BA", "#7479BC"),
    "minlstm": ("#9B3938", "#DBB7A4"),
}
SIGNALS = {
    "f": ("#1A4268", "#2F8BC3"),
    "i": ("#5E4205", "#B28324"),
    "o": ("#864AD2", "#CAADE1"),
    "g": ("#496D16", "#89F670"),
    "c": ("#3F0F00", "#F49383"),
    "h": ("#333333", "#E8E8E8"),
    "r": ("#7C4456", "#E7666B"),
    "z": ("#2C7E8B", "#09B2C7"),
    "k": ("#1C70E4", "#6BA6FF"),
}
DASHES = {"f": "solid", "i": "dash", "o": "dot", "g": "dashdot", "z": "solid", "r": "dash",
          "c": "longdash", "h": "solid", "k": "longdash"}  # fmt: skip
CELL_DASHES = {
    "rnn": "solid", "lstm": "solid", "gru": "solid", "peephole_lstm": "dash",
    "cifg_lstm": "dashdot", "lstm_1997": "dot", "janet": "longdash", "mingru": "longdashdot",
    "minlstm": "dot",
}  # fmt: skip
SPARE = (
    ("#00695C", "#4DB6AC"), ("#8E24AA", "#CE93D8"), ("#A3124F", "#F48FB1"),
    ("#1B5E20", "#81C784"), ("#6D4C41", "#BCAAA4"), ("#37474F", "#B0BEC5"),
)  # fmt: skip
"""What cells get that are not named above and name no colour of their own, in turn."""
OTHERS = ("#5B6470", "#A3ADB8")

TEXT = {"light": "#1B1F24", "dark": "#E6E9ED"}
QUIET = {"light": "#5B6470", "dark": "#A3ADB8"}
GRID = {"light": "#E4E7EB", "dark": "#2A313A"}
BAND = {"light": "#ECEFF2", "dark": "#212833"}
PAPER = {"light": "#FFFFFF", "dark": "#0E1117"}
"""The background of the page, also used behind text."""

GATES = "Cividis"
"""The colour scale of gates, on the fixed range 0 … 1."""
DIVERGING = {
    "light": ["#16425B", "#6FA3C0", "#F7F7F5", "#D98C5F", "#7A2B0B"],
    "dark": ["#8CC8EE", "#2D6A92", "#14181E", "#A8552A", "#F7B58F"],
}
"""The colour scale of states and candidates, symmetric about 0."""
UNDERFLOW = {"light": "#C9CED4", "dark": "#3A424C"}
"""The colour of exact zeros and of values below the range of float64."""
MOST_RAMP = 13
"""Ramps of fewer colours than these are among the `pairs`."""
NOT_FINITE = "#E5007D"
"""The colour of values that are inf or nan."""


def _cell(name: str) -> tuple[str, str]:
    """A cell's colour in light and dark: the palette's, its own, or a spare one.

    That of a typed cell follows from its equations, so that it is the same wherever it is shown.
    """
    if name in CELLS or name not in KINDS:
        return CELLS.get(name, OTHERS)
    if is_typed(name):
        return SPARE[crc32(name.encode()) % len(SPARE)]
    place = sorted(set(KINDS) - set(CELLS)).index(name)
    return KINDS[name].color or SPARE[place % len(SPARE)]


def cell_color(name: str, theme: str) -> str:
    """The colour of a cell."""
    return _cell(name)[THEMES.index(theme)]


def _signal(name: str) -> tuple[str, str]:
    """A signal's colour in light and dark: the palette's; of other letters a spare one each."""
    if name in SIGNALS or not 0 < len(name) < 3:
        return SIGNALS.get(name, OTHERS)
    return SPARE[sum(map(ord, name)) % len(SPARE)]


def signal_color(name: str, theme: str) -> str:
    """The colour of a signal."""
    return _signal(name.removeprefix(REST))[THEMES.index(theme)]


def cell_css(name: str) -> str:
    """The colour of a cell in both themes, as CSS."""
    return "light-dark({}, {})".format(*_cell(name))


def signal_css(name: str) -> str:
    """The colour of a signal in both themes, as CSS."""
    return "light-dark({}, {})".format(*_signal(name))


def several(count: int, theme: str) -> list[str]:
    """Colours for ``count`` things without an order, of those of signals and spare cells."""
    known = [*(SIGNALS[name] for name in "fioghrzk" if name != "h"), *SPARE, OTHERS]
    return [known[k % len(known)][THEMES.index(theme)] for k in range(count)]


def ramp(count: int, theme: str, *, readable: bool = False) -> list[str]:
    """``count`` colours in order, which differ in lightness as well as in hue.

    ``readable`` keeps them at 4.5 : 1 against the background: for lines, which carry their names.
    """
    ends = (((22, 66, 91), (222, 196, 160)), ((214, 234, 248), (110, 66, 40)))[THEMES.index(theme)]
    if readable:
        ends = (ends[0], ((150, 98, 48), (180, 120, 80))[THEMES.index(theme)])
    shares = [k / max(count - 1, 1) for k in range(count)]
    mixed = [[round(a + s * (b - a)) for a, b in zip(*ends, strict=True)] for s in shares]
    return ["#{:02X}{:02X}{:02X}".format(*color) for color in mixed]


def pairs() -> list[tuple[str, str]]:
    """All colours as (light, dark), each light one and each dark one once.

    So that a figure in one theme can be shown in the other.
    """
    found = [*CELLS.values(), *SIGNALS.values(), *SPARE, OTHERS]
    found += [_cell(name) for name in KINDS]
    found += [(one["light"], one["dark"]) for one in (TEXT, QUIET, GRID, BAND, PAPER, UNDERFLOW)]
    found += zip(DIVERGING["light"], DIVERGING["dark"], strict=True)
    for count in range(2, MOST_RAMP):
        for readable in (False, True):
            shades = (ramp(count, theme, readable=readable) for theme in THEMES)
            found += zip(*shades, strict=True)
    lights, darks, once = set[str](), set[str](), []
    for light, dark in ((one.upper(), other.upper()) for one, other in found):
        if light not in lights and dark not in darks:
            once.append((light, dark))
            lights.add(light)
            darks.add(dark)
    return once
