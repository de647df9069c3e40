"""The page «Runs»: recorded training runs side by side, and why their nets do or do not learn."""

from __future__ import annotations

from time import time

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnviz.experiments.settings import Settings
from rnnviz.recorder import RecordedRun
from rnnviz.recorder.growth import growing as is_growing
from rnnviz.recorder.measures import LAST_STATES
from rnnviz.recorder.torch_cells import INNER, OTHERS
from rnnviz.recorder.torch_modules import DROPOUT
from rnnviz.ui import badge, prose
from rnnviz.ui.components.growing.growing import growing
from rnnviz.ui.language import fragment
from rnnviz.ui.pages.runs import (
    checks,
    controls,
    findings,
    folder,
    how,
    over_training,
    pictures,
    snapshots,
)
from rnnviz.ui.pages.runs.folder import Folder
from rnnviz.ui.pages.runs.seen import Seen, see
from rnnviz.ui.shell.frame import heading
from rnnviz.words import Refusal, say
from rnnviz.words.markup import inert

LEFT_OUT = {LAST_STATES, DROPOUT, OTHERS, INNER}
"""What the recorder leaves out, in its words."""
EVERY = 3.0
"""Seconds between two looks at a folder."""


def show(settings: Settings) -> None:
    """Choice of runs, what they show in sentences, and the pictures; followed while they grow."""
    place = heading(say("Runs"), slider=False)
    try:
        found = folder.look()
    except OSError:
        st.warning(say("The folder of recorded runs cannot be read."))
        return
    _intro(found)
    how.draw(found)
    if found.runs:
        if not found.given:
            st.subheader(say("An example"))
            st.markdown(say("An RNN and an LSTM on the adding problem, T = 40, recorded in "
                            "PyTorch. Always answering 1 costs 1/6."))  # fmt: skip
        _runs(found, place)
    if found.given:
        fragment(_grow, EVERY)(_state(found))


def _intro(found: Folder) -> None:
    if not found.given:
        st.markdown(say(
            "How far back through time the gradient of a net reaches while it is trained, recorded "
            "in a training loop of your own:"
        ))  # fmt: skip
    elif not found.runs:
        st.info(say("No recorded run in {folder} yet: it appears here with its first log.",
                    folder=found.name))  # fmt: skip
    else:
        st.caption(say("Recorded runs in {folder}: {n}.", folder=found.name, n=len(found.runs)))


def _runs(found: Folder, place: DeltaGenerator) -> None:
    names = controls.which(list(found.runs), found.newest)
    if not names:
        st.info(say("No run is chosen: choose at least one above."))
    runs = _opened(found, names)
    if not runs:
        return
    asked = controls.asked(runs)
    seen = _seen(runs, asked)
    if not seen:
        return
    prose.markdown("\n\n".join(findings.overall(seen)))
    how.judged()
    pictures.profiles(seen, asked)
    over_training.draw(seen, asked)
    snapshots.draw({one.name: one.run for one in seen})
    _left_out(seen)
    badge.show(place, lambda: checks.checks(seen), at_once=checks.cheap(seen))


def _opened(found: Folder, names: tuple[str, ...]) -> dict[str, RecordedRun]:
    """The chosen runs that can be read; of the others a sentence."""
    runs = {}
    for name in names:
        try:
            runs[name] = folder.opened(found.runs[name])
        except Refusal as error:
            st.warning(say("{run} is left out: {why}", run=name, why=error.words))
    return runs


def _seen(runs: dict[str, RecordedRun], asked: controls.Asked) -> list[Seen]:
    seen = []
    for name, run in runs.items():
        try:
            seen.append(see(run, name, asked.place, asked.state, asked.span))
        except (ValueError, OSError) as error:
            refused = error if isinstance(error, Refusal) else Refusal("it cannot be read.")
            st.warning(say("{run} is left out: {why}", run=name, why=refused.words))
    return seen


def _left_out(seen: list[Seen]) -> None:
    """What the recorder could not take into account, and files that are damaged."""
    for one in seen:
        if one.net.stopped:
            st.warning(stopped(one.name, one.net.stopped))
        if one.net.left_out:
            st.caption(say("{run}: not taken into account are {what}.", run=one.name,
                           what=", ".join(map(_phrase, one.net.left_out))))  # fmt: skip
        if one.lost:
            words = {"run": one.name, "n": len(one.lost), "file": one.lost[0]}
            st.caption(say("{run}: the damaged file {file} is left out.", **words)
                       if len(one.lost) == 1 else
                       say("{run}: {n} damaged files are left out, the first of them {file}.",
                           **words))  # fmt: skip


def stopped(run: str, why: str) -> str:
    """That recording stopped, and the reason in the recorder's words."""
    return say("{run}: recording stopped before training did, so later logs are missing. Reason: "
               "{why}", run=inert(run), why=inert(why))  # fmt: skip


def _phrase(what: str) -> str:
    """What the recorder says, in the language of the page; anything else as it stands."""
    return say(what) if what in LEFT_OUT else inert(what)


def _state(found: Folder) -> str:
    """A text that changes when there is more to show: runs, and rows of the chosen ones."""
    parts = list(found.runs)
    for name in st.session_state.get("runs", ()):
        try:
            run = folder.opened(found.runs[name])
            parts.append(f"{run.count} {len(run.snapshots)} {is_growing(run, time())}")
        except (Refusal, KeyError):
            parts.append("")
    return "\n".join(parts)


def _grow(shown: str) -> None:
    """Look again; have the page drawn anew when there is more, and nothing is held."""
    try:
        there = _state(folder.look())
    except OSError:
        return
    if growing(shown, there, key="_runs_growing"):
        st.rerun(scope="app")
