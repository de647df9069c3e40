"""The nets in a set of named arrays, as .npz and .safetensors files hold them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rnnviz.core.model import Model
from rnnviz.formats import own_form, torch_heads
from rnnviz.formats.float_arrays import NoFloats, weights
from rnnviz.formats.found import Contents, Net, Question, about
from rnnviz.formats.labels import Labels
from rnnviz.formats.sizes import check_sizes
from rnnviz.formats.torch_names import Group, grouped, stacked
from rnnviz.formats.torch_stacks import Stack, stack_of
from rnnviz.formats.torch_state import NONLINEARITIES
from rnnviz.numerics.arrays import Array
from rnnviz.words import Refusal, Sentence, sentence, word

Stored = Array | NoFloats
NONLINEARITY = Question(
    "nonlinearity", word("Which function does the RNN apply?"), NONLINEARITIES, "tanh"
)
SOFTMAX = Question(
    "softmax", word("Are the outputs scores of classes, for a softmax?"), (False, True), False
)


def contents(arrays: Mapping[str, Stored], form: str | None, named: Labels) -> Contents:
    """The nets: `rnnviz.save`'s, where ``form`` describes it, else those under PyTorch's names.

    Labels go to the nets that they fit.

    Raises `Refusal` where no net can be read. Where some can, notes tell what is wrong with others.
    """
    if form is not None:
        return Contents((own_form.net(arrays, form, named),), named.left())
    if not arrays:
        raise Refusal("It holds no recurrent net.")
    groups, rest = grouped(arrays)
    if not groups:
        raise Refusal(
            "There is no recurrent net under PyTorch's names (weight_ih_l0, weight_hh_l0 …) among "
            "its {n} arrays, {names}; in code, rnnviz.from_arrays takes any arrays and rnnviz.save "
            "writes a file that opens.", n=len(arrays), names=listed(arrays),
        )  # fmt: skip
    nets, refused, left = [], [], dict(rest)
    for group in (*stacked(groups).values(), *groups.values()):
        try:
            nets.append(_net(group, arrays, rest, left, named))
        except Refusal as refusal:
            refused += [] if group.parts else [refusal]
    if not nets:
        raise refused[0]
    notes = [one.words for one in refused]
    if left:
        notes.append(sentence(
            "Other layers are left out, wherever they stand in the net: {names}.",
            names=listed(left),
        ))  # fmt: skip
    return Contents(tuple(nets), (*notes, *named.left()))


def listed(names: Mapping[str, Any], most: int = 5) -> str:
    """The first names, each shortened, and an ellipsis where there are more."""
    shown = [name if len(name) <= 60 else f"{name[:59]}…" for name in list(names)[:most]]
    return ", ".join(shown) + (" …" if len(names) > most else "")


def _net(
    group: Group, arrays: Mapping[str, Stored], rest: Mapping[str, Stored],
    left: dict[str, Stored], named: Labels,
) -> Net:  # fmt: skip
    """The net of a group; what it takes of the rest is no longer in ``left``."""
    stack = stack_of(group, arrays)
    check_sizes(stack.input_size, stack.hidden_size, stack.layers)
    linears = torch_heads.linears(rest, stack.width)
    questions = (NONLINEARITY,) if stack.kind == "rnn" else ()
    if linears:
        names, likely = (*linears, ""), torch_heads.usual(linears, rest)
        asked = word("Which layer turns the hidden state into the outputs?")
        questions = (*questions, Question("readout", asked, names, likely), SOFTMAX)

    def make(nonlinearity: str = "tanh", readout: str = "", softmax: bool = False) -> Model:
        keys = linears.get(readout)
        head = torch_heads.readout(rest, keys, softmax) if keys else None
        return stack.model(nonlinearity, head)

    embeds = torch_heads.embedding(rest, stack.input_size)
    for key in [embeds, *(key for keys in linears.values() for key in keys)]:
        left.pop(key or "", None)
    vectors = None if embeds is None else weights(embeds, rest[embeds], 2)
    inputs, outputs = named.of(
        stack.input_size if vectors is None else len(vectors),
        {rest[key].shape[0] for key, _ in linears.values()},
    )
    cell = stack.cell("tanh")
    said = about(cell.title, stack.input_size, stack.hidden_size, stack.layers, stack.sides)
    return Net(
        group.prefix.rstrip("."), said, make, questions,
        input_labels=inputs, embedding=vectors, output_labels=outputs, assumptions=_assumed(stack),
    )  # fmt: skip


def _assumed(stack: Stack) -> tuple[Sentence, ...]:
    found = []
    if stack.group.parts:
        found.append(sentence(
            "These nets are taken for a stack, each reading what the one before gives: {names}.",
            names=", ".join(stack.group.parts),
        ))  # fmt: skip
    if stack.kind == "gru":
        found.append(
            sentence("The reset gate acts after the recurrent product, as in PyTorch's GRU.")
        )
    return tuple(found)
