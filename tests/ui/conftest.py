"""The app without a browser, many times over."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner

from rnnviz.experiments.initialisation_runs import Runs, Scheme, measure
from rnnviz.experiments.settings import Settings
from rnnviz.ui import badge, chart, first, seed_runs
from rnnviz.ui.components.gradient_overview import overview


@pytest.fixture(scope="session", autouse=True)
def _packages_are_scanned_once() -> Iterator[None]:
    """Streamlit looks for components in every installed package, at every page that is opened.

    None is installed while the tests run; the look costs a fifth of a page.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests",
            cache(manifest_scanner.scan_component_manifests),
        )  # fmt: skip
        yield


@pytest.fixture(scope="session", autouse=True)
def _nobody_waits_for_a_browser() -> Iterator[None]:
    """A visit's first run gives the browser time to fetch code and to draw: there is none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(first, "PAUSE", 0)
        patch.setattr(chart, "HEAD_START", 0)
        patch.setattr(overview, "HEAD_START", 0)
        yield


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages without their badge, whose live checks take a seventh of the time of a page.

    Distributions over seeds are of three, not twenty.
    """
    monkeypatch.setattr(badge, "show", lambda *_, **__: None)
    monkeypatch.setattr(seed_runs, "runs", three_seeds)


@cache
def three_seeds(settings: Settings, cell: str, scheme: Scheme) -> Runs:
    """What `seed_runs.runs` gives of twenty."""
    return measure(settings, cell, scheme, 3)
