"""Typed equations as the name of a cell, and back: `own:` and the text, compressed.

A name is made of URL-safe characters and is never longer than `LONGEST`. It is read as data: what
unpacks to more than the equations may have, or is not the one name of its text, is no name.
"""

from __future__ import annotations

import base64
import binascii
import zlib

from rnnviz.cells._typed.tokens import MOST_CHARACTERS

PREFIX = "own:"
LONGEST = 2000
_COMMON = (
    "h_{t−1} c_prev @ * sigmoid(identity(relu(x @ Wx @ Ux W + h U + b)\ns = q = k = u = a = x W + "
    "h U + b\nm = tanh(c)\nh = z * h + (1 - z) * g\nh = o ⊙ tanh(c)\nc = f ⊙ c + i ⊙ g\nc = f ⊙ c "
    "+ (1 − f) ⊙ g\no = σ(x Wo + h Uo + bo)\nf = σ(x Wf + h Uf + bf)\ni = σ(x Wi + h Ui + bi)\nr = "
    "σ(x Wr + h Ur + br)\nz = σ(x Wz + h Uz + bz)\ng = tanh(x Wg + (r ⊙ h) Ug + bg)\ng = relu(x Wg "
    "+ h Ug + bg)\nh = (1 − z) ⊙ h + z ⊙ g\ng = tanh(x Wg + h Ug + bg)\nh = z ⊙ h + (1 − z) ⊙ g"
).encode()
"""Must never change: it is needed to read names that were sent out."""


def coded(text: str) -> str:
    """The name of the cell of these equations."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=_COMMON)
    packed = packer.compress(tidy(text).encode()) + packer.flush()
    return PREFIX + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def decoded(name: str) -> str | None:
    """The equations of a name; None of any other text."""
    if not name.startswith(PREFIX) or len(name) > LONGEST:
        return None
    try:
        text = name.removeprefix(PREFIX)
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj(-15, zdict=_COMMON)
        found = unpacker.decompress(packed, 4 * MOST_CHARACTERS).decode()
    except (binascii.Error, ValueError, zlib.error):
        return None
    return found if unpacker.eof and coded(found) == name else None


def tidy(text: str) -> str:
    """The text without empty lines and spaces at the ends of lines."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
