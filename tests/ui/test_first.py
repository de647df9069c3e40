"""A visit's first picture is sent before the sidebar, which comes in any case."""

from contextlib import suppress
from types import SimpleNamespace

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from rnnviz.ui import first


@pytest.fixture
def visit(monkeypatch):
    """One visit: `say` sends to the main part or to the sidebar, `sent` is what has gone out."""
    sent = []
    run = SimpleNamespace(_enqueue=sent.append)
    monkeypatch.setattr(first, "get_script_run_ctx", lambda: run)
    monkeypatch.setattr(first, "st", SimpleNamespace(session_state={}))

    def say(part, name):
        message = ForwardMsg(hash=name)
        message.metadata.delta_path.extend([part, 0])
        run._enqueue(message)

    return SimpleNamespace(run=run, say=say, sent=lambda: [one.hash for one in sent])


def test_the_sidebar_comes_after_the_first_picture(visit):
    with first.sidebar_later():
        visit.say(1, "side")
        visit.say(0, "picture")
        assert visit.sent() == ["picture"]
        first.drawn()
        visit.say(1, "more")
        first.drawn()
        assert visit.sent() == ["picture", "side", "more"]
    send = visit.run._enqueue
    with first.sidebar_later():  # the second run
        assert visit.run._enqueue is send
        visit.say(1, "again")
        assert visit.sent()[-1] == "again"


def test_the_sidebar_comes_where_there_is_no_picture_and_where_a_run_ends_early(visit):
    send = visit.run._enqueue
    with suppress(KeyboardInterrupt), first.sidebar_later():
        visit.say(1, "side")
        raise KeyboardInterrupt
    assert visit.sent() == ["side"]
    assert visit.run._enqueue is send


def test_without_a_visit_nothing_is_held_back(visit, monkeypatch):
    monkeypatch.setattr(first, "get_script_run_ctx", lambda: None)
    with first.sidebar_later():
        visit.say(1, "side")
    assert visit.sent() == ["side"]
