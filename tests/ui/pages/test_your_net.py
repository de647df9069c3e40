"""The page on which nets and sequences are opened."""

import gc
import weakref

from streamlit.runtime.uploaded_file_manager import DeletedFile

from rnnviz import save
from rnnviz.experiments import opening
from rnnviz.experiments.opened import inert_labels
from rnnviz.experiments.opened_example import sequence_words
from rnnviz.formats.sequences import sample
from rnnviz.ui.pages.your_net import uploader
from rnnviz.ui.shell import opened_files
from rnnviz.words.markup import inert
from tests.formats.opened import DATA
from tests.formats.sequences.test_sound_and_array import wav
from tests.ui.apps import in_words, no_exception, open_app, settings_of
from tests.ui.opened_nets import app_with, opened, small

PAGE = "pages/Your_net.py"


def dropped(app, field, data, name):
    """The page after a file was dropped on one of its two fields."""
    (one,) = (up for up in app.get("file_uploader") if up.key.startswith(field))
    one.set_value((name, data, ""))
    return app.run()


def test_names_of_files_become_text_that_markdown_leaves_alone():
    assert inert("![i](http://x/y.png)") == "！［i］（http：//x/y.png）"
    assert inert("a\u202eb") == "ab"
    assert inert_labels(["[", "a_b", "<b>"]) == ("[", "a_b", "＜b＞")


def test_a_file_that_is_gone_from_the_server_is_none(monkeypatch):
    """As after another server has taken over, or where a browser names one that never was."""
    taken, session = [], {"gone": DeletedFile("1"), "none": None}
    monkeypatch.setattr(uploader.st, "session_state", session)
    for key in session:
        uploader._hand_on(key, lambda *found: taken.append(found))
    assert not taken


def test_a_table_is_opened_and_its_columns_are_chosen():
    app = open_app(PAGE)
    no_exception(app)
    dropped(app, "_seq_upload", b"day,a,b\n2026-01-01,1,2\n2026-01-02,2,3\n", "two.csv")
    no_exception(app)
    assert app.session_state[opened_files._SEQUENCE].x.shape == (2, 2)
    assert "T = 2" in in_words(app)
    app.multiselect(key="_seq_option_columns").set_value(["b"]).run()
    found = app.session_state[opened_files._SEQUENCE]
    assert found.x.shape == (2, 1)
    assert found.step_labels == ("2026-01-01", "2026-01-02")
    app.button(key="_close_sequence").click().run()
    assert opened_files._SEQUENCE not in app.session_state
    no_exception(app)


def test_a_bad_file_leaves_what_is_open():
    app = open_app(PAGE)
    dropped(app, "_seq_upload", b"a\n1\n2\n", "good.csv")
    dropped(app, "_seq_upload", sample("speech.wav"), "speech.wav")
    before = app.session_state[opened_files._SEQUENCE]
    dropped(app, "_seq_upload", sample("speech.wav")[:44], "none.wav")
    assert app.session_state[opened_files.SOUND] is not None, "what is open is heard still"
    dropped(app, "_seq_upload", b"a,b\n1,2\n3\n", "![x](http://127.0.0.1:9/x.png).csv")
    no_exception(app)
    assert app.session_state[opened_files._SEQUENCE] == before
    assert any("![x](http" in one.value for one in app.main.text)
    assert not any("![x](http" in one.value for one in app.main.markdown)
    dropped(app, "_net_upload", b"\x80\x04not a net", "net.pt")
    no_exception(app)
    assert any("never opened" in one.value for one in app.main.text)
    assert any("torch.load" in one.value for one in app.main.get("code"))


def test_a_net_and_a_sequence_of_other_sizes_are_told_apart():
    net = opened(small(inputs=3))
    app = app_with(PAGE, net)
    dropped(app, "_seq_upload", b"a,b\n1,2\n3,4\n", "two.csv")
    no_exception(app)
    (warning,) = (one.value for one in app.main.warning)
    assert "2 values a step" in warning
    assert "reads 3" in warning


def test_a_link_says_that_a_file_is_not_in_it():
    app = open_app(net="0123456789abcdef", T=20)
    no_exception(app)
    (said,) = (one.value for one in app.main.info)
    assert "0123456789abcdef" in said
    assert "net" not in app.query_params


def test_an_address_of_a_file_that_was_closed_says_so_and_nothing_of_the_file_is_left():
    app = open_app(PAGE)
    app.button(key="_gallery_thai_words.json").click().run()
    held = app.session_state[opened_files._NET]
    digest, net = held.digest, weakref.ref(held)
    assert net().made
    del held
    app.button(key="_close_net").click().run()
    app.button(key="_close_sequence").click().run()
    app.session_state[opened_files.NET] = digest
    app.run()
    no_exception(app)
    (said,) = (one.value for one in app.main.info)
    assert "is closed now" in said
    gc.collect()
    assert net() is None


def test_a_sound_has_as_many_bands_as_the_net_that_is_opened_next(tmp_path):
    app = open_app(PAGE)
    dropped(app, "_seq_upload", wav(bytes(2000)), "tone.wav")
    assert app.session_state["_seq_option_bands"] == 40
    save(small(inputs=7), file := tmp_path / "seven.npz")
    dropped(app, "_net_upload", file.read_bytes(), file.name)
    no_exception(app)
    assert app.session_state[opened_files._SEQUENCE].x.shape[1] == 7
    assert app.number_input(key="_seq_option_bands").value == 7
    assert not app.main.warning


def test_the_words_for_a_table_say_whether_it_is_standardised():
    table = b"a,b\n1,2\n3,5\n"
    chosen = {"columns": ["a"], "standardise": False}
    plain = opening.read_table(table, "x.csv", {}, chosen)
    found = [sequence_words(None, one, "") for one in (opening.read_any(table, "x.csv", None),
                                                       plain)]  # fmt: skip
    assert list(map(str, found)) == ["x.csv, standardised", "x.csv"]


def test_as_many_columns_are_chosen_as_the_net_reads():
    assert opening.columns_for(("a", "b", "c"), opened(small())) == ["a", "b"]
    assert opening.columns_for(("a",), opened(small())) == ["a"]


def test_a_file_of_keras_weights_offers_its_stack_and_each_layer():
    app = open_app(PAGE)
    dropped(app, "_net_upload", DATA["stack/file.weights.h5"].tobytes(), "net.weights.h5")
    no_exception(app)
    assert app.session_state[opened_files._NET].model.num_layers == 2
    app.selectbox(key="_net_choice_1_which").set_value(1).run()
    no_exception(app)
    assert app.session_state[opened_files._NET].model.num_layers == 1
    said = in_words(app)
    assert "weights alone does not say" in said
    assert "| Cell | LSTM |\n|---|---|" in said
    assert "**Units, one by one**" in [one.proto.label for one in app.main.get("page_link")]
    dropped(app, "_net_upload", DATA["stack/file.weights.h5"].tobytes(), "again.weights.h5")
    assert app.session_state[opened_files._NET].model.num_layers == 2
    (which,) = (one for one in app.main.selectbox if one.key.startswith("_net_choice"))
    assert which.value == 0, "the choices of the file before do not stay"


def test_closing_the_last_file_gives_back_the_settings_from_before():
    asked = {"task": "adding", "T": 30, "H": 9, "cells": "rnn,gru", "seed": 3, "gru.z": "1"}
    app = open_app(PAGE, **asked)
    before = settings_of(app)
    app.button(key="_gallery_thai_words.json").click().run()
    dropped(app, "_seq_upload", b"a,b\n1,2\n3,4\n", "two.csv")
    app.session_state["lstm.f"] = "0"
    app.run()
    app.button(key="_close_net").click().run()
    assert app.session_state["cells"] == ["rnn", "gru"]
    app.button(key="_close_sequence").click().run()
    no_exception(app)
    assert settings_of(app) == before
    assert {key: app.query_params[key] for key in asked} == {k: str(v) for k, v in asked.items()}


def test_words_of_a_page_are_safe_as_text_in_a_style() -> None:
    assert uploader._text('a"</style>b') == '"a\\"\\3c /style>b"'
