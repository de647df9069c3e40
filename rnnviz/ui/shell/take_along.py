"""The menu «Export» of every page: what it shows as a report, the experiment as files to keep.

A file is made when its button is pressed, not before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from rnnviz.experiments import address as address_of
from rnnviz.experiments.settings import Settings
from rnnviz.exports import as_keras, as_pytorch, bibtex, to_npz
from rnnviz.exports.scripts.experiment import MOST_NUMBERS
from rnnviz.exports.sources import said_in
from rnnviz.ui.language import fragment
from rnnviz.ui.shell import opened_files
from rnnviz.ui.shell.navigation import pages
from rnnviz.ui.shell.page_report import About, report_of
from rnnviz.ui.shown import page
from rnnviz.words import language, say

_SHOWN = "_exported"
ANALYSES = {
    "pages/Cuts.py": ("analysis.truncation", "analysis.clipping", "analysis.loss_cliff"),
    "pages/Gradient_flow.py": ("analysis.bounds", "analysis.jacobian_estimate"),
    "pages/Initialisation.py": ("experiments.initialisation_theory",),
    "pages/Phase_diagrams.py": ("sweeps.mean_field",),
    "pages/Spectrum.py": ("analysis.spectrum", "analysis.leading_directions"),
    "pages/Systems.py": ("analysis.systems.state_space", "analysis.systems.bit_latch"),
    "pages/Training.py": ("training.optimisers", "training.truncated_bptt", "analysis.clipping",
                          "experiments.initialisation_training"),
    "pages/Units.py": ("analysis.units.saturated", "analysis.units.patterns",
                       "analysis.units.clustering"),
    "pages/Variants.py": ("analysis.peephole_and_reset",),
    "pages/Whose_gradient.py": ("analysis.loss_attribution",),
}  # fmt: skip
"""Page → the modules whose docstrings name the sources of its analyses."""


class File(NamedTuple):
    """A file that can be had: the words on its button, its name, its type and what makes it."""

    label: str
    name: str
    mime: str
    make: Callable[[Settings], str | bytes]


def files(script: str, *, scripts: bool = True) -> list[File]:
    """The files that a page offers of the experiment that it shows; without one, its sources."""
    named = said_in(ANALYSES.get(script, ()))
    if not shows_experiment(script):
        return [_sources(lambda _: bibtex(None, named))] if named else []
    written = [
        File(say("PyTorch script"), "rnnviz_pytorch.py", "text/x-python", as_pytorch),
        File(say("Keras script"), "rnnviz_keras.py", "text/x-python", as_keras),
    ]
    return [
        File(say("All arrays (NPZ)"), "rnnviz-experiment.npz", "application/octet-stream", to_npz),
        *(written if scripts else []),
        _sources(lambda shown: bibtex(shown, named)),
    ]


def shows_experiment(script: str) -> bool:
    """Whether a page shows the sidebar's experiment: others have their own sequences, or none."""
    return "task" in pages()[script].counts


def _sources(make: Callable[[Settings], str]) -> File:
    return File(say("Sources (BibTeX)"), "rnnviz-sources.bib", "text/plain", make)


def menu(settings: Settings, script: str) -> None:
    """Draw the menu; its buttons come when it is opened."""
    shown = st.session_state[_SHOWN] = [settings]
    _menu(shown, script)


def instead(settings: Settings) -> None:
    """Say that the page shows these settings, such as a stack, instead of the sidebar's."""
    st.session_state[_SHOWN][:] = [settings]


@fragment
def _menu(shown: list[Settings], script: str) -> None:
    """``shown`` has the settings by the time that a button is pressed."""
    box = st.popover(say("Export"), key="_export", on_change="rerun", width="content")
    if box.open:
        with box:
            _report(shown, script)
            small = _fits_in_a_script(shown[0])
            for one in files(script, scripts=small):
                st.download_button(
                    one.label, _made(one, shown), one.name, one.mime, key=f"_export_{one.name}",
                    on_click="ignore", width="stretch",
                )  # fmt: skip
            if not small:
                st.caption(say("The opened net has too many weights for a script: its arrays are "
                               "in the NPZ."))  # fmt: skip


def _fits_in_a_script(settings: Settings) -> bool:
    """Whether the weights of an opened net can stand in a script, twice in some."""
    net = settings.net
    return net is None or net.model.parameter_count <= MOST_NUMBERS // 3


def _report(shown: list[Settings], script: str) -> None:
    """The button that makes a report of the page as it is shown when it is pressed."""
    address = urlsplit(st.context.url or address_of.HERE)
    asked = {key: st.query_params[key] for key in st.query_params} | {"lang": language()}
    link = "" if opened_files.anything() else urlunsplit(
        (address.scheme, address.netloc, address.path, urlencode(asked, safe=",:"), ""))
    look = "dark" if st.context.theme.type == "dark" else "light"
    sent, spoken = page(), language()
    if not sent.complete:
        st.rerun()

    def made() -> bytes:
        settings = shown[0].in_words() if shows_experiment(script) else ""
        return report_of(sent, About(settings, link, look, spoken))

    st.download_button(
        say("Report of this page (HTML)"), made, f"rnnviz-{pages()[script].stem.lower()}.html",
        "text/html", key="_export_report", on_click="ignore", width="stretch",
    )  # fmt: skip


def _made(file: File, shown: list[Settings]) -> Callable[[], bytes]:
    def bytes_of() -> bytes:
        made = file.make(shown[0])
        return made.encode() if isinstance(made, str) else made

    return bytes_of
