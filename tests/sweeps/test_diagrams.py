"""The classic maps: what is shipped can be computed again, and theory meets simulation."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz.core.forward_run import run
from rnnviz.sweeps import DIAGRAMS, RESULTS, lines, mean_field, read_sweep
from rnnviz.sweeps.points import measured, settings_of
from rnnviz.sweeps.theory_lines import forget_gate

GAUSS_MISSES = 0.02
"""What a step of φ′ within the nodes of an integral may cost."""
SINE = {"task": "noisy_sine", "options.noise": 1.0, "init": "glorot", "seed": 1}


def crossing(x, values):
    """Where values rise through 0 for the last time."""
    k = np.flatnonzero((values[:-1] < 0) & (values[1:] >= 0))[-1]
    return x[k] - values[k] * (x[k + 1] - x[k]) / (values[k + 1] - values[k])


@pytest.mark.parametrize("name", DIAGRAMS)
def test_the_shipped_maps_are_those_of_the_specs(name):
    pytest.importorskip("pyarrow")
    path = RESULTS / f"{name}.parquet"
    assert path.stat().st_size <= 100_000
    found = read_sweep(path)
    assert found.spec == DIAGRAMS[name]
    assert found.complete
    assert not found.reasons
    for number in (7, 1100):  # not where chaos makes rounding errors large
        again, reason = measured(found.spec.point(number), tuple(found.spec.figures))
        assert reason is None
        np.testing.assert_allclose([found[one][number] for one in again], list(again.values()),
                                   rtol=1e-6)  # fmt: skip


def test_the_maps_change_where_the_lines_of_theory_say():
    pytest.importorskip("pyarrow")
    found = read_sweep(RESULTS / "rnn_gain_input.parquet")
    gains, grid = np.array(found.spec.axes["scale"]), found.grid("lyapunov", "seed", "mean")
    (line,) = lines("rnn_gain_input")
    for column, own in zip(grid.T, line.x, strict=True):
        assert abs(crossing(gains, column) / own - 1) < 0.12
    found = read_sweep(RESULTS / "gru_gain_update.parquet")
    gains, grid = np.array(found.spec.axes["scale"]), found.grid("lyapunov", "seed", "mean")
    untied, rest = lines("gru_gain_update")
    at = np.array([crossing(gains, column) for column in grid.T])
    assert (np.abs(at[:10] / untied.x[:10] - 1) < 0.1).all()  # z < 0.11
    assert (np.abs(at[:35] - rest.x[:35]) < 0.5).all()
    assert (at[20:25] < untied.x[20:25] - 0.8).all()  # z from 0.5 on: new weights mislead
    found = read_sweep(RESULTS / "lstm_forget_length.parquet")
    (line,) = lines("lstm_forget_length")
    new = forget_gate(found.spec)[1]
    np.testing.assert_allclose(line.y, new, rtol=1e-4)
    there = ~np.isnan(line.y)
    shares = mean_field.forget_gate_share(line.x[there], line.y[there])
    np.testing.assert_allclose(shares, -2, rtol=1e-3)


@pytest.mark.parametrize(("gain", "amplitude"), [(0.7, 4.0), (1.6, 0.5), (2.5, 12.0)])
def test_mean_field_of_the_rnn_is_what_512_units_do(gain, amplitude):
    point = {**SINE, "cell": "rnn", "T": 40, "length": 40, "hidden_size": 512, "scale": gain,
             "options.amplitude": amplitude}  # fmt: skip
    settings = settings_of(point)
    theory, model = mean_field.rnn(settings), settings.model("rnn")
    h = run(model, settings.example().x)["h"][:, 0]
    assert abs(np.log((h**2).mean(axis=1) / theory.variance)).mean() < 0.1
    W_h, logs = model.parameters[0]["W_h"], []
    back = np.random.default_rng(0).standard_normal((8, 512))
    for state in h[::-1]:  # ∂L/∂h_{t−1} of eight losses
        new = (back * (1 - state**2)) @ W_h.T
        logs.append(np.log(np.linalg.norm(new, axis=1) / np.linalg.norm(back, axis=1)).mean())
        back = new
    assert abs(np.mean(logs) - theory.exponent) < 0.02
    small = settings_of({**point, "hidden_size": 192, "length": 60})
    one, _ = measured({**point, "hidden_size": 192, "length": 60}, ("lyapunov",))
    assert abs(one["lyapunov"] - mean_field.rnn(small).exponent) < 0.06


def test_closed_forms_of_the_integrals():
    base = {**SINE, "cell": "rnn", "length": 6, "hidden_size": 8, "scale": 1.3}
    line = mean_field.rnn(settings_of({**base, "cell_options.nonlinearity": "identity"}))
    np.testing.assert_allclose(line.chi, 1.69, rtol=1e-12)
    x = settings_of(base).example().x[:, 0, 0]
    q = np.zeros(6)
    for t in range(6):
        q[t] = 1.69 * q[t - 1] * (t > 0) + 2 / 9 * x[t] ** 2
    np.testing.assert_allclose(line.variance, q, rtol=1e-10)
    half = mean_field.rnn(settings_of({**base, "cell_options.nonlinearity": "relu"}))
    np.testing.assert_allclose(half.chi[1:], 1.69 / 2, rtol=GAUSS_MISSES)
    with pytest.raises(ValueError, match="`init` must be one of pytorch, glorot, orthogonal"):
        mean_field.rnn(settings_of({**base, "init": "identity"}))


def sigma(a):
    return 1 / (1 + np.exp(-a))


def test_mean_field_of_the_gru_is_what_new_weights_at_every_step_do():
    gain, bias, size = 3.0, 0.5, 400
    settings = settings_of({**SINE, "cell": "gru", "length": 20, "hidden_size": size,
                            "scale": gain, "update_bias": bias, "options.amplitude": 8.0})
    theory, rng = mean_field.gru_untied(settings), np.random.default_rng(0)
    near, variance, growth = 1e-7 * rng.standard_normal((2, size)) * [[0], [1]], [], []
    for x in settings.example().x[:, 0, 0]:
        W = [rng.standard_normal((size, size)) * gain / size**0.5 for _ in range(3)]
        u = rng.standard_normal((3, size)) * (2 / (1 + size)) ** 0.5 * x
        r, z = sigma(near @ W[0] + u[0]), sigma(near @ W[1] + u[1] + bias)
        after = z * near + (1 - z) * np.tanh((r * near) @ W[2] + u[2])
        variance.append((after[0] ** 2).mean())
        apart = np.linalg.norm(after[1] - after[0])
        growth.append(2 * np.log(apart / np.linalg.norm(near[1] - near[0])))
        near = np.stack([after[0], after[0] + (after[1] - after[0]) * 1e-6 / apart])
    assert abs(np.log(variance / theory.variance)).mean() < 0.1
    assert abs(np.mean(growth) - np.log(theory.chi).mean()) < 0.05


def test_a_gru_at_rest_grows_as_the_circular_law_says():
    for gain, bias in ((1.2, 0.0), (2.6, 1.0)):
        found, _ = measured(
            {"cell": "gru", "task": "impulse", "options.amplitude": 1e-9, "init": "glorot",
             "length": 60, "hidden_size": 128, "scale": gain, "update_bias": bias}, ("lyapunov",)
        )  # fmt: skip
        assert abs(found["lyapunov"] - mean_field.gru_at_rest(gain, bias)) < 0.05
