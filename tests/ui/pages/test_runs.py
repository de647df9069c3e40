"""The page of recorded runs: folders of all kinds, snapshots opened, a report."""

import os
import shutil

import numpy as np
import pytest

from rnnviz.recorder import find_runs, layout
from rnnviz.recorder.torch_modules import DROPOUT
from rnnviz.ui.kept import RESULTS
from rnnviz.ui.pages.runs import controls, folder, page
from rnnviz.ui.shell import opened_files
from rnnviz.ui.shell.page_report import About, report_of
from rnnviz.words import speak
from tests.reports.test_show import data_of, packet
from tests.ui.apps import in_words, no_exception, open_app, rerun_fragments
from tests.ui.recorded_example import seen

PAGE = "pages/Runs.py"


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """A folder with the example's two runs, given at start."""
    path = tmp_path / "all *runs*"
    shutil.copytree(folder.EXAMPLE, path)
    monkeypatch.setenv(layout.VARIABLE, str(path))
    return path


def test_the_example_is_shown_and_its_snapshot_opens_with_the_recorded_gradients(monkeypatch):
    monkeypatch.delenv(layout.VARIABLE, raising=False)
    app = open_app(PAGE, runs="adding-lstm,adding-rnn", srun="adding-lstm", sstep="960")
    no_exception(app)
    assert "pip install 'rnnviz[recorder]'" in in_words(app)
    assert "**adding-rnn** ends with 275 times" in in_words(app)
    assert "✓ Checks passed" in [
        one.proto.popover.label for one in app.get("popover")]  # fmt: skip
    sent = RESULTS.find((app.session_state["_visit"].number, "_page_shown"))
    about = About("", "", "light", "en")
    report = report_of(sent, about).decode()
    rerun_fragments(app)
    assert report_of(sent, about).decode() == report
    app.run().multiselect(key="runs").set_value([]).run()
    assert [one.value for one in app.main.info] == [
        "No run is chosen: choose at least one above."]  # fmt: skip
    app.multiselect(key="runs").set_value(["adding-lstm", "adding-rnn"]).run()
    _, whole = RESULTS.find((app.session_state["_visit"].number, "_table_runs_maps"))
    assert whole().count('class="rp-chart"') == 2, "both maps in one file"
    units, whole = RESULTS.find((app.session_state["_visit"].number, "_table_runs_gates"))
    assert units().loc["adding-lstm, 960", 5] > 0.9
    assert units().shape == (21, 12)
    assert whole().count('class="rp-chart"') == 1
    assert all(f'class="st-key-runs_{one}"' in report for one in ("at", "told", "map_0", "map_1"))
    assert "[data-rv-cursor] {" in report, "without its style the line is as wide as the page"
    (ahead,) = (one for one in data_of(report)["drawings"] if one["name"].endswith("/slider"))
    head, values = packet(data_of(report), "update_slider/course")
    assert ahead["plain"]["updates"] == [int(one) for one in head["pictures"]]
    one = head["pictures"]["960"]["charts"]["runs_at"]
    recorded = seen("adding-lstm").norms[10]
    np.testing.assert_allclose(values[one["from"]], recorded, rtol=1e-6)
    app.button(key="_runs_snapshot").click().run()
    no_exception(app)
    assert app.session_state[opened_files._NET].cell == "lstm"
    app.switch_page("pages/Gradient_flow.py").run()
    no_exception(app)
    assert "adding-lstm, update 960" in in_words(app)
    said = [one.value for one in (*app.sidebar.caption, *app.sidebar.text)]
    assert {"Net", "adding-lstm", "Sequence", "adding-lstm, 960"} <= set(said)


def test_what_was_left_out_is_said_in_korean():
    speak("ko")
    try:
        assert page._phrase(DROPOUT) == "층 사이의 드롭아웃"
        assert page._phrase("[own](words)") == "［own］（words）"
        assert page.stopped("a", "no *space*") == (
            "a: 훈련이 끝나기 전에 기록이 멈추어 그 뒤의 로그는 없습니다. 이유: no ＊space＊")
    finally:
        speak("en")


def test_runs_of_a_folder_are_followed_and_bad_ones_get_a_sentence(runs):
    shutil.copytree(runs / "adding-rnn", runs / "broken")
    for one in (runs / "broken").glob("rows-*"):
        one.write_bytes(b"PAR1 no parquet PAR1")
    shutil.copytree(runs / "adding-rnn", runs / "foreign")
    (runs / "foreign/run.json").write_text('{"version": 1}')
    shutil.copytree(runs / "adding-rnn", runs / "linked")
    (runs / "linked/run.json").unlink()
    (runs / "linked/run.json").symlink_to("/etc/hosts")
    part = min((runs / "adding-rnn").glob("rows-*"))
    part.write_bytes(part.read_bytes()[:-900])
    app = open_app(PAGE, runs="broken,foreign,linked,adding-rnn")
    no_exception(app)
    assert [one.value for one in app.main.warning] == [
        "foreign is left out: run.json must describe a net.",
        "linked is left out: run.json must be a file of its own, not a link.",
        f"broken is left out: {part.name} is damaged.",
    ]
    said = in_words(app)
    assert "Recorded runs in all ＊runs＊: 5." in said
    assert f"adding-rnn: the damaged file {part.name} is left out." in said
    assert str(runs.parent) not in said + "".join(one.value for one in app.main.warning)
    for one in (runs / "adding-rnn").glob("snapshot-*"):
        one.write_bytes(b"PK\x03\x04")
    app.button(key="_runs_snapshot").click().run()
    no_exception(app)
    assert "snapshot-000000000020.npz is damaged." in [one.value for one in app.main.warning]


def test_an_empty_folder_and_one_that_is_gone_are_said(runs):
    shutil.rmtree(runs)
    os.mkdir(runs)
    assert "No recorded run in all ＊runs＊ yet" in open_app(PAGE).main.info[0].value
    os.rmdir(runs)
    no_exception(open_app(PAGE))


def test_a_range_of_updates_is_read_from_a_text():
    assert controls.part("4000 – 5000") == (4000.0, 5000.0)
    assert controls.part("5-4") == (4.0, 5.0)
    assert controls.part("all") is controls.part("") is None


def test_runs_are_found_below_a_folder_and_links_are_not_followed(runs):
    (runs / "loop").symlink_to(runs)
    assert [one.name for one in find_runs(runs)] == ["adding-lstm", "adding-rnn"]


def test_every_run_has_a_name_of_its_own(runs):
    long = "x" * 90
    places = [f"{long}1", f"{long}2", "a,b", "a，b", "c"]
    for one in places:
        shutil.copytree(folder.EXAMPLE / "adding-rnn", runs / one)
    found = folder.look().runs
    assert len(found) == len(places) + 2
    assert sorted(one.name for one in found.values()) == sorted([*places, "adding-lstm",
                                                                 "adding-rnn"])  # fmt: skip
    assert {"c", "adding-rnn"} < set(found)
    assert all(len(name) <= 80 and "," not in name for name in found)
    shutil.rmtree(runs / "c")
    assert set(found) - set(folder.look().runs) == {"c"}
