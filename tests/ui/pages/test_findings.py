"""What the pages say on top: the numbers in it, and that it is a sentence for any settings."""

import re

import numpy as np
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
from rnnviz.words.numbers import number
from tests.ui.flows import identity_rnn


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
    asked = Settings(cells=("lstm",), forget_bias=-1.0)
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
