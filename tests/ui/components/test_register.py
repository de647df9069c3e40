"""Components and what they tell of."""

import pytest

from rnnviz.ui.components._register import careful


def test_an_event_that_cannot_be_read_changes_nothing_and_a_mistake_of_ours_is_heard(caplog):
    taken = []
    for wrong in (None, "x", [], {}, {"at": None}, {"at": 1e400}):
        careful(lambda wrong=wrong: taken.append(int(wrong["at"])))()
    careful(lambda: taken.append(int({"at": 3}["at"])))()
    assert taken == [3]
    assert len(caplog.messages) == 6
    assert caplog.messages[1].startswith("An event was not taken: \"TypeError: string ")
    careful(lambda: int("9\n" * 1000))()
    assert "test_register.py, line " in caplog.messages[-1]
    assert caplog.messages[-1].count("\n") == 0
    assert len(caplog.messages[-1]) < 700
    with pytest.raises(ZeroDivisionError):
        careful(lambda: 1 / 0)()
