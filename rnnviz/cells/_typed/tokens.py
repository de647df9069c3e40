"""Typed equations as tokens: names with their subscripts read, operators in one form each.

`h_prev`, `h_{t-1}`, `h_t−1`, `hₜ₋₁` and `h[t-1]` are the past of h; `z_t` and `zₜ` are z; `W_z`,
`W_{z}` and `Wz` are one name. LaTeX's `\\sigma`, `\\odot` and the like are the signs that they
stand for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from rnnviz.cells._typed.misprint import Misprint, Place
from rnnviz.words import word

MOST_CHARACTERS, MOST_LINES, MOST_TOKENS, LONGEST_NAME = 1500, 40, 400, 16
SIGNS = {
    **dict.fromkeys("-−–‒—", "-"), **dict.fromkeys("*·×⋅∗•", "*"), **dict.fromkeys("⊙∘◦⊗", "⊙"),
    **dict.fromkeys("/÷", "/"), **dict.fromkeys("=←", "="), **dict.fromkeys("([", "("),
    **dict.fromkeys(")]", ")"), "+": "+", "@": "@", ";": ";",
}  # fmt: skip
COMMANDS = {"odot": "⊙", "circ": "⊙", "otimes": "⊙", "cdot": "*", "times": "*", "left": "",
            "right": ""}  # fmt: skip
"""What LaTeX's commands stand for, where they are no names."""
LOWERED = {**{chr(0x2080 + k): str(k) for k in range(10)},
           **dict(zip("₊₋ₐₑₒₓₕₖₗₘₙₚₛₜᵢᵣᵤᵥⱼ", "+-aeoxhklmnpstiruvj", strict=True))}  # fmt: skip
"""Subscripts that are characters of their own."""
PAST = re.compile(r"t-1|prev|old")
_NUMBER = re.compile(r"(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2}(?!\w))?")
_AT = re.compile(r"[\[(]\s*t\s*([-−–]\s*1\s*)?[\])]")


class Token(NamedTuple):
    """A name, a number, a sign or the end of an equation.

    kind  "name", "number", "end", or the sign itself
    text  of a name: without its t
    past  whether a name is that of one step before
    """

    kind: str
    text: str
    at: Place
    past: bool = False


def tokens(text: str) -> Iterator[list[Token]]:
    """The equations of a text, each as its tokens with an "end" as the last."""
    lines, count = text.splitlines(), 0
    if len(text) > MOST_CHARACTERS:
        raise Misprint(word("the equations have at most {most} characters, not {count}."),
                       at=Place(1, 1), most=MOST_CHARACTERS, count=len(text))  # fmt: skip
    if len(lines) > MOST_LINES:
        raise Misprint(word("there are at most {most} lines."), at=Place(MOST_LINES + 1, 1),
                       most=MOST_LINES)  # fmt: skip
    for number, line in enumerate(lines, 1):
        found: list[Token] = []
        for token in _of_line(line, number):
            count += 1
            if count > MOST_TOKENS:
                raise Misprint(word("the equations have at most {most} names and signs."),
                               at=token.at, most=MOST_TOKENS)  # fmt: skip
            if token.kind != ";":
                found.append(token)
            elif found:
                yield [*found, token._replace(kind="end")]
                found = []
        if found:
            yield [*found, Token("end", "", Place(number, len(line.rstrip()) + 1))]


def _of_line(line: str, number: int) -> Iterator[Token]:
    k = 0
    while k < len(line):
        sign, at = line[k], Place(number, k + 1)
        if sign.isspace():
            k += 1
        elif sign == "#":
            return
        elif sign in SIGNS or line.startswith(":=", k):
            k += 1 + (sign == ":")
            yield Token("=" if sign == ":" else SIGNS[sign], sign, at)
        elif (whole := _NUMBER.match(line, k)) is not None:
            if len(whole[0]) > LONGEST_NAME:
                raise Misprint(word("a number has at most {most} characters."), at=at,
                               most=LONGEST_NAME)  # fmt: skip
            k = whole.end()
            yield Token("number", whole[0], at)
        elif sign.isalpha() and sign not in LOWERED:
            k, token = _name(line, k, at)
            yield token
        elif sign == "\\" and line[k + 1 : k + 2].isalpha():
            k, token = _name(line, k + 1, at)
            if token.text not in COMMANDS:
                yield token
            elif COMMANDS[token.text]:
                yield Token(COMMANDS[token.text], token.text, at)
        elif sign == ",":
            raise Misprint(word("a comma cannot be read: in place of W [h, x] write x W + h U."),
                           at=at)  # fmt: skip
        elif sign in "^²³":
            raise Misprint(word("a power cannot be read: write the product, such as h ⊙ h."), at=at)
        else:
            shown = sign if sign.isprintable() else f"U+{ord(sign):04X}"
            raise Misprint(word("the character {sign} cannot be read."), at=at, sign=shown)


def _name(line: str, start: int, at: Place) -> tuple[int, Token]:
    """A name with its subscripts, and where it ends."""
    k = start
    while k < len(line) and line[k] not in LOWERED and _letter(line[k]):
        k += 1
    parts, past = [unicodedata.normalize("NFC", line[start:k])], False
    while k < len(line) and (line[k] == "_" or line[k] in LOWERED):
        k, below = _below(line, k, at)
        for one in filter(None, re.split(r"[,\s]+", below)):
            past = past or bool(PAST.fullmatch(one))
            parts += [one] if one != "t" and not PAST.fullmatch(one) else []
    index = _AT.match(line, k)
    if index is not None:
        k, past = index.end(), past or index[1] is not None
    text = "".join(parts)
    if len(text) > LONGEST_NAME:
        raise Misprint(word("a name has at most {most} characters."), at=at, most=LONGEST_NAME)
    if not all(_letter(one) for one in text):
        raise Misprint(word("the subscript of {name} cannot be read."), at=at, name=parts[0])
    return k, Token("name", text, at, past)


def _letter(sign: str) -> bool:
    return sign.isalpha() or sign.isdecimal() or 0x300 <= ord(sign) < 0x370


def _below(line: str, k: int, at: Place) -> tuple[int, str]:
    """A subscript from its sign on, with a plain minus, and where it ends."""
    start = k
    if line[k] in LOWERED:
        while k < len(line) and line[k] in LOWERED:
            k += 1
        return k, "".join(LOWERED[one] for one in line[start:k])
    k += 1
    closing = {"{": "}", "(": ")"}.get(line[k : k + 1])
    if closing:
        end = line.find(closing, k)
        if end < 0:
            raise Misprint(word("the bracket of the subscript is not closed."),
                           at=Place(at.line, k + 1))  # fmt: skip
        return end + 1, re.sub("[−–]", "-", line[k + 1 : end]).replace(" ", "")
    while k < len(line) and line[k] not in LOWERED and _letter(line[k]):
        k += 1
    if line[start + 1 : k] == "t" and re.match("[-−–]1", line[k:]):
        return k + 2, "t-1"
    return k, line[start + 1 : k]
