"""The half of the page that opens a net: the file, which of its nets, what the file omits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from rnnviz.cells import CELLS
from rnnviz.experiments import opening
from rnnviz.experiments.opened import OpenedNet
from rnnviz.formats import NetFile, limits, read
from rnnviz.formats.found import Net, Question
from rnnviz.ui.pages.your_net import sequences
from rnnviz.ui.pages.your_net.uploader import uploader
from rnnviz.ui.shell import opened_files
from rnnviz.words import Sentence, say
from rnnviz.words.markup import inert

_FILE, _REFUSED, _ROUND = "_net_file", "_net_refused", "_net_round"
WHICH = "which"
_OPENINGS = "_net_openings"
"""How many files were opened: a part of the keys of all choices, which begin anew with a file."""


def draw() -> None:
    """The uploader, what was found in the file, and the net that is open."""
    st.subheader(say("The net"))
    st.caption(say("From PyTorch as .safetensors, from Keras, ONNX or NumPy (.npz)"))
    key = f"_net_upload_{st.session_state.get(_ROUND, 0)}"
    uploader(
        say("Open a net…"), key, take,
        say("Weights as .safetensors, .npz, Keras .keras, .weights.h5 or .h5, ONNX or JSON, "
            "up to {most} MB. The file stays in this session: it is not stored, and closed "
            "with it.", most=limits.FILE_BYTES // limits.MEGA),
    )  # fmt: skip
    if (refused := st.session_state.get(_REFUSED)) is not None:
        _refusal(refused)
    file: NetFile | None = st.session_state.get(_FILE)
    opened = opened_files.net()
    if opened is None:
        return
    if file is not None and file.digest == opened.digest:
        _choices(file)
        for note in file.notes:
            st.caption(inert(say(note)))
    _summary(opened)


def _refusal(words: Sentence) -> None:
    """Why a file was not opened, as text: its name may look like Markdown."""
    first, *code = say(words).split("\n\n")
    with st.container(border=True, key="rv-refused"):
        st.text(first)
        for part in code:
            st.code(part, language="python", wrap_lines=True)


def take(data: bytes, name: str) -> None:
    """Read a file's bytes and open its first net; what is open stays if it fails."""
    st.session_state.pop(_REFUSED, None)

    def opening_file() -> None:
        file = read(data, name)
        opened = opening.opened_net(file, file.nets[0], {})
        st.session_state[_FILE] = file
        st.session_state[_OPENINGS] = st.session_state.get(_OPENINGS, 0) + 1
        _show(opened)

    _try(opening_file)


def _try(action: Callable[[], None]) -> None:
    """Call a function, or keep the sentence that says why it was refused."""
    try:
        action()
    except (ValueError, MemoryError, ImportError, OSError) as error:
        why = error if isinstance(error, ValueError) else ValueError(str(error))
        st.session_state[_REFUSED] = opening.refused(why)


def _show(opened: OpenedNet) -> None:
    opened_files.show_net(opened)
    sequences.read_for(opened)


def _choices(file: NetFile) -> None:
    """Which of the file's nets, and what the file does not say of it."""
    index = 0
    if len(file.nets) > 1:
        index = int(st.selectbox(
            say("Net in the file"), range(len(file.nets)), key=_choice(WHICH),
            persist_state="session",
            format_func=lambda k: f"{inert(file.nets[k].name)}: {say(file.nets[k].about)}",
            on_change=_again, args=(file,),
        ))  # fmt: skip
    for one in file.nets[index].questions:
        _question(file, one)


def _question(file: NetFile, one: Question) -> None:
    st.segmented_control(
        say(one.words), list(one.choices), key=_choice(one.name), default=one.default,
        format_func=lambda choice: inert(_said(choice)), required=True, on_change=_again,
        args=(file,), persist_state="session",
    )  # fmt: skip


def _said(choice: Any) -> str:
    if isinstance(choice, bool):
        return say("yes") if choice else say("no")
    return str(choice) or say("none")


def _choice(name: str) -> str:
    """The key of a choice in the file that is open."""
    return f"_net_choice_{st.session_state.get(_OPENINGS, 0)}_{name}"


def _again(file: NetFile) -> None:
    """Open the net that is chosen, with the answers that are given."""
    net: Net = file.nets[int(st.session_state.get(_choice(WHICH), 0) or 0)]
    answers = {one.name: st.session_state[_choice(one.name)] for one in net.questions
               if st.session_state.get(_choice(one.name)) is not None}  # fmt: skip
    st.session_state.pop(_REFUSED, None)
    _try(lambda: _show(opening.opened_net(file, net, answers)))


def _summary(opened: OpenedNet) -> None:
    """What is open: sizes, and what was assumed."""
    model = opened.model
    readout = model.readout
    with st.container(border=True, gap="xsmall", key="rv-opened-net"):
        st.text(opened.title)
        rows = {
            say("Cell"): say(CELLS[opened.cell].title) + _options(opened),
            say("Inputs → hidden units"): f"{model.input_size} → {model.hidden_size}",
            say("Layers × directions"): f"{model.num_layers} × {opened.sides}",
            **({say("h is projected to"): str(model.width)} if model.projected else {}),
            say("Output layer"): say("none") if readout is None
            else f"{readout.kind}, {readout.parameters['b_y'].size}",
            say("Parameters, without the output layer"): f"{model.parameter_count:,}",
        }  # fmt: skip
        if opened.input_labels is not None:
            rows[say("Vocabulary")] = say("{n} symbols", n=len(opened.input_labels))
        first, *lines = [f"| {name} | {inert(value)} |" for name, value in rows.items()]
        st.markdown("\n".join([first, "|---|---|", *lines]))
        for one in opened.assumptions:
            st.caption(say("Assumed: {what}", what=inert(say(one))))


def _options(opened: OpenedNet) -> str:
    """The cell's options, where it has some."""
    options = [f"{name} = {value}" for name, value in opened.model.cell.options.items()]
    return "".join(f", {one}" for one in options)

