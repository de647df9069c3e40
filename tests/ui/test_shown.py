"""What a page shows is kept message by message, at the same cost for each."""

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from rnnviz.ui.shown import Shown


def message(*path, block=False, fragment=""):
    found = ForwardMsg()
    found.metadata.delta_path.extend(path)
    found.delta.fragment_id = fragment
    if block:
        found.delta.add_block.SetInParent()
    else:
        found.delta.new_element.text.body = "text"
    return found


class Unread(dict):
    """Messages that nobody goes through one by one."""

    def __iter__(self):
        raise AssertionError("all messages were read")


def test_an_element_takes_the_place_of_all_that_stood_there():
    shown = Shown()
    shown.sent = Unread()
    shown.note(message(0, 1, block=True))
    for path in ((0, 0), (0, 1, 0), (0, 1, 2, 3), (0, 10), (0, 2)):
        shown.note(message(*path))
    shown.note(message(0, 1))
    assert [*shown.sent.keys()] == [(0, 0), (0, 10), (0, 2), (0, 1)]
    shown.note(message(0, 1, block=True))
    shown.note(message(0, 1, 0))
    shown.note(message(0, 1))
    assert (0, 1, 0) not in shown.sent
    shown.begin(None)
    assert not shown.sent


def test_a_fragment_that_begins_again_keeps_its_place_and_nothing_in_it():
    shown = Shown()
    for path, block, fragment in (
        ((0, 0), False, ""), ((0, 1), True, "outer"), ((0, 1, 0), False, "outer"),
        ((0, 1, 1), True, "inner"), ((0, 1, 1, 0), False, "inner"),
        ((0, 2), True, "outer"), ((0, 2, 0), False, "outer"),
    ):  # fmt: skip
        shown.note(message(*path, block=block, fragment=fragment))
    shown.begin("outer", (0, 1))
    assert [*shown.sent] == [(0, 0), (0, 1), (0, 2)]
    shown.note(message(0, 1, 0, fragment="outer"))
    shown.begin("outer", (0, 1))
    assert [*shown.sent] == [(0, 0), (0, 1), (0, 2)]
