"""What an own cell can start from: cells of papers that the menus do not have, and copies."""

from __future__ import annotations

from typing import NamedTuple

from rnnviz.cells import CELLS, paper_form
from rnnviz.words import say, word


class Suggestion(NamedTuple):
    """A cell to start from: its title, its equations, and what is worth knowing of it."""

    title: str
    text: str
    about: str = ""


GATED = """z = σ(x Wz + h Uz + bz)
{candidate}
h = z ⊙ h + (1 − z) ⊙ g"""
SUGGESTIONS = {
    "li_gru": Suggestion("Li-GRU", GATED.format(candidate="g = relu(x Wg + h Ug + bg)"), word(
        "The light GRU of Ravanelli et al. (2018): no reset gate, a ReLU candidate."
    )),
    "ugrnn": Suggestion("UGRNN", "g = σ(x Wg + h Ug + bg)\ns = tanh(x Ws + h Us + bs)\n"
                        "h = g ⊙ h + (1 − g) ⊙ s", word(
        "The update gate RNN of Collins, Sohl-Dickstein and Sussillo (2017): one gate, g."
    )),
    "fastgrnn": Suggestion("FastGRNN", "a = x W + h U + b\nz = σ(a + bz)\ng = tanh(a)\n"
                           "h = z ⊙ h + (0.73 (1 − z) + 0.02) ⊙ g", word(
        "The FastGRNN of Kusupati et al. (2018): gate and candidate share their matrices; the "
        "gate's bias is b + bz. Its two scalars ζ and ν, which are learnt in the paper, are "
        "numbers here, 0.73 and 0.02: change them."
    )),
    "nog": Suggestion(word("LSTM without output gate"), "i = σ(x Wi + h Ui + bi)\n"
                      "f = σ(x Wf + h Uf + bf)\ng = tanh(x Wg + h Ug + bg)\n"
                      "c = f ⊙ c + i ⊙ g\nh = tanh(c)", word(
        "The variant NOG of Greff et al. (2017): all of tanh(c) is shown."
    )),
}  # fmt: skip
COPY = "copy:"


def starts() -> tuple[str, ...]:
    """What the menu offers: the suggestions, then a copy of every cell."""
    return (*SUGGESTIONS, *(f"{COPY}{name}" for name in CELLS))


def start_of(key: str) -> Suggestion:
    """The equations to start from."""
    if key in SUGGESTIONS:
        return SUGGESTIONS[key]
    kind = CELLS[key.removeprefix(COPY)]
    return Suggestion(f"{kind.title} (2)", paper_form(kind()))


def words(key: str) -> str:
    """A start as the menu has it."""
    if key in SUGGESTIONS:
        return say(SUGGESTIONS[key].title)
    return say("a copy of {cell}", cell=say(CELLS[key.removeprefix(COPY)].title))


def only_named(text: str, title: str) -> bool:
    """Whether a title is that of something to start from, while the equations are others."""
    named = [one for one in map(start_of, starts()) if title in (one.title, say(one.title))]
    return bool(named) and all(one.text.split() != text.split() for one in named)


def about(text: str) -> str | None:
    """What is worth knowing of a suggestion, where these are its equations."""
    return next((one.about for one in SUGGESTIONS.values() if one.text == text.strip()), None)
