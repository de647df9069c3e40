"""One menu on every figure: picture as PNG or SVG, data as CSV, full screen.

"Other formats" opens the words and table under the figure, where the server makes them.

An element of its own on the page would move what stands beside it while it loads: so the button
that copies a link brings the menu's script along (`permalink`).
"""

from __future__ import annotations

from rnnviz.words import say


def words() -> dict[str, str]:
    """The words of the menu, for `figure_menu.js`."""
    return {
        "menu": say("Figure menu"),
        "png": say("Picture (PNG)"),
        "svg": say("Picture (SVG)"),
        "csv": say("Data (CSV)"),
        "more": say("Other formats"),
        "full": say("Full screen"),
    }
