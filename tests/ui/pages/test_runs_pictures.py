"""The pictures of the page of recorded runs, and its numbers checked."""

import shutil

import numpy as np
import pytest

import rnnviz
from rnnviz.browser.packets import unpack
from rnnviz.plot.recorded_curves import QUANTITIES, lines_of
from rnnviz.recorder import reading
from rnnviz.recorder.verdict_numbers import numbers
from rnnviz.ui.components.update_slider import course
from rnnviz.ui.pages.runs import at_updates, checks, findings, folder
from rnnviz.ui.pages.runs.seen import see
from rnnviz.ui.shell import report_updates
from tests.ui.recorded_example import seen


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


def test_norms_are_compared_where_they_are_finite():
    inf, nan = np.inf, np.nan
    gaps = checks.apart(np.array([-inf, nan, 1.0, 1.0, inf]), np.array([-inf, nan, 0.5, nan, 1.0]))
    assert gaps.tolist() == [0, 0, 0.5, inf, inf]


def test_the_check_fails_where_the_recorded_norms_are_another_nets(tmp_path):
    path = shutil.copytree(folder.EXAMPLE / "adding-lstm", tmp_path / "run")
    one = see(rnnviz.RecordedRun(path), "one", "0", "")
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
