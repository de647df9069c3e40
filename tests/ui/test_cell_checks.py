"""The checks of a page are made elsewhere, and count only for the same numbers."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz.experiments.checked import checked, digest
from rnnviz.experiments.settings import Settings
from rnnviz.numerics.process_pool import Ended, Pool
from rnnviz.ui import cell_checks, heavy
from rnnviz.ui.cell_checks import begin
from rnnviz.ui.kept import known

SMALL = replace(Settings(), length=9, hidden_size=3, cells=("lstm", "gru"))


class Run:
    session_id = "somebody"


@pytest.fixture
def visited(monkeypatch):
    monkeypatch.setattr(cell_checks, "get_script_run_ctx", Run)
    monkeypatch.setattr(cell_checks.st, "session_state", {})


@pytest.fixture
def made_here(monkeypatch):
    """The cells whose checks this process makes itself."""
    found = []
    verify_flow = cell_checks.verify_flow

    def noting(flow, loss):
        found.append(flow.trace.model.cell.name)
        return verify_flow(flow, loss)

    monkeypatch.setattr(cell_checks, "verify_flow", noting)
    return found


def test_the_digest_tells_apart_any_bit():
    flow = SMALL.flow("lstm")
    own, first = flow.layers[0], digest(flow)
    assert digest(SMALL.flow("lstm")) == first
    changed = [replace(own, trace=replace(own.trace, record=one)) for one in each(own.trace.record)]
    changed += [replace(own, d=one) for one in each(own.d)]
    changed += [replace(own, parameters=one) for one in each(own.parameters)]
    assert len(changed) > 10
    flows = [replace(flow, layers=(one,)) for one in changed]
    flows += [replace(flow, readout=one) for one in each(flow.readout)]
    flows += [replace(flow, loss=next(each({"loss": flow.loss}))["loss"])]
    assert all(digest(one) != first for one in flows)


def each(arrays):
    """The mappings with the last bit of one array's last number changed."""
    for name, array in arrays.items():
        moved = array.copy()
        moved.flat[-1] = np.nextafter(moved.flat[-1], np.inf)
        yield {**arrays, name: moved}


@pytest.mark.usefixtures("visited")
def test_checks_are_made_elsewhere_once(made_here):
    settings = replace(SMALL, seed=31)
    found = begin(settings, settings.cells)()
    assert made_here == []
    assert list(found) == ["lstm", "gru"]
    (one,) = checked(settings, ["lstm"], [])
    assert found["lstm"] == one.checks
    assert all(check.ok for check in found["gru"])
    assert known(cell_checks.cell_checks, settings, "gru")
    assert not known(cell_checks.cell_checks, replace(settings, seed=32), "gru")


@pytest.mark.usefixtures("visited")
def test_checks_of_other_numbers_are_made_here(monkeypatch, made_here):
    monkeypatch.setattr(cell_checks, "digest", lambda flow: b"another")
    settings = replace(SMALL, seed=33)
    begin(settings, settings.cells)()
    assert made_here == ["lstm", "gru"]


@pytest.mark.parametrize("part", ["d", "parameters", "readout"])
def test_a_wrong_gradient_of_the_page_itself_fails(monkeypatch, part):
    settings = replace(SMALL, seed=37)
    flow = settings.flow("gru")
    if part == "readout":
        wrong = replace(flow, readout={name: 1.001 * one for name, one in flow.readout.items()})
    else:
        arrays = {name: 1.001 * one for name, one in getattr(flow.layers[0], part).items()}
        wrong = replace(flow, layers=(replace(flow.layers[0], **{part: arrays}),))
    monkeypatch.setattr(cell_checks, "whole", lambda *_: wrong)
    (made,) = checked(settings, ["gru"], [])
    assert all(one.ok for one in made.checks)
    assert not all(one.ok for one in cell_checks.cell_checks(settings, "gru", made))


@pytest.mark.usefixtures("visited")
def test_checks_that_come_to_no_end_are_made_here(monkeypatch, made_here):
    def ended(*args, **named):
        raise Ended

    monkeypatch.setattr(Pool, "finish", ended)
    settings = replace(SMALL, seed=34)
    begin(settings, settings.cells)()
    assert made_here == ["lstm", "gru"]


@pytest.mark.usefixtures("visited")
def test_what_a_run_began_and_never_asked_for_is_left(monkeypatch):
    left = []
    monkeypatch.setattr(Pool, "leave", lambda pool, call: left.append(call))
    begin(replace(SMALL, seed=35), SMALL.cells)
    call = cell_checks.st.session_state["_checks_begun"]
    begin(replace(SMALL, seed=36), SMALL.cells)
    assert left == [call]
    heavy.beside().finish(call, seconds=60)


def test_a_process_is_there_before_the_first_visit():
    pool = Pool(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heavy, "beside", lambda: pool)
        cell_checks.warm_up()
        assert len(pool.running) == 1
        assert pool.run("me", checked, SMALL, (), (), seconds=60) == []
    assert len(pool.idle) == 1
    pool.close()
