"""The large drawing of a cell in the browser: its boxes, wires and printed sums."""

from decimal import Decimal

import pytest

from rnnviz.experiments.settings import Settings

from .pictures import numbers

LINK = {"task": "impulse", "T": 12, "H": 14, "seed": 5, "unit": 2}
SMALL = Settings(task="impulse", length=12, hidden_size=14, seed=5)
LARGE = '[data-size="large"]'


def box(page, symbol):
    """A gate's box in the large drawing, by the letter on it."""
    nodes = page.locator(f"{LARGE} .rv-node[data-op=affine]")
    return nodes.filter(has=page.locator(".rv-face-text", has_text=symbol)).first


def printed(page, symbol):
    return numbers(box(page, symbol).locator(".rv-small").text_content())[0]


def wait_for_number(page, symbol, value, rel):
    """Return when the box shows the value, rounded."""
    for _ in range(600):
        if printed(page, symbol) == pytest.approx(value, rel=rel):
            return
        page.wait_for_timeout(50)
    assert printed(page, symbol) == pytest.approx(value, rel=rel)


def decimal(text):
    return Decimal(text.replace("−", "-"))


def assert_the_rows_add_up(page):
    """The printed terms sum to the printed total, to the last digit."""
    cells = page.locator(".rv-terms tr:not([hidden]) td:last-child").all_inner_texts()
    *terms, total = [decimal(one) for one in cells if one]
    assert len(terms) > 5
    assert sum(terms) == total
    return total
