"""Presets whose claim is about the gradient flow of one layer."""

from __future__ import annotations

from dataclasses import replace

from rnnviz.experiments.presets import _one_layer_claims as claims
from rnnviz.experiments.presets._preset import Preset
from rnnviz.experiments.settings import Settings
from rnnviz.words import word

BEST_OF_TIMES = "It was the best of times, it was the worst of times"

_IMPULSE = Settings(task="impulse", cells=("rnn",))
_TWO = Settings(cells=("rnn", "lstm"))
ONE_LAYER = (
    Preset(
        "stocks", word("Real stock prices"), Settings(),
        "plotly.data.stocks: GOOG, AAPL, AMZN, FB, NFLX, MSFT, 2018–2019",
        word("One loss after the last week. Each week back keeps about {rnn} of the gradient in "
             "the RNN, {lstm} in the LSTM, {gru} in the GRU: {horizon} weeks back less than 1 % of "
             "the RNN's is left."),
        "app.py", claims.stocks,
    ),
    Preset(
        "vanishing", word("RNN: the gradient vanishes"), _IMPULSE,
        "Hochreiter 1991; Bengio, Simard and Frasconi 1994",
        word("One impulse, then silence: the way back leads through W_h and tanh′ alone. Each step "
             "keeps about {factor} of the gradient, {horizon} steps less than 1 %, all of them "
             "{left}."),
        "pages/Gradient_flow.py", claims.vanishing, (("cell", "rnn"),),
    ),
    Preset(
        "exploding", word("RNN: the gradient explodes (ρ > 1)"),
        replace(_IMPULSE, init="orthogonal", scaling="radius", scale=1.5, length=100,
                hidden_size=32),
        "Pascanu, Mikolov and Bengio 2013",
        word("W_h stretches by ρ = {rho} a step and tanh′ takes only part of it back: about "
             "{factor} a step is left over, so that step 1 gets {times} times the gradient of step "
             "{T}. See what clipping makes of it."),
        "pages/Cuts.py", claims.exploding, (("cell", "rnn"),),
    ),
    Preset(
        "orthogonal", word("RNN: orthogonal W_h"), replace(_IMPULSE, init="orthogonal"),
        "Saxe, McClelland and Ganguli 2014; Arjovsky, Shah and Bengio 2016",
        word("W_h turns but never stretches: its singular values are 1 to within {error}. What is "
             "missing at step 1, where {left} is left, tanh′ has taken."),
        "pages/Spectrum.py", claims.orthogonal, (("cell", "rnn"),),
    ),
    Preset(
        "irnn", word("RNN: identity W_h with ReLU"),
        replace(_IMPULSE, init="identity", cell_options=(("nonlinearity", "relu"),)),
        "Le, Jaitly and Hinton 2015",
        word("W_h = I and the slope of an open ReLU is 1: in {open} of {H} units the gradient "
             "comes back as it is: from step {before} to step 1 its norm changes by {change}. The "
             "other units are shut for good and pass nothing."),
        "pages/Gradient_flow.py", claims.irnn, (("cell", "rnn"),),
    ),
    Preset(
        "forget0", word("LSTM: forget bias 0"), replace(_TWO, forget_bias=0.0),
        "Gers, Schmidhuber and Cummins 2000",
        word("The forget gate stands at {f}, half of the cell state is lost at every step: less "
             "than 1 % is left after {lstm_horizon} steps, in the RNN after {rnn_horizon}. The "
             "architecture alone does not remember."),
        "app.py", claims.lstm(-14, -10, 0.45, 0.55),
    ),
    Preset(
        "forget1", word("LSTM: forget bias 1"), replace(_TWO, forget_bias=1.0),
        "Jozefowicz, Zaremba and Sutskever 2015",
        word("The forget gate stands at {f}: each step back keeps {factor} of the gradient on c on "
             "average, and {lstm} is left at step 1, against {rnn} in the RNN."),
        "app.py", claims.lstm(-9, -5, 0.65, 0.8),
    ),
    Preset(
        "forget3", word("LSTM: forget bias 3"), _TWO,
        "Tallec and Ollivier 2018",
        word("The forget gate stands at {f}: σ(b_f) alone would remember 1 + e^b_f = {tau} steps. "
             "At step 1 {lstm} is left, against {rnn} in the RNN."),
        "pages/Roads.py", claims.lstm(-4, 0, 0.9, 1), (("cell", "lstm"),),
    ),
    Preset(
        "chrono", word("Chrono initialisation"),
        Settings(task="impulse", length=100, cells=("lstm", "gru"), init="chrono"),
        "Tallec and Ollivier 2018",
        word("The biases of the gates that keep are ln U(1, T − 1): the GRU's units would remember "
             "from {least} to {most} steps by their bias, of T = {T}, and at step 1 {left} of the "
             "gradient is left."),
        "pages/Roads.py", claims.chrono, (("cell", "gru"),),
    ),
    Preset(
        "copying_gru", word("GRU that copies (z → 1)"),
        Settings(cells=("gru",), update_bias=6.0), "Cho et al. 2014",
        word("z stands at {z}: h_t is nearly h_(t−1), and of the gradient {left} is left over {T} "
             "steps. What is kept so well is hardly written: no |h| goes beyond {reach}."),
        "pages/Step.py", claims.copying_gru, (("cell", "gru"),),
    ),
    Preset(
        "saturated", word("Saturated gates"),
        Settings(cells=("lstm", "gru"), init="orthogonal", scale=3.0, forget_bias=6.0,
                 update_bias=6.0),
        "Karpathy, Johnson and Li 2015",
        word("{share} % of the forget gate's values lie above {limit}, where its slope f(1 − f) is "
             "below {slope}: of the gradient that arrives at f, {passed} passes on to what sets "
             "it. The gate is open and can hardly be taught to close."),
        "pages/Gradient_flow.py", claims.saturated, (("cell", "lstm"),),
    ),
    Preset(
        "long", word("A long sequence: 500 steps"),
        Settings(task="adding", length=500, hidden_size=32, cells=("rnn", "lstm")),
        "Hochreiter and Schmidhuber 1997",
        word("Over {T} steps the RNN's gradient falls to {rnn} of itself, the LSTM's to {lstm}; "
             "the RNN's loss can teach nothing farther back than some {horizon} steps."),
        "app.py", claims.long,
    ),
    Preset(
        "latch", word("The latch: a unit with two stable states"),
        replace(_IMPULSE, init="identity", hidden_size=1, scale=2.0),
        "Bengio, Simard and Frasconi 1994",
        word("h = tanh({w} h) has two stable states, ±{state}: the impulse chose one, and at step "
             "{T} h is still {end}. The bit is kept, its gradient is not: each step there keeps "
             "{slope} of it, all of them {left}."),
        "pages/Step.py", claims.latch, (("cell", "rnn"),),
    ),
    Preset(
        "sentence", word("A real sentence"),
        Settings(task="sentence", options=(("text", BEST_OF_TIMES),), length=len(BEST_OF_TIMES)),
        "Dickens 1859, A Tale of Two Cities",
        word("Read letter by letter, one loss after the last of {T}. Less than 1 % of the RNN's "
             "gradient is left {horizon} letters back. Of the gradient at the last letter {rnn} "
             "reaches the first in the RNN and {gru} in the GRU; the LSTM's grows {lstm}-fold."),
        "app.py", claims.sentence,
    ),
)  # fmt: skip
