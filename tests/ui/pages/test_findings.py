"""The sentences, with every number in them computed again."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rnnviz
from rnnviz import CELLS
from rnnviz.analysis.cuts import clip, truncated
from rnnviz.analysis.gradient_paths import roads
from rnnviz.analysis.loss_attribution import itemised
from rnnviz.analysis.memory import memory
from rnnviz.analysis.spectrum import lyapunov, singular_values
from rnnviz.experiments.settings import Settings
from rnnviz.ui import advice
from rnnviz.ui.pages.compare import findings
from rnnviz.ui.pages.cuts import findings as cuts
from rnnviz.ui.pages.gradient_flow import findings as gradient_flow
from rnnviz.ui.pages.roads import findings as roads_page
from rnnviz.ui.pages.spectrum import findings as spectrum
from rnnviz.ui.pages.whose_gradient import findings as whose
from rnnviz.words import speak
from rnnviz.words.numbers import number, power

RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")


def told(flows, *, one_loss=True):
    """The sentences on these flows."""
    return findings.compared(flows, {c: memory(f) for c, f in flows.items()}, one_loss=one_loss)


def clause(text, cell):
    """What it says of one cell."""
    after = text.split("\n\n")[0].split(f"The **{CELLS[cell].title}** ")[1]
    return re.split(r" The \*\*|\.$", after)[0].removesuffix(".")


def to_do(flow):
    return advice.advice(flow.layers[0], memory(flow))


def log10(text):
    """log10 of "2.4·10⁻¹⁶", "0.00291" or "11 %"."""
    shape = r"([\d.]+)(?:·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?( %)?"
    mantissa, exponent, percent = re.match(shape, text).groups()
    power = int(exponent.translate(RAISED)) if exponent else 0
    return np.log10(float(mantissa)) + power - (2 if percent else 0)


def share(flow):
    """log10 of what is left at step 1 of the norm at the last step that has any."""
    logs = flow.log10_norms("h")[1:, 0]
    last = np.flatnonzero(logs > -np.inf)[-1]
    return logs[0] - logs[last], logs[: last + 1]


def identity_rnn(factor, steps=30, at=None):
    """An RNN whose gradient changes by exactly ``factor`` a step."""
    model = rnnviz.build("rnn", 1, 4, init="identity", gain=factor)
    dh = np.zeros((steps, 1, 4))
    dh[(at or steps) - 1] = 1
    return rnnviz.backprop(rnnviz.run(model, np.zeros((steps, 1))), dh)


@pytest.mark.parametrize(
    "asked",
    [Settings(), Settings(forget_bias=0.0), Settings(task="noisy_sine", length=400, seed=3),
     Settings(cells=tuple(CELLS)[:4], update_bias=-2.0, hidden_size=4),
     Settings(scaling="radius", scale=2.0, cells=("gru", "rnn"))],
    ids=range(5),
)  # fmt: skip
def test_every_number_in_the_sentence_is_the_flow_s(asked):
    flows = {cell: asked.flow(cell) for cell in asked.cells}
    text = told(flows)
    assert f"at step {asked.length} goes back to step 1" in text
    for cell, flow in flows.items():
        words, (ratio, logs) = clause(text, cell), share(flow)
        kept = re.match(r"(?:keeps|makes) (.+)", words)[1]
        assert log10(kept) == pytest.approx(ratio, abs=np.log10(1.06))
        if gone := re.search(r"99 % is gone after (\d+) steps?", words):
            back = int(gone[1])
            assert logs[::-1][back] < logs[-1] - 2
            assert (logs[::-1][:back] >= logs[-1] - 2).all()
        if gate := CELLS[cell].keeping_gate:
            title = next(s.title for s in CELLS[cell].signals if s.name == gate)
            mean = float(re.search(rf"its {title} at ([\d.]+) on average", words)[1])
            assert mean == pytest.approx(flow.trace[gate].mean(), abs=6e-4)


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (0.5, "keeps 1.9·10⁻⁹ of it: 99 % is gone after 7 steps"),
        (0.005, "keeps 1.9·10⁻⁶⁷ of it: 99 % is gone after 1 step"),
        (0.9, "keeps 4.7 % of it"),
        (0.99, "keeps 75 % of it"),
        (1.0, "keeps 100 % of it"),
        (1.1, "makes 15.9 times as much of it"),
        (1e20, "makes 1·10⁵⁸⁰ times as much of it"),
        (1e-20, "keeps 1·10⁻⁵⁸⁰ of it: 99 % is gone after 1 step"),
        (0.0, "keeps exactly nothing: 99 % is gone after 1 step"),
    ],
)
def test_what_it_says_of_a_known_factor(factor, words):
    assert clause(told({"rnn": identity_rnn(factor)}), "rnn") == words


@pytest.mark.parametrize("factor", [0.8544, 0.85, 0.8534, 0.9999999, 1.0001])
def test_it_never_says_1_percent_horizon_and_a_larger_share_at_once(factor):
    text = clause(told({"rnn": identity_rnn(factor)}), "rnn")
    if "gone" in text:
        assert log10(text.removeprefix("keeps ")) <= -1.98


def test_a_loss_in_the_middle_is_named():
    assert "at step 12 goes back" in told({"rnn": identity_rnn(0.5, at=12)})


def test_several_losses_get_a_caution_in_place_of_advice():
    flows = {"rnn": identity_rnn(0.5)}
    assert "this is not how far a single one travels" in told(flows, one_loss=False)
    assert "gain" not in told(flows, one_loss=False)
    assert "travels" not in told(flows)


def test_no_gradient_at_all_is_said():
    model = rnnviz.build("gru", 1, 4)
    flow = rnnviz.backprop(rnnviz.run(model, np.zeros((5, 1))), np.zeros((5, 1, 4)))
    assert "exactly 0 at every step" in told({"gru": flow})
    assert "Put the loss on another step" in told({"gru": flow})
    both = told({"gru": flow, "rnn": identity_rnn(0.5)})
    assert clause(both, "gru") == "has none at any step"


def test_what_stops_being_finite_is_said():
    x = np.ones((900, 1))
    model = rnnviz.build("rnn", 1, 4, nonlinearity="identity", init="identity", gain=3.0)
    flow = rnnviz.backprop(rnnviz.run(model, x), rnnviz.SquaredError(np.zeros((900, 1, 4))))
    text = told({"rnn": flow})
    assert "nan" not in text
    assert "inf" not in text.replace("finite", "")
    assert "spectral radius, to 1 instead of 3.00" in text


def test_the_summary_names_both_ends_and_the_factor():
    flow = identity_rnn(0.5)
    text = findings.summary({"rnn": flow}, {"rnn": memory(flow)})
    assert "RNN: from 2.00 at step 30 to 3.7·10⁻⁹ at step 1, factor 0.500 a step" in text


RNN = Settings(cells=("rnn",))
LSTM = Settings(cells=("lstm",), forget_bias=0.0)
CASES = [
    # vanishes by W_h, by φ that the gain saturates, by σ, by units that are off
    (RNN, "rnn", "Draw W_h orthogonal or as the identity", {"init": "orthogonal"}),
    (replace(RNN, init="identity", scale=3.0), "rnn", "Lower the gain to 1/3.72", {"scale": 0.8}),
    (replace(RNN, init="orthogonal"), "rnn", "Multiply the gain by 1/γ = 1.36", {"scale": 1.35}),
    (replace(RNN, cell_options=(("nonlinearity", "sigmoid"),)), "rnn", "Choose tanh",
     {"cell_options": ()}),
    (replace(RNN, cell_options=(("nonlinearity", "relu"),)), "rnn", "as the identity, with gain 1",
     {"init": "identity"}),
    (LSTM, "lstm", "Raise the LSTM's bias b_f from 0 to at least ln(T − 1) = 3.89",
     {"forget_bias": 4.0}),
    (Settings(update_bias=-1.0), "gru", "Raise the GRU's bias b_z from −1.00 to at least",
     {"update_bias": 4.0}),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "cell", "words", "change"), CASES, ids=range(len(CASES)))
def test_a_vanishing_gradient_gets_the_advice_that_helps_it(asked, cell, words, change):
    before, after = asked.flow(cell), replace(asked, **change).flow(cell)
    assert words in to_do(before)
    assert memory(after).log10_ratio > memory(before).log10_ratio + 1
    assert "Clip" not in to_do(before)


@pytest.mark.parametrize("steps", [2, 10, 50, 200])
def test_the_wanted_bias_is_ln_of_t_minus_1(steps):
    asked = replace(LSTM, task="impulse", length=steps, forget_bias=-2.0)
    text = advice.raise_bias(asked.flow("lstm").layers[0])
    assert f"ln(T − 1) = {number(np.log(steps - 1))}" in text
    assert f"about T = {steps} steps" in text


def test_an_exploding_gradient_is_clipped_or_shrunk():
    asked = Settings(scale=3.0, scaling="radius", hidden_size=32)
    flow = asked.flow("rnn")
    text, factor = to_do(flow), memory(flow).factor
    assert "Clip the norm at θ = 1" in text
    assert f"1/γ = {number(1 / factor)}" in text
    after = replace(asked, scale=round(3.0 / factor, 2)).flow("rnn")
    assert memory(after).log10_ratio < memory(flow).log10_ratio - 0.5


def test_what_is_fine_gets_a_way_to_break_it():
    flow = Settings(update_bias=3.0).flow("gru")
    assert "To see the GRU forget, lower its bias b_z from 3.00 to 0" in to_do(flow)
    assert memory(Settings(update_bias=0.0).flow("gru")).log10_ratio < -2
    assert "halve its gain" in to_do(identity_rnn(1.0))


def test_an_lstm_whose_gate_is_open_enough_is_looked_at_in_c():
    flow = Settings(forget_bias=6.0).flow("lstm")
    logs = flow.log10_norms("c")[:, 0]
    assert "Look at c, on the page Roads" in to_do(flow)
    assert f"still has {power(logs[1] - logs[50])} of its gradient" in to_do(flow)


def test_the_shares_of_phi_and_weights_multiply_to_gamma():
    flow = RNN.flow("rnn")
    found, factor = advice.shares(flow.layers[0], memory(flow).factor), memory(flow).factor
    assert found.phi * found.weights == pytest.approx(factor)
    h = flow.trace["h"][:, 0]
    slopes = (1 - h**2) * flow["h"][:, 0] if len(flow["h"]) == len(h) else None
    if slopes is not None:
        ratio = np.linalg.norm(slopes, axis=1) / np.linalg.norm(flow["h"][:, 0], axis=1)
        assert found.phi == pytest.approx(np.exp(np.log(ratio).mean()))


def test_the_worst_two_get_advice_each_its_own():
    text = told({cell: Settings().flow(cell) for cell in Settings().cells}).split("\n\n")[1]
    assert text.index("Draw W_h orthogonal") < text.index("Raise the LSTM's bias")
    assert "GRU" not in text


# ---- the other pages -----------------------------------------------------------------------


def test_whose_reaches_are_those_of_the_map():
    asked = Settings(loss="every", length=20, cells=("rnn",))
    logs = itemised(asked.flow("rnn").trace, asked.loss_object(asked.example()))
    wanted = []
    for tau in range(20):
        row = logs[tau, 1:]
        wanted.append(tau - min(t for t in range(tau + 1) if row[t] >= row[tau] - 2))
    assert list(whose.reaches(logs)) == wanted
    text = whose.finding(logs, "rnn")
    assert f"is felt {int(np.median(wanted))} steps back (the median of 20; at most" in text


def test_half_of_the_weights_gradient_is_counted_from_the_end():
    flow = Settings().flow("rnn").layers[0]
    sizes = 10.0 ** flow.log10_weight_norms("W_h")
    n = gradient_flow.half_of_weights(flow)
    assert sizes[-n:].sum() >= sizes.sum() / 2 > sizes[len(sizes) - n + 1 :].sum()


def test_the_cut_that_removes_much_asks_for_a_larger_window_and_the_other_for_a_smaller():
    asked = Settings()
    trace, loss = asked.flow("rnn").trace, asked.loss_object(asked.example())
    small, none = truncated(trace, loss, 1), truncated(trace, loss, 50)
    assert "Raise k to 5" in cuts.truncation(small, 1)
    assert "nothing is cut" in cuts.truncation(none, 50)
    wide = truncated(trace, loss, 25)
    share_ = max(wide.weights[0].values())
    words = cuts.truncation(wide, 25)
    assert advice.percent(share_) in words
    assert ("Lower k" in words) == (share_ < 0.01)


def test_the_spectrum_tells_dying_from_exploding():
    for scale, words in [(0.5, "Multiply the gain by"), (1.0, "Clip"), (3.0, "clip the norm")]:
        flow = identity_rnn(scale)
        text = spectrum.finding(
            flow.layers[0], lyapunov(flow.trace), singular_values(flow.trace)
        )
        assert f"e^λ₁ = {number(scale)} a step" in text
        assert (words in text) == (scale != 1.0)


def test_a_narrow_path_along_the_state_gets_a_wider_gate():
    asked = replace(LSTM, forget_bias=-1.0)
    flow = asked.flow("lstm")
    found = roads(flow.trace, asked.loss_object(asked.example()))
    assert "Raise the LSTM's bias b_f" in roads_page.to_do(flow.layers[0], found)


WILD = st.builds(
    Settings,
    task=st.sampled_from(["stocks", "noisy_sine", "impulse"]),
    length=st.integers(2, 40),
    hidden_size=st.integers(1, 6),
    seed=st.integers(0, 99),
    cells=st.sampled_from([("rnn",), ("lstm",), ("gru",), ("peephole_lstm",), ("rnn", "lstm")]),
    cell_options=st.sampled_from([(), *((("nonlinearity", n),) for n in ("relu", "sigmoid",
                                                                        "identity"))]),
    init=st.sampled_from(["pytorch", "orthogonal", "identity"]),
    scale=st.sampled_from([0.05, 1.0, 3.0]),
    forget_bias=st.floats(-2, 6),
    update_bias=st.floats(-2, 6),
    loss=st.sampled_from(["last", "every"]),
)  # fmt: skip
BROKEN = re.compile(r"\bnan\b|\binf\b|[{}]|None")


def every_text(asked, nothing):
    """All that is said of these settings, with the loss's gradient or with none at all."""
    flows = {}
    for cell in asked.cells:
        flow = asked.flow(cell)
        zeros = np.zeros((*flow.trace["h"].shape,))
        flows[cell] = rnnviz.backprop(flow.trace, zeros) if nothing else flow
    merits = {cell: memory(flow) for cell, flow in flows.items()}
    yield findings.compared(flows, merits, one_loss=asked.loss == "last")
    yield findings.summary(flows, merits)
    for cell, flow in flows.items():
        trace, own = flow.trace, flow.layers[0]
        dh = np.zeros(trace["h"].shape) if nothing else asked.loss_object(asked.example())
        yield advice.advice(own, merits[cell])
        yield gradient_flow.finding(own, one_loss=asked.loss == "last")
        yield whose.finding(itemised(trace, dh), cell)
        yield spectrum.finding(own, lyapunov(trace), singular_values(trace))
        yield spectrum.finding(own, lyapunov(trace))
        found = roads(trace, dh)
        yield roads_page.finding(CELLS[cell].title, found, CELLS[cell].open_road)
        yield roads_page.to_do(own, found)
        yield cuts.truncation(truncated(trace, dh, 3), 3)
        yield cuts.missing(truncated(trace, dh, 3))
        yield cuts.clipping(clip(flow, norm=1.0), "norm", 1.0)


@settings(max_examples=60, deadline=None)
@given(asked=WILD, nothing=st.booleans(), language=st.sampled_from(["en", "ko"]))
def test_nothing_raises_and_no_sentence_says_nan(asked, nothing, language):
    speak(language)
    try:
        for text in every_text(asked, nothing):
            assert not BROKEN.search(text), text
            assert text.rstrip().endswith((".", "요", "다"))
    finally:
        speak("en")


def test_beyond_floats_every_text_is_still_a_sentence():
    asked = Settings(task="impulse", length=500, hidden_size=2, scale=3.0, scaling="radius",
                     cells=("rnn",), cell_options=(("nonlinearity", "identity"),),
                     options=(("amplitude", 100.0),), loss="every")  # fmt: skip
    for text in every_text(asked, False):
        assert not BROKEN.search(text), text
