"""A tour: what a recurrent net is, where its gradient goes, what changes that, and what learns.

Each step asks what will be seen, then shows it. `Step.read` finds the answer in the gradient flows
that are on the screen: a step's lesson holds where that is the answer it means to teach.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from rnnviz.experiments import tour_readings as read
from rnnviz.experiments.claims import Flows
from rnnviz.experiments.presets import PRESETS
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.tour_readings import NONE, UNIT, WEEK, Controls, Found, Tell
from rnnviz.words import word

__all__ = ["END", "END_TITLE", "NONE", "TOUR", "UNIT", "WEEK", "Found", "Step"]


@dataclass(frozen=True)
class Step:
    """One step of the tour.

    asks, shows  the settings before and after the answer; the same where nothing is to be hidden
    page         the script of the page
    controls     that page's own controls, ``t`` among them
    anchor       the key of the picture
    room         pixels of it to keep in sight, 0 for all
    look         what to look at; it, ``question`` and ``answers`` have the slots of ``tell``,
                 which reads the cells of ``asks``
    right        the answer that the step teaches
    truth        what is so, with the slots that ``read`` fills, which reads the cells of ``shows``
    """

    title: str
    look: str
    question: str
    answers: tuple[str, ...]
    right: int
    truth: str
    page: str
    anchor: str
    asks: Settings
    shows: Settings
    tell: Tell
    read: Callable[[Flows, Controls], Found]
    controls: tuple[tuple[str, Any], ...] = (("t", 50),)
    room: int = 0

    def holds(self, found: Flows, controls: Controls) -> bool:
        """Whether the arrays say what the step teaches."""
        return self.read(found, controls).answer == self.right


_RNN, _TWO = Settings(cells=("rnn",)), Settings(cells=("rnn", "lstm"))
_LSTM = Settings(cells=("lstm",))
_TURNING = replace(_RNN, init="orthogonal")
_UNTAUGHT = replace(PRESETS["adding_learnt"].settings, update=0)
TOUR: tuple[Step, ...] = (
    Step(
        title=word("What a recurrent net is"),
        look=word(
            "A recurrent net reads a sequence one step at a time: here {T} weeks of stock prices, "
            "from which it is to predict the next week. At every step the same weights make a new "
            "hidden state h, {H} numbers, from the input x of that step and from the state of the "
            "step before. The map shows how unit {unit} of h is made in week {t}."
        ),
        question=word("If the state of the week before had been 0, what would this number be?"),
        answers=(
            word("The same: the prices of the week decide."),
            word("Another one: the past is in it."),
        ),
        right=1,
        truth=word(
            "It is {h}; from the input of step {t} alone it would be {without}. All that an RNN "
            "knows of earlier steps has come this way, through W_h and tanh."
        ),
        page="pages/Step.py", anchor="cell_large", room=250, asks=_RNN, shows=_RNN,
        tell=read.one_unit, read=read.state,
        controls=(("cell", "rnn"), ("unit", UNIT), ("flow", "forward"), ("t", WEEK)),
    ),
    Step(
        title=word("The gradient comes back"),
        look=word(
            "The net has not been trained yet. Its error is measured once, after the last of {T} "
            "weeks, and training changes the weights by the gradient of that error, which goes "
            "back from step to step, right to left. Every step adds its part to that change, and "
            "a step that no gradient reaches adds none. Of the gradient at step {T}, {rnn} reaches "
            "step 1."
        ),
        question=word("Take 50 weeks instead of 10: how much of it will reach step 1?"),
        answers=(
            word("More than 10⁻⁵."),
            word("From 10⁻⁵ to 10⁻⁹."),
            word("Less than 10⁻⁹."),
        ),
        right=2,
        truth=word(
            "{rnn}: the line falls by many powers of ten. Step 1 adds practically nothing to how "
            "this error changes the weights. This is the vanishing gradient."
        ),
        page="app.py", anchor="headline", asks=replace(_RNN, length=10), shows=_RNN,
        tell=read.shares, read=read.vanished,
    ),
    Step(
        title=word("Why: one factor a step"),
        look=word(
            "Each step back multiplies the gradient by tanh′ of that step and by W_h, the same "
            "matrix every time. On this axis of powers of ten the line is nearly straight: the "
            "mean factor a step is {factor}."
        ),
        question=word("How much do ten steps leave on average?"),
        answers=(
            word("About {factor}, as one step does."),
            word("About {tenth}, a tenth of that."),
            word("About {power}, that factor ten times over."),
        ),
        right=2,
        truth=word(
            "About {power}: every step multiplies by {factor} on average. Single stretches of ten "
            "steps leave from {low} to {high}. W_h multiplies by {weights} a step and tanh′ by "
            "{slope}, together by {factor}; taken {back} times this leaves {rnn}."
        ),
        page="pages/Gradient_flow.py", anchor="flow", room=300, asks=_RNN, shows=_RNN,
        tell=read.factor, read=read.ten_steps, controls=(("cell", "rnn"), ("t", 50)),
    ),
    Step(
        title=word("The LSTM, with the same input and the same loss"),
        look=word(
            "Now an LSTM reads the same {T} weeks, with the same loss after the last. Beside h it "
            "has a second state, the cell state c, which is its memory. Gates between 0 and 1 "
            "decide what is kept of it and what is added."
        ),
        question=word("In the RNN {rnn} of the gradient reaches step 1. And in the LSTM, by c?"),
        answers=(
            word("About as little: less than 0.01 %."),
            word("Some of it, but not all."),
            word("All of it."),
        ),
        right=1,
        truth=word(
            "{lstm} of the gradient on c reaches step 1, against {rnn} in the RNN. Step 1 still "
            "has a part in how the error changes the weights."
        ),
        page="app.py", anchor="headline", asks=_RNN, shows=_TWO,
        tell=read.shares, read=read.lstm_keeps,
    ),
    Step(
        title=word("Why: the cell state"),
        look=word(
            "In the RNN every way back leads through W_h and tanh. In the LSTM c runs along the "
            "top of the map from step to step. Follow the gradient back along it, from the right "
            "to the left, to where the forget gate f meets it."
        ),
        question=word("What multiplies the part of the gradient that goes one step back along c?"),
        answers=(
            word("W_h and tanh′, as in the RNN."),
            word("Along c, the forget gate f alone."),
            word("Nothing: it stays as it is."),
        ),
        right=1,
        truth=word(
            "The forget gate f: along c alone it gives a mean factor of {f} a step, which after "
            "{back} steps leaves {kept}. Another part, {through}, went through the gates and W_h "
            "on its way. The two add as vectors: here they make {lstm}, and with other weights "
            "they may add or cancel. In the RNN, with a mean factor of {factor} a step, {rnn} is "
            "left."
        ),
        page="pages/Step.py", anchor="maps", room=490, asks=_TWO, shows=_TWO,
        tell=read.shares, read=read.kept_path,
        controls=(("cell", "lstm"), ("flow", "back"), ("t", 50)),
    ),
    Step(
        title=word("The forget gate must be open"),
        look=word(
            "How far the forget gate is open before any training is decided by one number, the "
            "forget bias b_f. So far it was 3: along c, f multiplies by {f} a step, and {lstm} of "
            "the gradient reaches step 1."
        ),
        question=word("Set b_f to 0, so that f is about one half. How much reaches step 1 then?"),
        answers=(
            word("More than 10⁻⁴."),
            word("From 10⁻⁴ to 10⁻⁹."),
            word("Less than 10⁻⁹."),
        ),
        right=2,
        truth=word(
            "{lstm}: it vanishes in the LSTM, too. In the RNN it is {rnn}. Along c, f multiplies "
            "by {f} a step now, and after {back} steps {kept} is left along c alone; the rest went "
            "through the gates and W_h. A cell state is not enough: the forget gate must be open."
        ),
        page="app.py", anchor="headline", asks=_TWO, shows=replace(_TWO, forget_bias=0.0),
        tell=read.opened, read=read.shut,
    ),
    Step(
        title=word("The GRU"),
        look=word(
            "With b_f back at 3, {lstm} of the gradient reaches step 1 in the LSTM. A GRU has no "
            "cell state: its memory is h itself, and one update gate z decides how much of the old "
            "h is kept and how much of the new one is written. Its bias b_z is 3, too."
        ),
        question=word("How much of the gradient reaches step 1 in the GRU?"),
        answers=(
            word("About as little as in the RNN."),
            word("About as much as in the LSTM."),
            word("All of it."),
        ),
        right=1,
        truth=word(
            "{gru}, against {lstm} in the LSTM and {rnn} in the RNN: z is {z} on average. One gate "
            "does what two do in the LSTM; what both share is a state that is mostly kept. These "
            "are nets of one seed: with others the order of LSTM and GRU can change."
        ),
        page="app.py", anchor="headline", asks=_TWO, shows=Settings(),
        tell=read.shares, read=read.gru_keeps,
    ),
    Step(
        title=word("The other way: exploding"),
        look=word(
            "A factor above 1 does the opposite. One gradient far too large throws all weights "
            "off, so it is clipped: if the norm of all gradients together is above θ, it is scaled "
            "down to θ. Here W_h only rotates, and {rnn} of the gradient reaches step 1."
        ),
        question=word(
            "Multiply W_h by 2. What becomes of the gradient on its way back, and what will "
            "clipping do to it?"
        ),
        answers=(
            word("It still shrinks."),
            word("It grows; clipping scales it down and keeps its direction."),
            word("It grows; clipping changes its direction."),
        ),
        right=1,
        truth=word(
            "Step 1 receives {times} times the gradient of step {T}. Clipping scales the norm of "
            "all gradients from {before} to {after}; the cosine between before and after is "
            "{cosine}. It does not help against vanishing: it makes nothing larger."
        ),
        page="pages/Cuts.py", anchor="clipping", room=400, asks=_TURNING,
        shows=replace(_TURNING, scale=2.0), tell=read.shares, read=read.clipped,
        controls=(("cell", "rnn"), ("clip", "norm"), ("theta", 0.0), ("t", 50)),
    ),
    Step(
        title=word("Truncation"),
        look=word(
            "Long sequences are often cut for training: after every k steps the state is kept, "
            "but no gradient goes back. In this LSTM {lstm} of the gradient would reach step 1 "
            "without a cut. Now it is cut every {k} steps."
        ),
        question=word("Which steps does the loss at step {T} still reach?"),
        answers=(
            word("Step {T} alone."),
            word("The steps from {first} on."),
            word("All of them, with less gradient."),
        ),
        right=1,
        truth=word(
            "The steps {reached} to {T}; before them the gradient is exactly 0. The cuts change "
            "∂L/∂{weights} most, by {lost} of its norm."
        ),
        page="pages/Cuts.py", anchor="truncated", room=300, asks=_LSTM, shows=_LSTM,
        tell=read.window, read=read.cut, controls=(("cell", "lstm"), ("k", 10), ("t", 50)),
    ),
    Step(
        title=word("What training makes of it"),
        look=word(
            "So far no net was trained. Here nets are, on a stream of ±1 whose right answer is "
            "always the input {d} steps ago. They are trained in windows of k = {k} steps: no "
            "gradient passes from one window to the one before."
        ),
        question=word("From how many losses does a gradient get back to the input that is their "
                      "right answer?"),
        answers=(
            word("From all of them."),
            word("From some of them."),
            word("From none of them."),
        ),
        right=2,
        truth=word(
            "From {share} % of the losses; in windows of {twice} steps from {more} %. Weights "
            "before the cut get no gradient from a loss after it. A net can still succeed if its "
            "state happens to carry the input that far. The charts below show the errors in "
            "training; guessing gives {floor}."
        ),
        page="pages/Training.py", anchor="training_windows", asks=_RNN, shows=_RNN,
        tell=read.windows, read=read.reaching,
        controls=(("tab", "windows"), ("cell", "rnn"), ("lag", 10), ("win", 5), ("t", 50)),
    ),
    Step(
        title=word("Which cell learns it?"),
        look=word(
            "Another task: of {T} random numbers two are marked, and after the last one the net is "
            "to answer with their sum. Always answering 1 has a mean squared error of {naive}. "
            "These nets are not trained yet: of the gradient at step {T}, {rnn} reaches step 1 in "
            "the RNN, {lstm} in the LSTM, {gru} in the GRU. Then all three get the same 300 "
            "updates, on the same new sequences."
        ),
        question=word("Which of them will bring the error below a tenth of that?"),
        answers=(
            word("All three."),
            word("The LSTM and the GRU, but not the RNN."),
            word("None of them."),
        ),
        right=1,
        truth=word(
            "On sequences that they have not seen the error is {lstm_cost} in the LSTM, {gru_cost} "
            "in the GRU and {rnn_cost} in the RNN. Now step 1 receives {lstm_times} times the "
            "gradient of step {T} in the LSTM, {gru_times} times in the GRU and {rnn_times} times "
            "in the RNN; the thin lines are from before training. Another seed or task can come "
            "out otherwise: try some on the page Training."
        ),
        page="app.py", anchor="headline", asks=_UNTAUGHT, shows=replace(_UNTAUGHT, update=300),
        tell=read.before_adding, read=read.added, controls=(("t", 30),),
    ),
)  # fmt: skip
END_TITLE = word("What to take along, and what to try next")
END = word(
    "Each step back multiplies the gradient by a factor, and factors below 1 leave little of it "
    "after many steps. In the LSTM and the GRU a gate sets the factor along the memory state: "
    "open, much of the gradient gets through; half shut, it vanishes there, too."
)
RESTORED = word("All settings are again as they were before the tour.")
"""Said on the closing card where that was done."""
