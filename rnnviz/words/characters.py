"""A text as the characters a reader sees, with the standard library alone.

An approximation of Unicode's extended grapheme clusters (UAX #29): combining marks, variation
selectors, skin tones, tags and conjoining Hangul vowels and finals stay with their base; a
zero-width joiner binds two emoji; regional indicators pair into flags. Left out: prepended marks
(GB9b), Indic conjuncts (GB9c), and what Unicode added after this Python's `unicodedata`.
"""

import unicodedata

ZERO_WIDTH_JOINER = "\u200d"
ZERO_WIDTH = frozenset({"\u200c", ZERO_WIDTH_JOINER})
CONTROL_LABELS = {chr(code): chr(0x2400 + code) for code in range(32)}
CONTROL_LABELS |= {" ": "␣", "\n": "↵", "\x7f": "␡"}
# Written literally, one of these would read as the label of a space or a newline.
CONTROL_PICTURES = frozenset(map(chr, range(0x2400, 0x2427))) | {"↵"}


def characters(text: str) -> list[str]:
    """The characters of `text`, NFC-normalised, each line end as one newline.

    Joined again they give exactly the normalised text.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    normal = unicodedata.normalize("NFC", lines)
    starts: list[int] = []
    for place in range(len(normal)):
        if not starts or not _joins(normal, starts[-1], place):
            starts.append(place)
    ends = [*starts[1:], len(normal)]
    return [normal[start:end] for start, end in zip(starts, ends, strict=False)]


def label(character: str) -> str:
    """`character` made visible: ␣, ↵, U+200E …; no two characters share a label."""
    base, marks = character[0], character[1:]
    if base in CONTROL_LABELS:
        return CONTROL_LABELS[base] + marks
    if _unseen_alone(base):
        return " ".join(f"U+{ord(code_point):04X}" for code_point in character)
    return character


def _joins(text: str, start: int, place: int) -> bool:
    """Whether `text[place]` belongs to the character that begins at `start`."""
    base, before, code_point = text[start], text[place - 1], text[place]
    if unicodedata.category(base) in {"Cc", "Cf", "Zl", "Zp"}:
        return False
    if _extends(code_point) or (_is_hangul_tail(code_point) and _is_hangul(before)):
        return True
    if _is_regional(code_point):
        return place - start == 1 and _is_regional(base)
    return before == ZERO_WIDTH_JOINER and _is_pictorial(base) and _is_pictorial(code_point)


def _extends(code_point: str) -> bool:
    return (
        unicodedata.category(code_point).startswith("M")
        or code_point in ZERO_WIDTH
        or "\U0001f3fb" <= code_point <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= code_point <= "\U000e007f"  # tags: the flags of Scotland, Wales …
    )


def _is_hangul_tail(code_point: str) -> bool:
    # Vowels and finals of old syllables, which NFC has no single code point for.
    return "\u1160" <= code_point <= "\u11ff" or "\ud7b0" <= code_point <= "\ud7fb"


def _is_hangul(code_point: str) -> bool:
    return "\u1100" <= code_point <= "\u11ff" or "\uac00" <= code_point <= "\ud7fb"


def _is_regional(code_point: str) -> bool:
    return "\U0001f1e6" <= code_point <= "\U0001f1ff"


def _is_pictorial(code_point: str) -> bool:
    # Emoji are symbols (♂, ↔, 👩); one newer than this Python's tables is still unassigned.
    return unicodedata.category(code_point) in {"So", "Sm", "Cn"}


def _unseen_alone(code_point: str) -> bool:
    category = unicodedata.category(code_point)
    hidden = category[0] in "MZ" or category in {"Cc", "Cf", "Cs", "Co"}
    return hidden or code_point in CONTROL_PICTURES
