"""Settings in one line of words."""

from __future__ import annotations

from typing import Any

from rnnviz.cells import CELLS, short_name
from rnnviz.experiments.opened_example import sequence_words
from rnnviz.experiments.settings_values import Values
from rnnviz.experiments.updates_made import made_by_each, updates_made
from rnnviz.words import Sentence, sentence, word

INITS = {
    "pytorch": word("PyTorch's default, U(±1/√H)"),
    "glorot": word("Glorot uniform"),
    "orthogonal": word("Orthogonal W_h"),
    "identity": word("Identity W_h"),
    "chrono": word("Chrono, biases for a range of times"),
    "keras": word("Keras's defaults"),
}
"""Scheme of initialisation → its name, the same in the menu and in captions."""


def in_words(of: Values, steps: int) -> Sentence:
    """The settings in one line, for captions; their sequence has so many ``steps``."""
    found = _nets(of, steps)
    held = [one for one in of.hold if one[0] in of.cells]
    if shown := ", ".join(f"{short_name(cell)}.{gate} = {value:g}"
                          for cell, gate, value in held):  # fmt: skip
        found = sentence("{settings}, held: {gates}", settings=found, gates=shown)
    count = sum(one.cell in of.cells for one in of.edits)
    if not count:
        return found
    return sentence(
        word("{settings}, {n} weight edited") if count == 1
        else word("{settings}, {n} weights edited"), settings=found, n=count,
    )  # fmt: skip


def _nets(of: Values, steps: int) -> Sentence:
    """The sequence, and what the nets' weights are."""
    slots: dict[str, Any] = {
        "task": sequence_words(of.net, of.sequence, of.task), "T": steps,
        "H": of.hidden_size, "seed": of.seed,
    }  # fmt: skip
    if of.net is not None:
        return _opened_net(of, slots)
    if of.trained is not None:
        slots |= {"plan": of.trained.words, "updates": updates_made(of.update)}
        if (each := updates_of_each(of)) is not None:
            return sentence("{task}, T = {T}, H = {H}, seed {seed}, trained on {plan}, "
                            "shown after updates: {each}", each=each, **slots)  # fmt: skip
        return sentence("{task}, T = {T}, H = {H}, seed {seed}, trained on {plan} for "
                        "{updates}", **slots)  # fmt: skip
    template = (
        word("{task}, T = {T}, H = {H}, seed {seed}, initialisation “{init}”, gain {scale:g}")
        if of.scaling == "gain"
        else word(
            "{task}, T = {T}, H = {H}, seed {seed}, initialisation “{init}”, ρ(W_h) {scale:g}"
        )
    )
    return sentence(template, init=sentence(INITS[of.init]), scale=of.scale, **slots)


def updates_of_each(of: Values) -> Sentence | None:
    """Each trained net's own update; None where all are shown after the same number."""
    if of.trained is None:
        return None
    cells = {cell: of.options_of(cell) for cell in of.cells}
    return made_by_each(of.trained, of.update, cells)


def _opened_net(of: Values, slots: dict[str, Any]) -> Sentence:
    """The opened net, what it reads, and what the other cells are."""
    assert of.net is not None
    found = sentence("{net} on {task}, T = {T}, H = {H}", net=of.net.title, **{
        name: slots[name] for name in ("task", "T", "H")})  # fmt: skip
    if of.net.in_parts and of.in_parts:
        found = sentence("{settings}, layer {layer}, {direction}", settings=found,
                         layer=of.net.layer + 1, direction=sentence(of.net.direction))
    others = [sentence(CELLS[one].title) for one in of.cells if one != of.net.cell]
    if not others:
        return found
    return sentence("{settings}; fresh nets of the same sizes, seed {seed}: {cells}",
                    settings=found, seed=of.seed, cells=", ".join(others))
