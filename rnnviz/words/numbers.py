"""Numbers as text: three significant digits (`power`: two), exponents as superscripts."""

from __future__ import annotations

import numpy as np

from rnnviz.words._say import say


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


def _raised(exponent: int) -> str:
    return str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
