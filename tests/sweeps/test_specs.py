"""Specs: one form whatever they are written in, and refusals that name what was meant."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from rnnviz.sweeps import DIAGRAMS, Spec, from_toml, to_toml

pytestmark = pytest.mark.fast


def test_a_spec_is_the_same_in_python_json_and_toml_and_its_digest_knows_all_but_the_name():
    spec = Spec(
        {"gain": [1, 2.5], "train.clip": [None, 1e22], "options": {"noise": [0.1]},
         "seed": range(2)},
        {"T": 12, "cell": "gru", "train": {"rate": 1e-5}}, ["updates"], name="ρ",
    )  # fmt: skip
    for again in (Spec.from_json(spec.text), from_toml(to_toml(spec)), Spec.of(spec.as_dict()),
                  pickle.loads(pickle.dumps(spec))):  # fmt: skip
        assert again == spec
        assert again.digest == spec.digest
    assert Spec(spec.axes, spec.base, spec.figures).digest == spec.digest
    other = Spec({**spec.axes, "seed": [0, 2]}, spec.base, spec.figures, name="ρ")
    assert other.digest != spec.digest
    assert spec.point(7) == {"length": 12, "cell": "gru", "train.rate": 1e-5, "scale": 2.5,
                             "train.clip": 1e22, "options.noise": 0.1, "seed": 1}  # fmt: skip
    assert spec.point(0)["train.clip"] is None
    for one in DIAGRAMS.values():
        assert from_toml(to_toml(one)) == one


def test_numbers_are_spaced_and_drawn_as_asked():
    grid = Spec({"H": {"from": 4, "to": 16, "count": 4},
                 "scale": {"from": 0.01, "to": 1, "count": 3, "spacing": "log"}})  # fmt: skip
    assert grid.axes["hidden_size"] == (4, 8, 12, 16)
    np.testing.assert_allclose(grid.axes["scale"], [0.01, 0.1, 1], rtol=1e-12)
    axes = {"scale": {"from": 0.01, "to": 1, "spacing": "log"}, "cell": ["rnn", "gru"],
            "seed": {"from": 0, "to": 1e6}}  # fmt: skip
    drawn = Spec(axes, sample={"count": 2000, "seed": 3})
    assert abs((drawn.columns["scale"] < 0.1).mean() - 0.5) < 0.05
    assert abs((drawn.columns["cell"] == "gru").mean() - 0.5) < 0.05
    assert drawn.columns["seed"].dtype == np.int64
    first = Spec(axes, sample={"count": 20, "seed": 3})
    assert [first.point(k) for k in range(20)] == [drawn.point(k) for k in range(20)]
    assert from_toml(to_toml(drawn)) == drawn


@pytest.mark.parametrize(("given", "said"), [
    ({"axes": {"scalee": [1]}}, "`axes` has no name 'scalee'; did you mean 'scale'?"),
    ({"axes": {"train.rat": [1]}}, "did you mean 'train.rate'?"),
    ({"axes": {"options.nois": [1]}}, "did you mean 'options.noise'?"),
    ({"axes": {"cell": ["lsmt"]}}, "did you mean 'lstm'?"),
    ({"axis": {"seed": [1]}}, "`spec` has no name 'axis'; did you mean 'axes'?"),
    ({"axes": {"seed": [1]}, "figures": ["lyapunow"]}, "did you mean 'lyapunov'?"),
    ({"axes": {"seed": [1]}, "figures": ["cost"]}, "needs a training plan"),
    ({"axes": {"T": [1], "length": [2]}}, "`axes` has 'length' twice"),
    ({"axes": {"seed": [1]}, "base": {"seed": 1}}, "must not fix 'seed', which is an axis"),
    ({"axes": {"seed": [1, 1]}}, "all different"),
    ({"axes": {"scale": {"from": 1, "to": 0, "count": 3}}}, "from < to, got 1, 0"),
    ({"axes": {"scale": {"from": 0, "to": 1, "cuont": 3}}}, "did you mean 'count'?"),
    ({"axes": {"scale": {"from": -1e308, "to": 1e308, "count": 3}}}, "whose difference is finite"),
    ({"axes": {"seed": range(10**12)}}, "from 1 to 100,000 values"),
    ({"axes": {"seed": ["a"]}}, "`seed` must be an integer"),
    ({"axes": {}}, "from 1 to 10,000,000 points, got 0"),
    ({"axes": {"seed": [1]}, "figures": 5}, "`figures` must be a list of names, got 5."),
    ({"axes": {"seed": [1]}, "figures": None}, "`figures` must be a list of names, got None."),
    ({"axes": {"seed": [1]}, "figures": [["a"]]}, "`figures` has no name ['a']"),
    ({"axes": {"seed": [1]}, "name": "\ud800"}, "that UTF-8 can hold, got '\\ud800'."),
    ({"axes": {"seed": [2**63]}}, "at most 9223372036854775807, got 9223372036854775808."),
    (5, "`spec` must map names to values, got 5."),
])  # fmt: skip
def test_what_is_no_spec_is_refused_with_what_was_meant(given, said):
    with pytest.raises(ValueError, match="`") as error:
        Spec.of(given)
    assert said in str(error.value)
