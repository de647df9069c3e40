"""Work in the background ends for sessions without a browser, and for no others."""

from types import SimpleNamespace

import pytest

from rnnviz.ui import departed


def test_who_is_away_for_long_wants_nothing_and_who_is_back_in_time_still_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, here, left = [0.0], {"stays"}, list[str]()
    wanting = {"stays", "left", "back", ""}
    work = SimpleNamespace(askers=lambda: wanting - {*left}, leave=left.append)
    served = SimpleNamespace(
        exists=lambda: True,
        get_instance=lambda: SimpleNamespace(is_active_session=here.__contains__),
    )
    monkeypatch.setattr(departed, "WORK", [work])
    monkeypatch.setattr(departed, "runtime", served)
    monkeypatch.setattr(departed, "time", SimpleNamespace(monotonic=lambda: clock[0]))

    def look(at: float) -> list[str]:
        clock[0] = at
        departed.look()
        return left

    assert look(100.0) == []
    here.add("back")
    assert look(104.0) == []
    here.remove("back")
    assert look(100 + departed.GRACE) == ["left"]
    assert look(100 + departed.GRACE + 1) == ["left"]
    assert look(100 + 2 * departed.GRACE) == ["left", "back"]
    assert departed.GRACE + 2 * departed.EVERY < 30
