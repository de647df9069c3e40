"""Text from outside (files, links, what is typed), shown as text whatever stands in it."""

from __future__ import annotations

import re

TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Signs that turn the direction of writing, and with it that of the sentence around a name."""
INERT = str.maketrans("![]()<>*`~$#|\\{}", "！［］（）＜＞＊｀～＄＃｜＼｛｝", TURNING)
"""What Markdown, LaTeX and our templates take for markup → the same characters, full width."""
COLON = re.compile(r":(?![\s\d]|$)|(?<=\bwww)\.", re.I)
"""A colon that may begin an icon, a colour or an address: one before a letter or a sign; and the
dot after www, which begins an address."""


def inert(text: str) -> str:
    """A text, in one line, in which Markdown and a template of a sentence find nothing to do."""
    line = " ".join(text.translate(INERT).split())
    return COLON.sub(lambda found: "：" if found[0] == ":" else "．", line)
