"""The page of recorded runs: findings from numbers, folders of all kinds, snapshots opened."""

import os
import shutil

import numpy as np
import pytest

import rnnviz
from rnnviz.browser.packets import unpack
from rnnviz.plot.recorded_curves import QUANTITIES, lines_of
from rnnviz.recorder import find_runs, layout, reading
from rnnviz.recorder.growth import growing
from rnnviz.recorder.torch_modules import DROPOUT
from rnnviz.recorder.verdict import judged
from rnnviz.recorder.verdict_numbers import numbers
from rnnviz.ui.components.update_slider import course
from rnnviz.ui.kept import RESULTS
from rnnviz.ui.pages.runs import at_updates, checks, controls, findings, folder, page
from rnnviz.ui.pages.runs.findings_verdict import course as course_of
from rnnviz.ui.pages.runs.seen import see
from rnnviz.ui.shell import opened_files, report_updates
from rnnviz.ui.shell.page_report import About, report_of
from rnnviz.words import speak
from tests.reports.test_show import data_of, packet
from tests.ui.apps import in_words, no_exception, open_app, rerun_fragments

PAGE = "pages/Runs.py"


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """A folder with the example's two runs, given at start."""
    path = tmp_path / "all *runs*"
    shutil.copytree(folder.EXAMPLE, path)
    monkeypatch.setenv(layout.VARIABLE, str(path))
    return path


def seen(name):
    return see(rnnviz.RecordedRun(folder.EXAMPLE / name), name, "0", "")


def test_the_example_is_small_and_says_why_its_rnn_does_not_learn():
    files = [one for one in folder.EXAMPLE.rglob("*") if one.is_file()]
    assert sum(one.stat().st_size for one in files) <= 150_000
    rnn, lstm = seen("adding-rnn"), seen("adding-lstm")
    words = findings.compared([lstm, rnn])
    assert words.startswith("**adding-rnn** ends with 275 times the loss of **adding-lstm**. Of")
    assert not findings.compared([rnn, rnn])
    assert findings.at(rnn, 1919).startswith(
        f"**adding-rnn**, update 1824: of the gradient of the last loss "
        f"{findings.left(rnn.share[19])} reaches step 1. The gradient of W_h comes from steps ")


def test_the_weights_learn_from_the_steps_that_add_to_their_gradient():
    norms = np.full(30, -np.inf)
    norms[20:] = -4.0
    norms[19] = -6.0
    (words,) = findings.learnt_from(norms)
    assert words == ("The gradient of W_h comes from steps 21 to 30: all steps before, 1 to 20, "
                     "add 0.1 % of the sum of the steps' norms.")  # fmt: skip
    assert findings.learnt_from(np.full(30, -3.0)) == []
    assert findings.learnt_from(np.full(30, -np.inf)) == []


def test_a_verdict_says_no_more_than_its_numbers():
    rnn, lstm = seen("adding-rnn"), seen("adding-lstm")
    assert findings.verdict(rnn).startswith(
        "**adding-rnn does no better than guessing**: its loss, 2.20 at update 0, is 0.168 "
        "in the last 4 logs (median); the best constant answer costs 0.167. It has not fallen "
        "clearly since update 96. What goes with it:\n\n- **The gradient vanishes.** Of the "
        "gradient of the last loss **9.1·10⁻⁵** reaches step 1. Less than 1 % does at all 21 "
        "logs, from update 0 to 1920. Each step back multiplies it by 0.788 "
        "in the geometric mean. From 13 steps back on less than 1 % is left. Tried on ")
    assert findings.verdict(lstm).endswith(
        "The gradient of the last loss is 1.30 times as large at step 1.")
    numbers = rnn.numbers._replace(saturated=np.ones(21), loss=rnn.numbers.loss * np.nan,
                                   sigma1=np.full(21, 0.5))  # fmt: skip
    loud = rnn._replace(numbers=numbers, told=judged(numbers))
    said = findings.verdict(loud).split("\n")
    assert said[0].startswith("**adding-rnn**: no loss was recorded")
    assert said[2].startswith("- **The units are saturated.** 100 % of all values of h lie beyond")
    assert said[3].endswith("σ₁ of W_h is 0.500: no step back can keep more than that.")
    assert findings.ranked([rnn, lstm]).endswith(
        ": **adding-lstm** 6.10·10⁻⁴ (1.30 times), **adding-rnn** 0.168 (9.1·10⁻⁵).")
    unknown = rnn._replace(numbers=rnn.numbers._replace(share=rnn.share * np.nan))
    assert findings.ranked([unknown, lstm]).endswith("(1.30 times), **adding-rnn** 0.168.")
    assert findings.ranked([unknown, unknown]) == (
        "Loss at the end, from low to high: **adding-rnn** 0.168, **adding-rnn** 0.168.")
    use = lstm.gates["f"]
    use = use._replace(high=np.where(np.arange(12) < 3, 1.0, 0.5) * np.ones_like(use.high))
    assert findings.saturated("f", use, 4).startswith("Gate f: of 12 units 3 are above 0.9 and 0 ")


def after(one, **columns):
    """The verdict's list on a run with other numbers: of all 21 logs the same, or a list."""
    numbers = one.numbers._replace(**{
        name: values if name == "logs" else np.broadcast_to(np.float64(values), 21)
        for name, values in columns.items()})  # fmt: skip
    return findings.verdict(one._replace(numbers=numbers, told=judged(numbers))).split("\n")[2:]


def test_causes_name_their_updates_and_advice_was_tried_on_the_same_cell():
    rnn = seen("adding-rnn")
    loss = rnn.numbers.loss
    lstm = rnn._replace(net=seen("adding-lstm").net)
    ruined = after(rnn, share=[7.57] + [-np.inf] * 20, update=[1844.0, 0.01] + [0.0] * 19,
                   factor=np.nan, norm=[7.3e7] + [1e-4] * 20)  # fmt: skip
    assert ruined[0].startswith(
        "- **The gradient explodes.** At update 0, 3.7·10⁷ times the gradient of the last "
        "loss reaches step 1. The norm of the weights' gradients is 7.30·10⁷ at update 0. Tried ")
    assert ruined[1:] == [
        "- **An update is too large.** Update 0 moved the weights by 1844 times their norm. The "
        "other logged ones moved them by 1 % of it at most.",
        "- **The gradient vanishes.** Of the gradient of the last loss **0** reaches step 1. Less "
        "than 1 % does at 20 of 21 logs, from update 96 to 1920."]  # fmt: skip
    assert "Tried" not in after(rnn, update=2.0)[0]
    assert after(lstm, update=2.0)[0].endswith("Adam at a learning rate of 3 does at 0.005.")
    (still, _) = after(lstm, moved=0.0, update=0.0)
    assert still == ("- **The weights have not changed at all**: at each of 21 logs read they are "
                     "exactly as at the log before. Are they among the optimiser's parameters?")
    assert "in the mean of 21 logs read, that all 900 logs together make at most about 0.9 % " in (
        after(lstm, moved=1e-5, update=0.0, logs=900)[0])
    assert after(lstm, moved=1e-6, update=0.0)[0].endswith("rate of 10⁻⁸ learns at 0.005.")
    assert after(rnn, loss=np.where(np.arange(21) < 2, loss, np.inf), norm=np.nan)[0] == (
        "- By update 192 the loss is not finite; at the log before, update 96, it was.")
    assert "Tried" not in after(rnn, silent=1.0)[0], "its h = tanh(·), tried was ReLU"
    two = after(rnn, update=[0.5] * 2 + [np.nan] * 19)[0]
    assert two == ("- **The updates are too large.** Relative to the norm of the weights one "
                   "update is 50 % in the median and 50 % at most, at update 0.")  # fmt: skip


def test_how_often_gradients_were_clipped_is_said_where_it_is_known(tmp_path):
    net = rnnviz.build("rnn", 1, 2, seed=0)
    with rnnviz.Watch(tmp_path) as watch:
        for step, norm in enumerate((0.5, 3.0, 70.0)):
            watch.log(step, net, np.ones((3, 1, 1)), np.ones((3, 1, 2)), clipped=(norm, 1.0))
        watch.log(4, net, np.ones((3, 1, 1)), np.ones((3, 1, 2)))
        with pytest.raises(ValueError, match="`clipped` must be a norm and the most it may be"):
            watch.log(5, net, np.ones((3, 1, 1)), np.ones((3, 1, 2)), clipped=1.0)
    one = see(rnnviz.RecordedRun(tmp_path), "a", "0", "")
    assert course_of(one).endswith("Its gradients were clipped at 2 of 3 logs, to a norm of 1.00; "
                                   "before clipping the norm was 3.00 in the median and 70.0 at "
                                   "most.")  # fmt: skip
    loose = one._replace(numbers=one.numbers._replace(clip_at=np.full(4, 100.0)))
    assert course_of(loose).endswith("Its gradients were clipped at none of 3 logs: their norm was "
                                     "70.0 at most, the limit 100.")  # fmt: skip


def test_a_loss_that_was_never_finite_or_not_at_first_is_told_with_a_number_it_has():
    rnn, late = seen("adding-rnn"), np.array([np.inf] * 2 + [1.5] * 10 + [np.inf] * 9)

    def course(loss):
        numbers = rnn.numbers._replace(loss=loss)
        return course_of(rnn._replace(numbers=numbers, told=judged(numbers)))

    assert course(late) == (
        "**adding-rnn has failed**: its loss, 1.50 at update 192, is no longer finite.")
    never = np.array([np.nan] + [np.inf] * 20)
    assert course(never) == ("**adding-rnn has failed**: none of its losses is finite; the first "
                             "is that of update 96.")  # fmt: skip


def test_what_is_empty_is_explained_and_a_growing_run_is_said_to_grow():
    rnn = seen("adding-rnn")
    empty = rnn._replace(norms=rnn.norms * np.nan, weights=rnn.weights * np.nan,
                         numbers=rnn.numbers._replace(share=rnn.share * np.nan))  # fmt: skip
    assert findings.at(empty, 96) == (
        "**adding-rnn**, update 96: a weight or the gradient is not finite at this log, so that "
        "map and curve show no values there.")
    assert at_updates._start([rnn._replace(norms=np.full_like(rnn.norms, -np.inf))], 96, 41) == 0
    (words,) = findings.learnt_from(np.array([-20.0] * 19 + [-1.0]))
    assert words.startswith("The gradient of W_h comes from step 20: all steps before, 1 to 19, ")
    assert "growing" not in findings.verdict(rnn)
    assert "It is still growing; its newest log is that of update 1920." in findings.verdict(
        rnn._replace(growing=True))
    last = rnn.run.read([rnn.run.count - 1], ["time"])["time"][0]
    assert [growing(rnn.run, last + late) for late in (-300, 20, 300)] == [False, True, False]


def test_norms_are_compared_where_they_are_finite():
    inf, nan = np.inf, np.nan
    gaps = checks.apart(np.array([-inf, nan, 1.0, 1.0, inf]), np.array([-inf, nan, 0.5, nan, 1.0]))
    assert gaps.tolist() == [0, 0, 0.5, inf, inf]


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


def test_a_report_has_every_second_update_where_all_would_be_too_much(monkeypatch):
    runs = [seen("adding-lstm")]
    known = at_updates.updates(runs)
    pictures = at_updates.pictures(runs, known, "f")
    monkeypatch.setattr(report_updates, "MOST", 11 * 41)
    assert report_updates.updates_of([course.packet(pictures, 96)]) is None
    found = report_updates.updates_of([course.packet(pictures, 96, all_there=True)])
    assert found.known == (0, 96, *range(192, 1921, 192))
    head, values = unpack(found.packet)
    one = head["pictures"]["96"]["charts"][at_updates.CURVES]
    np.testing.assert_allclose(values[one["from"]], runs[0].norms[1], rtol=1e-6)
    assert found.keys == {"runs_at", "runs_told", "runs_map_0", "runs_gate_0"}


def test_flat_losses_look_flat_and_guessing_is_a_line():
    flat, falling = (rnnviz.RecordedRun(folder.EXAMPLE / name) for name in ("adding-rnn",
                                                                            "adding-lstm"))
    part = rnnviz.plot.recorded_lines({"rnn": flat}, "loss", steps=(96, 2000)).layout
    assert part.yaxis.range[0] == 0
    assert part.shapes[0].y0 == pytest.approx(1 / 6)
    assert "guessing: 0.167" in part.annotations[0].text
    both = rnnviz.plot.recorded_lines({"rnn": flat, "lstm": falling}, "loss").layout
    assert both.yaxis.ticksuffix == "</sup>"
    assert both.shapes[0].y0 == pytest.approx(np.log10(1 / 6))



def test_runs_far_apart_share_an_axis_and_names_stand_at_their_lines_or_in_a_legend(tmp_path):
    runs = {}
    for name, gain, guessing in (("a", 1.0, 0.5), ("b", 1.1, 0.5), ("c", 500.0, 2.0)):
        net = rnnviz.build("rnn", 1, 2, seed=0, spectral_radius=gain)
        with rnnviz.Watch(tmp_path / name, guessing=guessing) as watch:
            watch.log(1, net, np.ones((3, 1, 1)), np.ones((3, 1, 2)), loss=1.0)
        runs[name] = rnnviz.RecordedRun(tmp_path / name)
    two = {name: runs[name] for name in "ab"}
    losses = rnnviz.plot.recorded_lines(runs, "loss").layout
    assert [one.y0 for one in losses.shapes] == [0.5, 2.0]
    assert [one.text for one in losses.annotations] == ["– – guessing: 0.500, 2.00"]
    assert losses.showlegend, "three names of one number would stand two names off"
    near = rnnviz.plot.recorded_lines(two, "loss").layout
    assert not near.showlegend
    assert [one.text for one in near.annotations[1:]] == ["<b>a</b>", "<b>b</b>"]
    wide = rnnviz.plot.recorded_lines({"a-long-name-of-a-run": runs["a"]}, "loss").layout
    assert wide.showlegend
    assert wide.margin.r < near.margin.r
    assert rnnviz.plot.recorded_lines(two, "rho").layout.yaxis.tickprefix is None
    far = rnnviz.plot.recorded_lines(runs, "rho")
    assert far.layout.yaxis.tickprefix == "10<sup>"
    assert [one.y[0] for one in far.data] == pytest.approx(np.log10([1.0, 1.1, 500.0]))


def test_a_norm_that_was_not_given_is_that_of_the_nets_own_weights_on_page_and_figure(tmp_path):
    net = rnnviz.build("rnn", 1, 2, seed=0, bidirectional=True, num_layers=2)
    for name, given in (("own", {}), ("whole", {"total_norm": 5.0})):
        with rnnviz.Watch(tmp_path / name) as watch:
            watch.log(1, net, np.ones((3, 1, 1)), np.ones((3, 1, 4)), **given)
    runs = {name: rnnviz.RecordedRun(tmp_path / name) for name in ("own", "whole")}
    found = lines_of(runs, "total_norm", dict.fromkeys(runs, "0r"))
    assert found.own == ("own",)
    assert found.lines["own"][1] == np.log10(numbers(runs["own"]).norm)
    assert found.lines["whole"][1] == np.log10(5.0)
    assert findings.of_lines(found) == [
        "Where that was not given (own), it is that of the net's own weights over the recorded "
        "examples."]  # fmt: skip
    assert findings.of_lines(lines_of(runs, "loss", dict.fromkeys(runs, "0"))) == [], "no loss"
    (axis,) = findings.of_lines(lines_of(runs, "rho", dict.fromkeys(runs, "0")))
    assert axis.startswith("Linear axis: all values on it lie within a factor of 10, or")
    below = lines_of(runs, "rho", {"own": "0r", "whole": "1r"}).lines
    assert below["own"][1] != below["whole"][1], "each run's own place"


def test_pictures_read_nothing_that_the_page_has_not_read(monkeypatch):
    one = seen("adding-lstm")
    monkeypatch.setattr(reading, "values", lambda *_: pytest.fail("read again"))
    for quantity in QUANTITIES:
        lines_of({"a": one.run}, quantity, {"a": one.place})
    rnnviz.plot.recorded_gradients(one.run)
    rnnviz.plot.recorded_gates(one.run, "f", "high")
    numbers(one.run)


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
        "broken is left out: nothing is recorded there.",
    ]
    said = in_words(app)
    assert "Recorded runs in all ＊runs＊: 5." in said
    assert f"adding-rnn: 1 damaged files are left out, the first of them {part.name}." in said
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


def test_the_check_fails_where_the_recorded_norms_are_another_nets(runs):
    path = runs / "adding-lstm"
    one = see(folder.opened(path), "one", "0", "")
    assert all(check.ok for check in checks.checks([one])["one"])
    shutil.copy(path / "snapshot-000000000010.npz", path / "snapshot-000000000020.npz")
    (found,) = (check for check in checks.checks([one])["one"] if check.name == "recorded")
    assert not found.ok


def test_a_gradient_that_explodes_is_not_held_to_float64(tmp_path):
    rng, found = np.random.default_rng(0), []
    for gain in (1.0, 4.0):
        net = rnnviz.build("rnn", 1, 16, seed=0, spectral_radius=gain, dtype=np.float32)
        x, dh = rng.standard_normal((60, 1, 1)), np.zeros((60, 1, 16))
        dh[-1] = 1.0
        with rnnviz.Watch(tmp_path / str(gain)) as watch:
            watch.log(1, net, x.astype(np.float32), dh.astype(np.float32))
        run = rnnviz.RecordedRun(tmp_path / str(gain))
        found.append(checks.checks([see(run, "a", "0", "")])["a"][0])
    assert [(one.ok, bool(one.skipped)) for one in found] == [(True, False), (True, True)]
    assert "and rounding errors of float32, in which it was recorded, grow with it" in (
        found[1].skipped)


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
