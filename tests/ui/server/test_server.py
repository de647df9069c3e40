"""The server beside the scripts: files out of memory, code named early, imports before visits."""

import asyncio
import inspect
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.runtime import Runtime
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager
from streamlit.web.server.app_discovery import discover_asgi_app

from rnnviz.numerics import blas_threads
from rnnviz.ui.server import assets, left, start, uploads
from tests.ui.apps import ROOT


def finished(work):
    """What a coroutine returns; in a thread of its own, for the browser's tests keep a loop."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work).result()


def answered(middleware, path, inner=None):
    """Status, headers and body of a GET, and whether it was handed on."""
    sent, handed_on = [], []

    async def app(scope, receive, send):
        handed_on.append(scope["path"])
        await send({"type": "http.response.start", "status": 200,
                    "headers": [(b"content-type", inner)]})  # fmt: skip
        await send({"type": "http.response.body", "body": b"its own"})

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    finished(middleware(app)(scope, None, send))
    return dict(sent[0]["headers"]), sent[1]["body"], bool(handed_on)


def test_streamlit_takes_app_py_for_a_server_of_its_own():
    found = discover_asgi_app(ROOT / "app.py")
    assert (found.is_asgi_app, found.import_string) == (True, "app:app")


def test_files_named_by_their_content_come_out_of_memory():
    path = max(path for path in assets.kept() if path.endswith(".js"))
    headers, body, handed_on = answered(assets.Assets, path)
    assert not handed_on
    assert body == (assets.ROOT / path.lstrip("/")).read_bytes()
    assert headers[b"content-type"].startswith(b"text/javascript")
    assert headers[b"content-length"] == str(len(body)).encode()
    assert b"immutable" in headers[b"cache-control"]
    assert "/index.html" not in assets.kept()


def test_files_come_out_of_memory_below_a_sub_path_too(monkeypatch):
    at_top = set(assets.kept())
    monkeypatch.setattr(assets.config, "get_option", {"server.baseUrlPath": "/course/"}.get)
    assert set(assets.kept.__wrapped__()) == {f"/course{one}" for one in at_top}


def test_a_page_names_the_code_of_its_first_picture_and_other_answers_do_not():
    headers, body, handed_on = answered(assets.Assets, "/Cuts", b"text/html; charset=utf-8")
    assert handed_on
    assert body == b"its own"
    named = [one.split(">")[0].strip(" <./") for one in headers[b"link"].decode().split(",")]
    assert all((assets.ROOT / one).is_file() for one in named)
    assert {Path(one).name.split(".")[0] for one in named} >= {"BidiComponent", "Html"}
    index = (assets.ROOT / "index.html").read_text("utf-8")
    assert not [one for one in named if one in index]
    assert b"link" not in answered(assets.Assets, "/_stcore/health", b"text/plain")[0]


def test_files_beyond_what_a_visitor_or_all_may_keep_are_refused_unread(monkeypatch):
    files = MemoryUploadedFileManager("/upload")
    served = SimpleNamespace(exists=lambda: True, get_instance=lambda: one)
    one = SimpleNamespace(uploaded_file_mgr=files)
    monkeypatch.setattr(uploads, "runtime", served)
    monkeypatch.setattr(uploads, "A_VISITOR", 10)
    monkeypatch.setattr(uploads, "ALL", 15)
    answers, begun = [], []

    async def app(scope, receive, send):
        begun.append(scope["path"])
        size = int(dict(scope["headers"])[b"content-length"])
        if size == 6:  # another file comes while this one does
            assert await put("a", 5) == 507
        files.add_file("a", UploadedFileRec(str(len(begun)), "x", "", bytes(size)))
        await send({"type": "http.response.start", "status": 204})

    async def put(session, size, method="PUT"):
        async def send(message):
            answers.append(message.get("status", answers[-1] if answers else 0))

        await middleware({"type": "http", "method": method, "headers": [
            (b"content-length", str(size).encode())],
            "path": f"/sub/_stcore/upload_file/{session}/f"}, None, send)  # fmt: skip
        return answers[-1]

    middleware = uploads.Uploads(app)
    asked = [("a", 6), ("a", 4), ("a", 1), ("b", 6)]
    assert [finished(put(*one)) for one in asked] == [204, 204, 507, 507]
    assert uploads.stored() == {"a": 10}
    assert finished(put("b", 0)) == 204
    assert not middleware.coming
    files.remove_session_files("a")
    assert finished(put("a", 6)) == 204


def test_connections_send_at_once():
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        assert start.send_at_once()
        client.connect(server.getsockname())
        with server.accept()[0] as connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_visit_begins_after_the_imports_and_files_do_not_wait(monkeypatch):
    done = []

    async def app(scope, receive, send):
        done.append(scope["type"])

    async def visits():
        imports = asyncio.get_running_loop().create_future()
        monkeypatch.setattr(start, "_IMPORTS", [imports])
        middleware = start.AfterImports(app)
        visit = asyncio.create_task(middleware({"type": "websocket"}, None, None))
        await asyncio.sleep(0)
        await middleware({"type": "http"}, None, None)
        assert done == ["http"]
        imports.set_exception(ImportError("one failed"))
        await visit

    finished(visits())
    assert done == ["http", "websocket"]


def test_products_take_one_thread_while_the_server_runs(monkeypatch):
    monkeypatch.setattr(start, "import_pages", lambda: None)
    get, put = blas_threads._control()
    before = get()
    put(2)

    async def threads():
        async with start.starting(None):
            return get()

    assert finished(threads()) == 1
    assert get() == 2
    put(before)


def test_who_left_two_minutes_ago_is_forgotten_and_memory_goes_back_meanwhile(monkeypatch):
    """The clock of Streamlit's storage goes on by 50 s for each look."""
    clock, trims, found = [0.0], [], []
    storage = MemorySessionStorage()
    storage._cache._timer = lambda: clock[0]
    storage.save(SessionInfo(None, SimpleNamespace(id="left"), 1))
    manager = WebsocketSessionManager(storage, None, None, None)

    async def wait(_seconds):
        found.append(len(storage._cache._data))
        clock[0] += 50
        if len(found) == 6:
            raise asyncio.CancelledError

    one = SimpleNamespace(_session_mgr=manager)
    served = SimpleNamespace(exists=lambda: True, get_instance=lambda: one)
    monkeypatch.setattr(left, "runtime", served)
    monkeypatch.setattr(left, "asyncio", SimpleNamespace(sleep=wait, to_thread=asyncio.to_thread))
    monkeypatch.setattr(left, "give_back", lambda: trims.append(clock[0]))
    with pytest.raises(asyncio.CancelledError):
        finished(left.forget_who_left())
    assert found == [1, 1, 1, 0, 0, 0]
    assert trims == [50, 100, 150]
    assert "self._session_mgr = " in inspect.getsource(Runtime.__init__), "where it is looked for"
