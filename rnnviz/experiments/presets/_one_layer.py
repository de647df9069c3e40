"""Presets whose claim is about the gradient flow of one layer."""

from __future__ import annotations

from dataclasses import replace

from rnnviz.experiments.presets import _one_layer_claims as claims
from rnnviz.experiments.presets._preset import Preset, Topic
from rnnviz.experiments.settings import Settings
from rnnviz.words import word

BEST_OF_TIMES = "It was the best of times, it was the worst of times"

_IMPULSE = Settings(task="impulse", cells=("rnn",))
_TWO = Settings(cells=("rnn", "lstm"))
ONE_LAYER = (
    Preset(
        "stocks", Topic.DATA, word("Real stock prices"), Settings(),
        "plotly.data.stocks: GOOG, AAPL, AMZN, FB, NFLX, MSFT, 2018–2019",
        word("One loss after the last week. Of its gradient on the memory state, {rnn} reaches "
             "the first week in the RNN, {lstm} in the LSTM and {gru} in the GRU. In the RNN "
             "less than 1 % is left {horizon} weeks back."),
        "app.py", claims.stocks,
    ),
    Preset(
        "vanishing", Topic.VANISHING, word("RNN: the gradient vanishes"), _IMPULSE,
        "Hochreiter 1991; Bengio, Simard and Frasconi 1994",
        word("One impulse, then silence: each step back multiplies the gradient by W_h and "
             "tanh′. The mean factor a step is {factor}: less than 1 % is left {horizon} steps "
             "back, and {left} reaches step 1."),
        "pages/Gradient_flow.py", claims.vanishing, (("cell", "rnn"),),
    ),
    Preset(
        "exploding", Topic.EXPLODING, word("Gradient explodes (ρ > 1)"),
        replace(_IMPULSE, init="orthogonal", scaling="radius", scale=1.5, length=100,
                hidden_size=32, cells=Settings().cells),
        "Pascanu, Mikolov and Bengio 2013",
        word("The spectral radius of W_h is {rho}, and tanh′ takes back only part of that: the "
             "mean factor a step is {factor}, and step 1 receives {times} times the RNN's "
             "gradient of step {T}. In the LSTM step 1 receives {lstm} times, in the GRU {gru} "
             "times. See what clipping does to it."),
        "pages/Cuts.py", claims.exploding, (("cell", "rnn"),),
    ),
    Preset(
        "orthogonal", Topic.VANISHING, word("RNN: orthogonal W_h"),
        replace(_IMPULSE, init="orthogonal"),
        "Saxe, McClelland and Ganguli 2014; Arjovsky, Shah and Bengio 2016",
        word("W_h is orthogonal: its singular values are 1 to within {error}, so it rotates the "
             "gradient and does not change its norm. The shrinking comes from tanh′ alone: "
             "{left} reaches step 1."),
        "pages/Spectrum.py", claims.orthogonal, (("cell", "rnn"),),
    ),
    Preset(
        "irnn", Topic.VANISHING, word("RNN: identity W_h with ReLU"),
        replace(_IMPULSE, init="identity", cell_options=(("nonlinearity", "relu"),)),
        "Le, Jaitly and Hinton 2015",
        word("W_h = I, and the derivative of an active ReLU is 1: {open} of {H} units are active "
             "at every step, and from step {before} back to step 1 the norm of the gradient "
             "changes by {change}. The other units stay at 0 and pass no gradient."),
        "pages/Gradient_flow.py", claims.irnn, (("cell", "rnn"),),
    ),
    Preset(
        "forget0", Topic.GATES, word("LSTM: forget bias 0"), replace(_TWO, forget_bias=0.0),
        "Gers, Schmidhuber and Cummins 2000",
        word("The forget gate stands at {f}, so half of the cell state is lost at every step. "
             "Less than 1 % of the gradient is left {lstm_horizon} steps back in the LSTM, "
             "{rnn_horizon} in the RNN. The architecture alone does not remember."),
        "app.py", claims.lstm(-14, -10, 0.45, 0.55),
    ),
    Preset(
        "forget1", Topic.GATES, word("LSTM: forget bias 1"), replace(_TWO, forget_bias=1.0),
        "Jozefowicz, Zaremba and Sutskever 2015",
        word("The forget gate stands at {f} on average: {lstm} of the gradient on the cell state "
             "reaches step 1, against {rnn} in the RNN."),
        "app.py", claims.lstm(-9, -5, 0.65, 0.8),
    ),
    Preset(
        "forget3", Topic.GATES, word("LSTM: forget bias 3"), _TWO,
        "Tallec and Ollivier 2018",
        word("The forget gate stands at {f} on average; σ(b_f) alone would remember 1 + e^b_f = "
             "{tau} steps. {lstm} of the gradient on the cell state reaches step 1, against "
             "{rnn} in the RNN."),
        "pages/Roads.py", claims.lstm(-4, 0, 0.9, 1), (("cell", "lstm"),),
    ),
    Preset(
        "chrono", Topic.GATES, word("Chrono initialisation"),
        Settings(task="impulse", length=100, cells=("lstm", "gru"), init="chrono"),
        "Tallec and Ollivier 2018",
        word("The biases of the gates that keep are drawn as ln U(1, T − 1): by its bias alone, "
             "each unit of the GRU would remember from {least} to {most} steps, for T = {T}. "
             "{left} of the gradient reaches step 1."),
        "pages/Roads.py", claims.chrono, (("cell", "gru"),),
    ),
    Preset(
        "copying_gru", Topic.GATES, word("GRU that copies (z → 1)"),
        Settings(cells=("gru",), update_bias=6.0), "Cho et al. 2014",
        word("z stands at {z}, so h_t is nearly h_(t−1): {left} of the gradient is left after "
             "{T} steps. Little is written, too: no |h| goes beyond {reach}."),
        "pages/Step.py", claims.copying_gru, (("cell", "gru"),),
    ),
    Preset(
        "saturated", Topic.GATES, word("Saturated gates"),
        Settings(cells=("lstm", "gru"), init="orthogonal", scale=3.0, forget_bias=6.0,
                 update_bias=6.0),
        "Karpathy, Johnson and Li 2015",
        word("{share} % of the forget gate's values lie above {limit}, where the derivative f(1 "
             "− f) is below {slope}: of the gradient that arrives at f, {passed} passes on to "
             "the weights that set it. The gate is open, and training closes it only slowly."),
        "pages/Units.py", claims.saturated, (("cell", "lstm"),),
    ),
    Preset(
        "long", Topic.DATA, word("A long sequence: 500 steps"),
        Settings(task="adding", length=500, hidden_size=32, cells=("rnn", "lstm")),
        "Hochreiter and Schmidhuber 1997",
        word("Over {T} steps {rnn} of the gradient is left in the RNN, {lstm} in the LSTM. In "
             "the RNN less than 1 % is left {horizon} steps back."),
        "app.py", claims.long,
    ),
    Preset(
        "latch", Topic.VANISHING, word("Latch: two stable states"),
        replace(_IMPULSE, init="identity", hidden_size=1, scale=2.0),
        "Bengio, Simard and Frasconi 1994",
        word("h = tanh({w} h) has two stable states, ±{state}. The impulse chose one, and at "
             "step {T} h is still {end}: the bit is kept. Its gradient is not: each step there "
             "multiplies it by {slope}, and {left} reaches step 1."),
        "pages/Step.py", claims.latch, (("cell", "rnn"),),
    ),
    Preset(
        "sentence", Topic.DATA, word("A real sentence"),
        Settings(task="sentence", options=(("text", BEST_OF_TIMES),), length=len(BEST_OF_TIMES)),
        "Dickens 1859, A Tale of Two Cities",
        word("Read letter by letter, one loss after the last of {T}. The first letter receives "
             "{lstm} times the gradient of the last in the LSTM, {gru} times in the GRU, {rnn} "
             "times in the RNN, where less than 1 % is left {horizon} letters back."),
        "app.py", claims.sentence,
    ),
)  # fmt: skip
