"""A place to drop a file, in the page's language: Streamlit's own has English words alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from string import Template

import streamlit as st

from rnnviz.formats import limits
from rnnviz.words import say

STYLE = Template("""<style>
.st-key-rv-upload [data-testid=stFileUploaderDropzone] button p,
.st-key-rv-upload [data-testid=stFileUploaderDropzoneInstructions] span {
  font-size: 0; visibility: hidden;
}
.st-key-rv-upload [data-testid=stFileUploaderDropzone] button p::after { content: $choose; }
.st-key-rv-upload [data-testid=stFileUploaderDropzoneInstructions] span::after { content: $most; }
.st-key-rv-upload [data-testid=stFileUploaderDropzone] button p::after,
.st-key-rv-upload [data-testid=stFileUploaderDropzoneInstructions] span::after {
  font-size: 0.875rem; visibility: visible;
}
</style>""")
"""Where Streamlit has other elements, its own words stay."""


def uploader(label: str, key: str, taken: Callable[[str], None], words: str) -> None:
    """A file uploader; ``taken`` is called with its key, ``words`` are behind the question mark."""
    with st.container(key=f"rv-upload{key}"):
        st.file_uploader(label, key=key, on_change=taken, args=(key,), help=words)
        most = say("up to {most} MB", most=limits.FILE_BYTES // limits.MEGA)
        st.html(STYLE.substitute(choose=_text(say("Choose a file")), most=_text(most))
                .replace("rv-upload", f"rv-upload{key}"))  # fmt: skip


def _text(words: str) -> str:
    """Words as a string of CSS."""
    return json.dumps(words, ensure_ascii=False).replace("<", "\\3c ")
