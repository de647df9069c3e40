"""Long links compressed into one parameter: deflate with a preset dictionary, base64url.

A link should have at most 300 characters. Where every control is away from its default it has
more; `fold` then makes one parameter of all. `unfold` never makes more than MOST bytes of a link.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from urllib.parse import parse_qsl

KEY = "p"
MOST = 4000
_COMMON = (
    b"companies=all&stocks_quantity=log_return&copying_alphabet_size=26&copying_symbols=10"
    b"&sentence_encoding=embedding&sentence_embedding_size=&sentence_text=&noisy_sine_noise="
    b"&impulse_amplitude=&task=noisy_sine&task=impulse&task=adding&task=copying&task=stocks"
    b"&task=sentence&peephole=diagonal&nonlinearity=identity&nonlinearity=relu"
    b"&nonlinearity=sigmoid&reset_after=1&tau=&to=&theta=&k=&state=h&state=c&term=&tour="
    b"&edit=gru.W_h.&edit=lstm.W_h.&edit=rnn.b.&cell=gru&cell=rnn&cell=peephole_lstm&flow=back"
    b"&unit=12&seed=1234&at=10, 20-25&loss=chosen&loss=task&loss=every&init=chrono&init=glorot"
    b"&init=identity&init=orthogonal&scaling=radius&scale=1.95&bz=-1.75&bf=-1.75&H=128&T=500"
    b"&cells=rnn,lstm,gru,peephole_lstm"
)
"""The preset dictionary. It must never change: links that were sent out need it."""
_ESCAPED = {ord(letter): f"%{ord(letter):02X}" for letter in "%&=+#;"}


def fold(values: Mapping[str, str]) -> str:
    """The parameters as one text of URL-safe characters."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=_COMMON)
    raw = "&".join(f"{_plain(key)}={_plain(value)}" for key, value in values.items()).encode()
    return base64.urlsafe_b64encode(packer.compress(raw) + packer.flush()).rstrip(b"=").decode()


def unfold(text: str) -> dict[str, str] | None:
    """The parameters of a text that `fold` made; None of any other text."""
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        unpacker = zlib.decompressobj(-15, zdict=_COMMON)
        raw = unpacker.decompress(packed, MOST)
        if not unpacker.eof:
            return None
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=100)
    except (binascii.Error, ValueError, zlib.error):
        return None
    return dict(pairs)


def _plain(text: str) -> str:
    """Escape only the characters that would end a value: the text is compressed afterwards."""
    return text.translate(_ESCAPED)
