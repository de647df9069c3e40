"""Numbers as text: three significant digits (else two), exponents as superscripts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnviz.words._say import say

GROWS = float(np.log10(1.005))
"""log10 of the largest share that is written as 100 %."""
LEAST_PERCENT = -4.0
"""log10 of the share above which it is written in per cent."""


def power(log10: float) -> str:
    """10 to the power `log10` as text: 3.2·10⁻⁷, 0.0410, 0 for −inf, ∞, or "not finite" for NaN."""
    if np.isnan(log10):
        return say("not finite")
    if np.isinf(log10):
        return "0" if log10 < 0 else "∞"
    if -3 <= log10 < 4:
        return number(10.0**log10)
    exponent = int(np.floor(log10))
    mantissa = f"{10 ** (log10 - exponent):.2g}"
    if mantissa == "10":
        mantissa, exponent = "1", exponent + 1
    return f"{mantissa}·10{_raised(exponent)}"


def number(value: float) -> str:
    """The value with three significant digits and a real minus sign: −8.26·10²³⁷, 0.00291, 12.0."""
    if not np.isfinite(value):
        return say("not finite") if np.isnan(value) else "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    mantissa, exponent = f"{abs(value):.2e}".split("e")
    sign, power_of_ten = "−" if value < 0 else "", int(exponent)
    if -4 < power_of_ten < 4:
        return f"{sign}{abs(value):.{max(0, 2 - power_of_ten)}f}"
    return f"{sign}{mantissa}·10{_raised(power_of_ten)}"


def adding_up(parts: Sequence[float]) -> str:
    """A sum in numbers that add up as printed: 2.381 + 0.321 − 0.314 = 2.388.

    The largest number has four significant digits, the others as many decimals. Where the rounded
    parts miss the rounded sum, the part that was rounded most takes the difference.
    """
    values = np.array([*parts, float(np.sum(parts))])
    if not np.isfinite(values).all():
        return " + ".join(number(float(one)) for one in parts) + f" = {number(values[-1])}"
    most = float(np.abs(values).max())
    decimals = min(max(0, 3 - int(np.floor(np.log10(most)))), 9) if most else 0
    scaled = values * 10.0**decimals
    units = np.round(scaled)
    off = scaled[:-1] - units[:-1]
    while missing := units[-1] - units[:-1].sum():
        worst = int(np.argmax(off * np.sign(missing)))
        units[worst] += np.sign(missing)
        off[worst] -= np.sign(missing)
    texts = [f"{abs(one) / 10.0**decimals:.{decimals}f}" for one in units]
    signs = ["−" if one < 0 else "+" for one in units]
    said = ("−" if signs[0] == "−" else "") + texts[0]
    said += "".join(f" {sign} {text}" for sign, text in zip(signs[1:-1], texts[1:-1], strict=True))
    return f"{said} = {'−' if signs[-1] == '−' else ''}{texts[-1]}"


def percent(value: float) -> str:
    """A share in per cent, two digits: 31 %, 0.29 %; below 0.01 % as by `power`: 6.7·10⁻⁹."""
    if 0 < value < 10**LEAST_PERCENT:
        return power(float(np.log10(value)))
    value = 100 * value
    return f"{value:.0f} %" if value >= 9.95 else f"{value:.2g} %"


def share(log10: float) -> str:
    """10 to the power `log10` as a share: in per cent from 0.01 to 100 %, else as by `power`."""
    if LEAST_PERCENT < log10 <= GROWS:
        return percent(10.0**log10)
    return power(log10)


def _raised(exponent: int) -> str:
    return str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
