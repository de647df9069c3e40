"""Who runs what: files that take long come first, the browser's in turn with the others."""

from __future__ import annotations

import gc
import os
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("busy machine", deadline=None)
settings.load_profile("busy machine")
os.environ["RNNVIZ_RUNS"] = "off"  # nor in servers that tests start
# Two workers with two threads each wait for each other's cores: up to six times the processor time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Tests make many small objects and few cycles: at Python's own thresholds the garbage collector
# takes a tenth of the time, and a quarter of that of collecting the tests.
gc.set_threshold(20_000, 50, 100)
HERE = Path(__file__).parent
LONG = (
    "ui/every_page/test_opening", "ui/every_page/test_settings", "ui/every_page/test_links",
    "ui/shell/test_counts", "ui/test_urls", "ui/pages/test_depth",
    "ui/shell/test_preset_menu", "test_packaging", "ui/test_language", "ui/shell/test_tour",
    "core/test_range", "cells/test_recipe", "ui/pages/test_systems", "ui/test_walk",
    "experiments/test_remedies", "formats/test_child",
)  # fmt: skip
"""Files that take longest, the longest first: begun late, one would keep one worker alone busy."""


def _name(item: pytest.Item) -> str:
    return _within(item.path)


@cache
def _within(path: Path) -> str:
    return path.relative_to(HERE).with_suffix("").as_posix()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files, which `--dist=loadfile` hands out in this order, and mark the fast tests.

    A browser and its server keep two cores busy: the files that need them come by turns with the
    long ones that do not, so that two browsers seldom run at once.
    """
    files = dict.fromkeys(map(_name, items))
    browser = [name for name in files if name.startswith("e2e/")]
    place = {name: 2 * k for k, name in enumerate(browser)}
    place |= {name: 2 * k + 1 for k, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(_name(item), 2 * len(files)))
    for item in items:
        if not (_name(item) in place or _name(item).startswith("ui/")):
            item.add_marker("fast")


def pytest_collection_finish() -> None:
    """Take what lives as long as the tests out of the garbage collector's sight."""
    gc.freeze()
