"""Streamlit's own scripts, styles and fonts, answered out of memory, the first ones early.

A visit begins with some sixty files, each of which Streamlit opens and reads on other threads: more
processor time than all of a page's own. Code that a page's first picture needs would be asked for
only when the page is drawn; a header of the first answer names it.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

ROOT = Path(streamlit.__file__).parent / "static"
LARGEST = 1_000_000
"""Bytes of a file that is kept in memory."""
EARLY = ("BidiComponent", "Html")
"""Streamlit's scripts that show our components, and sketches of charts."""
_IMPORTED = re.compile(rb"""(?:from|import)\s*["'`]\./([\w.-]+\.js)["'`]""")


class Assets:
    """Middleware that answers what is asked of Streamlit's folder of files."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for files of `kept`; add `early` to pages; hand all else on."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
        elif scope["path"] in kept():
            head, data = _answer(scope["path"])
            await send({"type": "http.response.start", "status": 200, "headers": head})
            await send({"type": "http.response.body", "body": data})
        else:
            await self.app(scope, receive, partial(_with_early, send))


async def _with_early(send: Send, message: Message) -> None:
    if message["type"] == "http.response.start":
        headers = MutableHeaders(scope=message)
        if headers.get("content-type", "").startswith("text/html"):
            headers.append("link", early())
    await send(message)


@cache
def kept() -> Mapping[str, Path]:
    """Path in an address → file, of those whose names change with their content."""
    below = str(config.get_option("server.baseUrlPath") or "").strip("/")
    top = f"/{below}" if below else ""
    return {
        f"{top}/{one.relative_to(ROOT).as_posix()}": one
        for one in (ROOT / "static").rglob("*")
        if one.is_file() and one.stat().st_size <= LARGEST
    }


@cache
def _answer(path: str) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Headers and content of one file."""
    data = kept()[path].read_bytes()
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    head = {"content-type": kind, "content-length": str(len(data)),
            "cache-control": "public, immutable, max-age=31536000"}  # fmt: skip
    return [(name.encode(), value.encode()) for name, value in head.items()], data


@cache
def early() -> str:
    """The header that has a browser fetch `EARLY` and what they import, with the page itself."""
    first = {*re.findall(r"[\w.-]+\.js", (ROOT / "index.html").read_text("utf-8"))}
    found: dict[str, None] = {}
    for name in EARLY:
        for one in sorted((ROOT / "static" / "js").glob(f"{name}.*.js")):
            _follow(one, first, found)
    return ", ".join(f"<./static/js/{name}>; rel=modulepreload; crossorigin" for name in found)


def _follow(script: Path, first: set[str], found: dict[str, None]) -> None:
    """Add a script to ``found``, and all that it imports; those of ``first`` are there already."""
    if script.name in first or script.name in found or not script.is_file():
        return
    found[script.name] = None
    for name in _IMPORTED.findall(script.read_bytes()):
        _follow(script.with_name(name.decode()), first, found)
