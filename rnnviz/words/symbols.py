"""Symbols in prose: `h_t` and `h_(t−1)` with real subscripts, hₜ and hₜ₋₁."""

from __future__ import annotations

import re

_PLAIN = "0123456789+−-=()aehijklmnoprstuvxβγρφχ"
_LOW = "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ"
_LOWERED = str.maketrans(_PLAIN, _LOW)
_INDEXED = re.compile(
    r"(?<![A-Za-z0-9_.])([A-Za-zΣαγδλρστφ])_(?:[({]([^(){}]+)[)}]|([A-Za-z0-9]+))"
)


def in_html(text: str) -> str:
    """HTML whose one-letter symbols have their index as a subscript, of whatever letters.

    >>> in_html("∂L_S/∂s_t, weight_hh")
    '∂L<sub>S</sub>/∂sₜ, weight_hh'
    """

    def lower(hit: re.Match[str]) -> str:
        index = hit[2] or hit[3]
        return f"{hit[1]}<sub>{index}</sub>" if hit[2] or len(index) < 3 else hit[0]

    return _INDEXED.sub(lower, lowered(text))


def lowered(text: str) -> str:
    """Text whose one-letter symbols have their index as a subscript, where Unicode has its letters.

    Unicode has no subscript f, z, d, y or any capital: `b_f` stays. Names of code, such as
    `weight_hh`, are no symbols and stay.

    >>> lowered("h_t = z ⊙ h_(t−1), x_{t−d}, b_f, weight_hh")
    'hₜ = z ⊙ hₜ₋₁, x_(t−d), b_f, weight_hh'
    """

    def lower(hit: re.Match[str]) -> str:
        index = hit[2] or hit[3]
        if set(index) <= set(_PLAIN):
            return hit[1] + index.translate(_LOWERED)
        return f"{hit[1]}_({index})" if hit[2] else hit[0]

    return _INDEXED.sub(lower, text)
