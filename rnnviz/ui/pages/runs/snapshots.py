"""Any snapshot of a run, opened for all other pages."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from rnnviz.experiments.settings import Settings
from rnnviz.recorder import RecordedRun
from rnnviz.ui import prose, url_controls
from rnnviz.ui.language import spoken
from rnnviz.ui.pages.runs.opening import opened_snapshot
from rnnviz.ui.shell import opened_files, shown_on
from rnnviz.words import Refusal, Sentence, say, sentence
from rnnviz.words.markup import inert

_REFUSED, _OPEN = "_runs_refused", "_runs_open"


def draw(runs: Mapping[str, RecordedRun]) -> None:
    """Which snapshot of which run, which example of its batch, and a button that opens it."""
    having = {name: run for name, run in runs.items() if run.snapshots}
    st.subheader(say("Open a snapshot on all pages"))
    if not having:
        st.caption(say("The chosen runs have no snapshots."))
        return
    prose.markdown(say(
        "A snapshot has the weights, what the net read, and the gradient ∂L/∂h_t that came back to "
        "its outputs. Opened, every page shows that net on that sequence and computes its "
        "gradients from the recorded ∂L/∂h_t in float64. A net that was trained in float32 rounded "
        "more: where gradients explode, those of the training run may differ."
    ))  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = url_controls.menu(say("Run"), list(having), key="srun", default=next(iter(having)),
                                 words=str, width=220)  # fmt: skip
        run = having[name]
        row, examples = _row(run)
        example = int(url_controls.number(
            say("Example of the batch, 1 to {n}", n=examples), 1, examples, key="sexample",
            default=1, width=220,
        ))  # fmt: skip
        st.button(say("Open"), key="_runs_snapshot", type="primary", on_click=_open,
                  args=(run, row, min(example, examples) - 1, name))  # fmt: skip
    if (refused := st.session_state.pop(_REFUSED, None)) is not None:
        st.warning(inert(say(refused)))
    if st.session_state.get(_OPEN) and opened_files.net() is not None:
        opened = opened_files.net()
        assert opened is not None
        if opened.digest == st.session_state[_OPEN]:
            shown_on.links()


def _row(run: RecordedRun) -> tuple[int, int]:
    """The chosen snapshot's row, and how many examples its batch has."""
    found = run.read([row for row in run.snapshots if row < run.count], ["step", "examples"],
                     lost=set())  # fmt: skip
    rows = {step: (row, count) for row, step, count in
            zip(run.snapshots, found["step"], found["examples"], strict=False)
            if isinstance(step, int)}  # fmt: skip
    if not rows:
        return run.snapshots[-1], 1
    step = url_controls.place(sorted(rows), key="sstep", label=say("Snapshot at update"), width=320)
    row, count = rows[step]
    return row, max(int(count or 1), 1)


@spoken
def _open(run: RecordedRun, row: int, example: int, name: str) -> None:
    """Open it; called before anything is drawn. What is open stays if it fails."""
    try:
        net, sequence = opened_snapshot(run.snapshot(row), example, name)
        Settings(net=net, sequence=sequence, cells=(net.cell,), loss="task").check()
    except (ValueError, MemoryError, OSError) as error:
        st.session_state[_REFUSED] = _said(error)
        return
    opened_files.close_sequence()
    opened_files.close_net()
    opened_files.show_net(net)
    opened_files.show_sequence(sequence)
    st.session_state["loss"] = "task"
    st.session_state[_OPEN] = net.digest


def _said(error: Exception) -> Sentence:
    if isinstance(error, Refusal):
        return error.words
    if isinstance(error, ValueError):
        return sentence("{why}", why=str(error)[:300])
    return sentence("The snapshot cannot be read.")
