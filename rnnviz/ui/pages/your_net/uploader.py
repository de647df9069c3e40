"""A place to drop a file, in the page's language: Streamlit's own has English words alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from string import Template

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

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
.st-key-rv-upload:has([data-testid=stFileChip][aria-invalid=true])::after {
  content: $refused; font-size: 0.875rem;
}
body:has(.st-key-rv-upload [data-testid=stFileChip][aria-invalid=true])
  [data-testid=stTooltipErrorContent] { display: none; }
</style>""")
"""Where Streamlit has other elements, its own words stay."""


def uploader(label: str, key: str, taken: Callable[[bytes, str], None], words: str) -> None:
    """A file uploader; ``words`` are behind the question mark.

    ``taken`` is called with a file's bytes and name before anything is drawn.
    """
    with st.container(key=f"rv-upload{key}"):
        st.file_uploader(label, key=key, on_change=_hand_on, args=(key, taken), help=words)
        most = say("up to {most} MB", most=limits.FILE_BYTES // limits.MEGA)
        refused = say(
            "The file was not taken: one file at a time, {most}. For a smaller one the server has "
            "no room: try again later.", most=most,
        )  # fmt: skip
        st.html(STYLE.substitute(choose=_text(say("Choose a file")), most=_text(most),
                                 refused=_text(refused))
                .replace("rv-upload", f"rv-upload{key}"))  # fmt: skip


def _hand_on(key: str, taken: Callable[[bytes, str], None]) -> None:
    """Hand on the uploaded file; nothing where it was taken away, or went to another server."""
    found = st.session_state[key]
    if isinstance(found, UploadedFile):
        taken(found.getvalue(), found.name)


def _text(words: str) -> str:
    """Words as a string of CSS."""
    return json.dumps(words, ensure_ascii=False).replace("<", "\\3c ")
