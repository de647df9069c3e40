"""The names of a PyTorch state_dict: which recurrent nets it holds, and what else.

``weight_ih_l{k}[_reverse]`` is layer k of an nn.RNN, nn.LSTM or nn.GRU, ``weight_ih`` is an
nn.RNNCell and the like; what stands before is the path of the module, its prefix.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rnnviz.numerics.validation import shown
from rnnviz.words import Refusal

KEY = re.compile(
    r"(?P<prefix>(?:.*\.)?)(?P<name>weight_ih|weight_hh|weight_hr|bias_ih|bias_hh)"
    r"(?:_l(?P<layer>0|[1-9][0-9]{0,3})(?P<reverse>_reverse)?)?"
)
ALMOST = re.compile(r"(?:.*\.)?(?:weight|bias)_(?:ih|hh|hr).*")
COMPUTED = re.compile(
    r"(?:.*\.)?(?:parametrizations\.)?(?P<matrix>(?:weight|bias)_(?:ih|hh|hr)(?:_l[0-9]+)?"
    r"(?:_reverse)?)(?:\.original[01]?|_g|_v|_raw|_orig|\.0\..*)"
)
"""What is left of a matrix under weight_norm, spectral_norm, pruning or WeightDrop."""
Place = tuple[int, int]


@dataclass
class Group:
    """The arrays of one recurrent net: (layer, side) → name without its ending → key.

    ``parts`` are the prefixes of the nets that it was put together from, if it was.
    """

    prefix: str
    keys: dict[Place, dict[str, str]] = field(default_factory=dict)
    parts: tuple[str, ...] = ()

    def ending(self, place: Place) -> str:
        """What PyTorch adds to the names of a place; a cell's names have no ending."""
        first = self.keys.get((0, 0), {})
        if any(not re.search(r"_l\d+(_reverse)?$", key) for key in first.values()):
            return ""
        return f"_l{place[0]}" + ("_reverse" if place[1] else "")

    def key(self, name: str, place: Place) -> str:
        """The key that an array has, or would have."""
        there = self.keys.get(place, {}).get(name)
        return there or self.prefix + name + self.ending(place)


def grouped(state: Mapping[Any, Any]) -> tuple[dict[str, Group], dict[str, Any]]:
    """The recurrent nets by prefix, and the rest of the arrays by name.

    Raises `Refusal` where a name tells of a recurrent net but not which array it is.
    """
    groups: dict[str, Group] = {}
    rest: dict[str, Any] = {}
    for key, value in state.items():
        match = KEY.fullmatch(str(key))
        if match is None:
            _refuse_almost(str(key))
            rest[str(key)] = value
            continue
        group = groups.setdefault(match["prefix"], Group(match["prefix"]))
        place = int(match["layer"] or 0), int(bool(match["reverse"]))
        names = group.keys.setdefault(place, {})
        if match["name"] in names:
            raise Refusal(
                "`{key}` and `{other}` are both there: one of them is too many.",
                key=key, other=names[match["name"]],
            )  # fmt: skip
        names[match["name"]] = str(key)
    return groups, rest


def stacked(groups: Mapping[str, Group]) -> dict[str, Group]:
    """Nets whose prefixes differ by a number alone (cells.0, cells.1; lstm1, lstm2), as one stack.

    Whether they fit on top of each other their shapes tell: `stack_of` refuses what does not.
    """
    families: dict[str, list[tuple[int, Group]]] = {}
    for prefix, group in groups.items():
        match = re.fullmatch(r"(.*?)([0-9]{1,4})\.", prefix)
        if match and match[1]:
            families.setdefault(match[1].rstrip("._") + ".", []).append((int(match[2]), group))
    found = {}
    for name, members in families.items():
        numbers = sorted(number for number, _ in members)
        whole = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        if len(numbers) > 1 and whole and name not in groups:
            found[name] = _joined(name, [one for _, one in sorted(members, key=lambda m: m[0])])
    return found


def _joined(name: str, groups: list[Group]) -> Group:
    joined = Group(name, parts=tuple(one.prefix.rstrip(".") for one in groups))
    for group in groups:
        first = 1 + max((layer for layer, _ in joined.keys), default=-1)
        for (layer, side), keys in group.keys.items():
            joined.keys[first + layer, side] = keys
    return joined


def _refuse_almost(key: str) -> None:
    computed = COMPUTED.fullmatch(key)
    if computed:
        raise Refusal(
            "`{key}` is not `{matrix}` itself but a part that it is computed from (weight_norm, "
            "spectral_norm or another parametrization): before saving, call "
            "torch.nn.utils.parametrize.remove_parametrizations(module, '{matrix}') or "
            "torch.nn.utils.remove_weight_norm(module, '{matrix}').",
            key=key, matrix=computed["matrix"],
        )  # fmt: skip
    if ALMOST.fullmatch(key):
        raise Refusal(
            "`{key}` is no name that PyTorch gives: weight_ih_l0, weight_hh_l0, bias_ih_l0, "
            "bias_hh_l0, with _reverse for the second direction, or without _l0 for a cell.",
            key=key,
        )  # fmt: skip


def chosen(groups: Mapping[str, Group], prefix: str | None) -> Group:
    """The group of that prefix, with or without its last dot; without a prefix the only one.

    Raises `Refusal` listing the prefixes.
    """
    if prefix is not None:
        dotted = f"{prefix.rstrip('.')}." if prefix else ""
        if dotted in groups:
            return groups[dotted]
        below = [one for name, one in groups.items() if name.startswith(dotted)]
    else:
        below = list(groups.values())
    if len(below) == 1:
        return below[0]
    names = ", ".join(repr(name.rstrip(".")) for name in groups)
    raise Refusal(
        "`prefix` must name one of the recurrent nets, {names}, got {got}.",
        names=names, got=shown(prefix),
    )  # fmt: skip
