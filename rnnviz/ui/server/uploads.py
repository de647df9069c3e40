"""How much opened files may take: of one visitor, and of all together.

Streamlit bounds one file. It keeps every file that a session sends, also those of no widget, until
the session is forgotten.
"""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import unquote

from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config, runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

A_VISITOR = 200 * 10**6
"""The most bytes of files that the server keeps for one session: a net, a sequence, and one more of
the largest."""
ALL = 300 * 10**6
"""The most for all sessions together."""
_PATH = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+$")
FULL = 507


class Uploads:
    """Middleware that refuses a file for which there is no room, before any of it is read."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.coming = Counter[str]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on everything but files beyond the bounds."""
        found = _PATH.search(scope.get("path", "")) if scope.get("method") == "PUT" else None
        if found is None:
            await self.app(scope, receive, send)
            return
        session, size = unquote(found[1]), _size(scope)
        kept = stored()
        mine = kept[session] + self.coming[session]
        if mine + size > A_VISITOR or kept.total() + self.coming.total() + size > ALL:
            await send({"type": "http.response.start", "status": FULL, "headers": []})
            await send({"type": "http.response.body", "body": b"No room for more files."})
            return
        self.coming[session] += size
        try:
            await self.app(scope, receive, send)
        finally:
            self.coming[session] -= size
            if self.coming[session] <= 0:
                del self.coming[session]


def _size(scope: Scope) -> int:
    """What a request says that it has, and the largest file that is read where it does not."""
    told = dict(scope["headers"]).get(b"content-length", b"")
    most = int(config.get_option("server.maxUploadSize")) * 2**20
    return min(int(told), most) if told.isdigit() and len(told) < 20 else most


def stored() -> Counter[str]:
    """Session → bytes of its files."""
    if not runtime.exists():
        return Counter()
    kept = runtime.get_instance().uploaded_file_mgr
    if not isinstance(kept, MemoryUploadedFileManager):
        return Counter()
    with kept._lock:
        return Counter({session: sum(len(file.data) for file in files.values())
                        for session, files in kept.file_storage.items()})  # fmt: skip
