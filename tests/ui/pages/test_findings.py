"""What the pages say on top: the numbers in it, and that it is a sentence for any settings."""

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import rnnviz
from rnnviz import CELLS
from rnnviz.advice.chips import in_words
from rnnviz.analysis.cuts import clip, truncated
from rnnviz.analysis.gradient_paths import roads
from rnnviz.analysis.loss_attribution import itemised
from rnnviz.analysis.reach import alone, reach
from rnnviz.analysis.spectrum import lyapunov, singular_values
from rnnviz.experiments.settings import Settings
from rnnviz.ui.pages.compare import findings
from rnnviz.ui.pages.cuts import findings as cuts
from rnnviz.ui.pages.gradient_flow import findings as gradient_flow
from rnnviz.ui.pages.roads import findings as roads_page
from rnnviz.ui.pages.spectrum import findings as spectrum
from rnnviz.ui.pages.whose_gradient import findings as whose
from rnnviz.words import speak

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
    merits = {cell: reach(flow) for cell, flow in flows.items()}
    lone = {cell: alone(flow)[0] for cell, flow in flows.items()}
    yield findings.seen(lone, merits)
    yield findings.summary(lone, merits)
    for cell, flow in flows.items():
        trace, own = flow.trace, flow.layers[0]
        dh = np.zeros(trace["h"].shape) if nothing else asked.loss_object(asked.example())
        yield gradient_flow.finding(own, lone[cell].layers[0], merits[cell])
        yield ". ".join(in_words(lone[cell], merits[cell])) + "."
        yield whose.finding(itemised(trace, dh), cell)
        yield spectrum.finding(own, lyapunov(trace), singular_values(trace))
        yield spectrum.finding(own, lyapunov(trace))
        found = roads(trace, dh)
        yield roads_page.finding(CELLS[cell].title, found, CELLS[cell].open_path)
        yield cuts.truncation(truncated(trace, dh, 3), 3, {6: truncated(trace, dh, 6)})
        yield cuts.missing(truncated(trace, dh, 3))
        yield cuts.clipping(clip(flow, norm=1.0), "norm", 1.0)


@settings(max_examples=60)
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
