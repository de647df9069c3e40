"""What would help, measured: every change tried on these nets, applied by a button, and undone."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from rnnviz.advice import measured
from rnnviz.cells import CELLS
from rnnviz.experiments.remedies import EXPLODES, VANISHES, Tried, best_first, clipped, without_help
from rnnviz.experiments.settings import Settings
from rnnviz.ui import cached, prose, tried
from rnnviz.ui.language import fragment
from rnnviz.ui.pages.compare.earlier import told_apart
from rnnviz.ui.pages.compare.findings import two_parts
from rnnviz.ui.pages.compare.first_screen import before
from rnnviz.ui.pages.compare.followed import Followed
from rnnviz.ui.shell import changed
from rnnviz.words import say
from rnnviz.words.numbers import power

BUTTON = 220
"""Pixels, so that what the changes give stands in one column; longer words take two lines."""
ABOUT = 12
"""About so many changes are tried on a cell."""


def show(settings: Settings, followed: Followed) -> None:
    """Draw what was changed last, if anything was, and the folded list of what would help.

    The list is of changes to fresh nets; trained ones have none.
    """
    thin = before(settings, followed)
    hidden = bool(thin) and not told_apart(thin, followed.norms)
    _applied(settings, _thin(settings, hidden=hidden) if thin else "")
    if settings.trained is None and settings.net is None:
        _folded(settings)


def _thin(settings: Settings, *, hidden: bool) -> str:
    """Say which nets the thin lines show, and whether they differ from the current ones."""
    past = changed.earlier(settings)
    if changed.last(settings) is not None:
        said = say("The thin lines are from before.")
    elif past is not None and past.update != settings.update:
        said = say("The thin lines are of the same nets before training.")
    else:
        said = say("The thin lines are of the same nets without the edited weights.")
    return f"{said} " + say(
        "On the scale of this chart they cannot be told from those of now.") if hidden else said


def _applied(settings: Settings, thin: str) -> None:
    """Draw the change that was applied, what it gave, and a button that undoes it."""
    one = changed.last(settings)
    if one is None:
        if thin:
            st.caption(thin)
        return
    with st.container(horizontal=True, vertical_alignment="center", key="rv-applied", wrap=False):
        st.button(say("Undo"), on_click=changed.undo, key="_undo")
        st.markdown(
            say("Applied: {change}. {cell}: {gives}.",
                change=say(one.tried.change.words), gives=measured.gives(one.tried),
                cell=say(CELLS[one.tried.change.cell].title)) + f" {thin}",
        )  # fmt: skip


@fragment
def _folded(settings: Settings) -> None:
    """The list, computed where it is open; opening it draws nothing else again."""
    box = st.expander(say("What would help, measured"), key="_help", on_change="rerun")
    if not box.open:
        return
    with box, st.container(gap="xxsmall", key="rv-helping"):
        cell = _chosen(settings)
        if (found := _tried(settings, cell)) is not None and _listed(settings, cell, found):
            st.rerun()


def _chosen(settings: Settings) -> str:
    """The cell whose gradient the changes are to help."""
    cells = settings.cells
    if len(cells) == 1:
        return cells[0]
    if st.session_state.get("_help_cell") not in cells:
        gated = [cell for cell in cells if CELLS[cell].keeping_gate is not None]
        st.session_state["_help_cell"] = (gated or cells)[0]
    return str(st.segmented_control(
        say("Cell"), cells, key="_help_cell", required=True, label_visibility="collapsed",
        format_func=lambda name: say(CELLS[name].title),
    ))  # fmt: skip


def _tried(settings: Settings, cell: str) -> Sequence[Tried] | None:
    """What was tried; where that takes long, a button that starts it, with a bar."""
    found = tried.helping(settings, cell)
    if found is not None:
        return found
    place = st.empty()
    with place.container():
        st.caption(say("About ten nets of this size are run forward and back: some seconds."))
        pressed = st.button(say("Try the changes"), key="_try")
    if not pressed:
        return None
    words = say("Trying one change after another …")
    place.progress(0.0, words)
    tried.try_changes(settings, cell,
                       lambda done: place.progress(min(done / ABOUT, 1.0), words))  # fmt: skip
    place.empty()
    return tried.helping(settings, cell)


def _listed(settings: Settings, cell: str, found: Sequence[Tried]) -> bool:
    """Draw the list; return whether a change was applied."""
    st.caption(say(
        "Each change was tried alone, on the same sequence and seed. Measured is the gradient of "
        "one loss along the memory state {state}, for another cell along that cell's own.",
        state=CELLS[cell].states[-1],
    ))  # fmt: skip
    helpful = best_first(found, cell)
    pressed = _rows(settings, cell, helpful, "help")
    _summed(settings, cell, found, helpful)
    if said := two_parts(cached.gradient_paths(settings, cell), found[0].before.start):
        prose.caption(said)
    if broken := tried.breaking(settings, cell):
        st.markdown(f"**{say('Break it')}**")
        pressed |= _rows(settings, cell, broken, "break")
    return pressed


def _rows(settings: Settings, cell: str, found: Sequence[Tried], kind: str) -> bool:
    """A button and what it gives, a change a line; whether one was pressed."""
    pressed = False
    for k, one in enumerate(found):
        with st.container(horizontal=True, vertical_alignment="center", wrap=False,
                          key=f"rv-{kind}-{k}"):  # fmt: skip
            pressed |= st.button(
                say(one.change.words), key=f"_{kind}_{cell}_{k}", on_click=changed.apply,
                args=(settings, one), width=BUTTON,
            )  # fmt: skip
            st.markdown(measured.gives(one))
    return pressed


def _summed(
    settings: Settings, cell: str, found: Sequence[Tried], helpful: Sequence[Tried]
) -> None:
    """Say what none of the changes reaches, what else was tried, and what clipping does."""
    if not helpful:
        st.markdown(say(
            "None of the {n} changes tried brings the share that reaches step 1, {now}, nearer to "
            "1 by a quarter.", n=len(found), now=measured.share(found[0].before),
        ))  # fmt: skip
    elif helpful[0].after.log10_share < VANISHES:
        st.markdown(say("None of the {n} changes tried brings 1 % back.", n=len(found)))
    if rest := without_help(found):
        st.caption(say(
            "The share that reaches step 1 is {now} as it is. Also tried, with the share after it: "
            "{list}.", now=measured.share(found[0].before), list="; ".join(
                f"{say(one.change.words)} ({measured.share(one.after)})" for one in rest
            ),
        ))  # fmt: skip
    if found and found[0].before.log10_share > EXPLODES:
        before, after = clipped(settings, cell)
        if after == before:
            st.caption(say("The gradient of all parameters has the norm {before}: clipping at "
                           "θ = 1 leaves it as it is.", before=power(before)))  # fmt: skip
            return
        st.caption(say(
            "Clipping at θ = 1 scales the gradient of all parameters from {before} to {after} and "
            "the update with it; the share that reaches step 1 stays as it is.",
            before=power(before), after=power(after),
        ))  # fmt: skip
