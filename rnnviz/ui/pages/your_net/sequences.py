"""The half of the page that opens a sequence: a file or a text, and how it is read."""

from __future__ import annotations

from typing import Any, NamedTuple

import streamlit as st

from rnnviz.experiments import opening
from rnnviz.experiments.opened import OpenedNet, OpenedSequence
from rnnviz.formats import limits
from rnnviz.formats.sequences import SAMPLES, Kind, Sound, kind_of, look, sample
from rnnviz.formats.sequences.columns import Table
from rnnviz.formats.sequences.fields import DECIMALS
from rnnviz.ui.language import spoken
from rnnviz.ui.pages.your_net.uploader import uploader
from rnnviz.ui.shell import opened_files
from rnnviz.words import Sentence, say, word
from rnnviz.words.markup import inert

_RAW, _REFUSED, _ROUND = "_seq_raw", "_seq_refused", "_seq_round"
_TEXT, _SAMPLE = "_seq_text", "_seq_sample"
OPTION = "_seq_option_"
"""What the keys of all choices begin with."""
TYPED = word("typed text")


class Raw(NamedTuple):
    """The bytes or the text that were given, before they are read."""

    data: bytes | str
    name: str
    kind: Kind


def draw() -> None:
    """The uploader, the field for a text, and how what is open was read."""
    st.subheader(say("The sequence"))
    st.caption(say("A table (CSV), a text, a sound (.wav) or an array (.npy)"))
    key = f"_seq_upload_{st.session_state.get(_ROUND, 0)}"
    uploader(
        say("Open a sequence…"), key, take,
        say("A table (.csv, .tsv), a text, a sound (.wav) or an array (.npy), up to {T} "
            "steps. The file stays in this session.", T=limits.STEPS),
    )  # fmt: skip
    with st.expander(say("Type a text, or take a sample"), key="_seq_other"):
        st.text_area(say("Text"), key=_TEXT, max_chars=limits.TEXT_CHARACTERS, height=90,
                     on_change=_typed, persist_state="session")  # fmt: skip
        for name, title in SAMPLES.items():
            st.button(say(title), key=f"{_SAMPLE}_{name}", on_click=take,
                      args=(sample(name), name))  # fmt: skip
    if (refused := st.session_state.get(_REFUSED)) is not None:
        with st.container(border=True, key="rv-refused-sequence"):
            st.text(say(refused))
    raw: Raw | None = st.session_state.get(_RAW)
    opened = opened_files.sequence()
    if raw is not None:
        _choices(raw)
    if opened is not None:
        _summary(opened)


def take(data: bytes, name: str) -> None:
    """Read a file's bytes with the choices at their defaults; what is open stays if it fails."""
    try:
        kind = kind_of(data, name)
    except ValueError as error:
        st.session_state[_REFUSED] = opening.refused(error)
        return
    _begin(Raw(data, name, kind))


def take_text(written: str, name: str) -> None:
    """Read a text."""
    _begin(Raw(written, name, "text"))


@spoken
def _typed() -> None:
    if written := str(st.session_state[_TEXT]):
        take_text(written, say(TYPED))


def _begin(raw: Raw) -> None:
    for key in [str(one) for one in st.session_state if str(one).startswith(OPTION)]:
        st.session_state.pop(key, None)
    st.session_state[_RAW] = raw
    read_again()


def read_again() -> None:
    """Read what is there with the choices as they are, for the net that is open."""
    raw: Raw | None = st.session_state.get(_RAW)
    if raw is None:
        return
    st.session_state.pop(_REFUSED, None)
    try:
        found, heard = _read(raw)
        opened_files.show_sequence(found)
        st.session_state[opened_files.SOUND] = heard
    except (ValueError, MemoryError) as error:
        why = error if isinstance(error, ValueError) else ValueError(str(error))
        st.session_state[_REFUSED] = opening.refused(why)


def read_for(net: OpenedNet) -> None:
    """Read what is there for a net; bands or columns of another number are chosen anew."""
    if OPTION + "bands" in st.session_state:
        st.session_state[OPTION + "bands"] = _bands(net)
    if len(_asked("columns", ())) != net.model.input_size:
        st.session_state.pop(OPTION + "columns", None)
    read_again()


def _bands(net: OpenedNet | None) -> int:
    """As many bands of a sound as the net reads."""
    return opening.BANDS if net is None else min(net.model.input_size, limits.BANDS)


def _asked(name: str, default: Any) -> Any:
    return st.session_state.get(OPTION + name, default)


def _read(raw: Raw) -> tuple[OpenedSequence, Sound | None]:
    """The sequence, and of a sound what is heard."""
    net = opened_files.net()
    if raw.kind == "text":
        return opening.read_text(raw.data, raw.name, net), None
    assert isinstance(raw.data, bytes)
    if raw.kind == "array":
        standardise = _asked("standardise", False)
        return opening.read_array(raw.data, raw.name, standardise=standardise), None
    if raw.kind == "sound":
        found, heard = opening.read_sound(
            raw.data, raw.name, bands=int(_asked("bands", _bands(net))),
            hop_ms=float(_asked("hop", 10.0)), standardise=_asked("standardise", True),
        )  # fmt: skip
        audible = heard.sound is not None and heard.sound.samples.any()
        return found, heard.sound if audible else None  # Streamlit divides by the loudest sample
    table = _table(raw)
    columns = _asked("columns", None)
    targets = _asked("targets", [])
    if columns is None:
        columns = opening.columns_for(tuple(c for c in table.numeric if c not in targets), net)
    chosen = {"columns": columns, "targets": tuple(targets),
              "standardise": _asked("standardise", True)}  # fmt: skip
    return opening.read_table(raw.data, raw.name, _how(), chosen), None


def _how() -> dict[str, Any]:
    decimal = _asked("decimal", None)
    return {} if decimal is None else {"decimal": decimal}


def _table(raw: Raw) -> Table:
    assert isinstance(raw.data, bytes)
    return look(raw.data, raw.name, **_how())


def _choices(raw: Raw) -> None:
    """How what is open is read."""
    again: dict[str, Any] = {"on_change": read_again, "persist_state": "session"}
    if raw.kind == "table":
        try:
            table = _table(raw)
        except ValueError:
            return
        _columns(table, again)
    if raw.kind == "sound":
        st.number_input(say("Bands"), 1, limits.BANDS, _bands(opened_files.net()),
                        key=OPTION + "bands", **again)  # fmt: skip
        st.number_input(say("Milliseconds from frame to frame"), 1.0, 100.0, 10.0, 1.0,
                        key=OPTION + "hop", **again)  # fmt: skip
    if raw.kind != "text":
        st.toggle(
            say("Standardise"), value=raw.kind != "array", key=OPTION + "standardise",
            help=say("Each input less its mean over time, divided by its standard deviation. A net "
                     "that was trained on other scales saturates without it."), **again,
        )  # fmt: skip


def _columns(table: Table, again: dict[str, Any]) -> None:
    net = opened_files.net()
    numeric = table.numeric
    targets = [one for one in _asked("targets", []) if one in numeric]
    if OPTION + "columns" not in st.session_state:
        st.session_state[OPTION + "columns"] = opening.columns_for(
            tuple(one for one in numeric if one not in targets), net)  # fmt: skip
    st.multiselect(say("Columns that the net reads"), list(numeric), key=OPTION + "columns",
                   format_func=inert, placeholder=say("Choose columns"), **again)  # fmt: skip
    st.multiselect(say("Target columns, if there are any"), list(numeric), key=OPTION + "targets",
                   format_func=inert, placeholder=say("none"), **again)  # fmt: skip
    st.segmented_control(say("Decimal sign"), list(DECIMALS), default=table.decimal, required=True,
                         key=OPTION + "decimal", **again)  # fmt: skip


def _summary(opened: OpenedSequence) -> None:
    """Sizes, what was assumed, and the sound."""
    steps, size = opened.x.shape
    with st.container(border=True, gap="xsmall", key="rv-opened-sequence"):
        st.text(opened.title)
        st.markdown(say("T = {T} steps of D = {D} values; the first step is “{first}”, the last "
                        "“{last}”.", T=steps, D=size, first=opened.step_labels[0],
                        last=opened.step_labels[-1]))  # fmt: skip
        if opened.standardised and opened.kind == "table":
            st.caption(say("Standardised: each column less its mean, divided by its standard "
                           "deviation. Switch it off for a net that was trained on the values as "
                           "they are in the file."))  # fmt: skip
        for one in opened.notes:
            st.caption(inert(say(one)))
        heard: Sound | None = st.session_state.get(opened_files.SOUND)
        if opened.kind == "sound" and heard is not None:
            st.audio(heard.samples, sample_rate=heard.rate)


def refused() -> Sentence | None:
    """Why the last sequence was not opened, if it was not."""
    found: Sentence | None = st.session_state.get(_REFUSED)
    return found
