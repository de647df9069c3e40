"""What happens when the server starts: the pages are imported while no visitor waits for them."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import streamlit as st
from starlette.types import ASGIApp, Receive, Scope, Send

from rnnviz.numerics.blas_threads import one_blas_thread
from rnnviz.numerics.discovery import modules
from rnnviz.numerics.free_memory import keep_less
from rnnviz.ui.server.left import end_their_work, forget_who_left
from rnnviz.ui.shell.navigation import FOLDERS

_IMPORTS: list[asyncio.Future[None]] = []


@asynccontextmanager
async def starting(_app: st.App) -> AsyncIterator[None]:
    """Send small answers at once, begin to import in a thread, keep products to one thread each,
    and memory for those who are there.

    Visits are computed side by side: where several want the same cores, a product on two threads
    takes several times as long as on one.
    """
    send_at_once()
    keep_less()
    print(f"\n  rnnviz: {address()}\n", flush=True)
    _IMPORTS[:] = [asyncio.get_running_loop().run_in_executor(None, import_pages)]
    tasks = [asyncio.create_task(one()) for one in (forget_who_left, end_their_work)]
    with one_blas_thread():
        yield
    for one in tasks:
        one.cancel()


def address() -> str:
    """The address of the app for a browser on this machine."""
    host, port, base = (str(st.get_option(f"server.{name}") or "")
                        for name in ("address", "port", "baseUrlPath"))  # fmt: skip
    shown = "localhost" if host in ("", "0.0.0.0", "::") else host
    return f"http://{shown}:{port}" + f"/{base.strip('/')}" * bool(base)


def import_pages() -> None:
    """Import the code of every page, with all that it needs, and free what that left behind; then
    have a process import what makes live checks.
    """
    for found in modules("rnnviz.ui.pages", FOLDERS):
        import_module(f"{found.__name__}.page")
    import_module("rnnviz.ui.shell.frame").settle_memory()
    import_module("rnnviz.ui.cell_checks").warm_up()


class AfterImports:
    """Middleware that begins a visit when the imports are done; its files are sent before that.

    A page's script would import the same modules in a thread of its own, and two threads that
    import modules of one circle can each get a module that is not complete.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait before a websocket is accepted; an error of an import shows when a page runs."""
        if scope["type"] == "websocket" and _IMPORTS:
            await asyncio.wait(_IMPORTS)
        await self.app(scope, receive, send)


def send_at_once() -> int:
    """Set TCP_NODELAY where the server listens, which its connections take over; how often it was.

    An answer is sent in two writes, and a page in hundreds: without it, the second one waits up to
    40 ms until the browser has confirmed the first. asyncio sets it only on sockets that were made
    with a protocol number, and Streamlit's is not.
    """
    found = [one for one in gc.get_objects() if type(one) is socket.socket and _listens(one)]
    for one in found:
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return len(found)


def _listens(one: socket.socket) -> bool:
    if one.fileno() < 0 or one.family not in (socket.AF_INET, socket.AF_INET6):
        return False
    try:
        return bool(one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    except OSError:  # a system that does not tell
        return False
