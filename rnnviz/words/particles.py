"""Korean particles take one of two forms, by how the word before them ends."""

from __future__ import annotations

import re
import unicodedata

PARTICLES = {
    "은(는)": ("은", "는"), "이(가)": ("이", "가"), "을(를)": ("을", "를"), "과(와)": ("과", "와"),
    "(으)로": ("으로", "로"), "(이)": ("이", ""),
}  # fmt: skip
"""How a pair is written after a slot → its form after a consonant, its form after a vowel."""
_CLOSED = {**dict.fromkeys("LMNRlmnr", True), **dict.fromkeys("013678", True)}
"""Letters and digits whose Korean names end in a consonant (엘, 엠, 엔, 알; 영, 일 …)."""
_LIQUID = set("LRlr178")
_RIEUL = 8


def with_particle(text: str, pair: str) -> str:
    """``text`` and the form of the particle that fits its last sound: RNN은, GRU는, 7로."""
    closed, open_ = PARTICLES[pair]
    return text + (closed if _closed(text, liquid_is_open=pair == "(으)로") else open_)


def _closed(text: str, *, liquid_is_open: bool) -> bool:
    """Whether the last character, read aloud, ends in a consonant; (으)로 takes ㄹ for a vowel."""
    read = re.sub(r"[^\w%]|_", "", unicodedata.normalize("NFKC", text))  # ⁷ and ₁ as 7 and 1
    if not read or read[-1] == "%":  # 퍼센트
        return False
    last = read[-1]
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % 28
        return final != 0 and not (liquid_is_open and final == _RIEUL)
    return _CLOSED.get(last, False) and not (liquid_is_open and last in _LIQUID)
