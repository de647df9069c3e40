"""The menu on every figure: what it saves is what is drawn."""

import csv
import re

import pytest

from rnnviz.experiments.settings import Settings

LINK = {"task": "noisy_sine", "T": 12, "H": 3, "seed": 5}
SMALL = Settings(task="noisy_sine", length=12, hidden_size=3, seed=5)


def saved(page, place, name):
    """The file that an entry of the figure's menu gives."""
    page.locator(f"{place} .rv-menu-button").first.click()
    with page.expect_download() as found:
        page.get_by_role("menuitem", name=name).click()
    return found.value


@pytest.mark.parametrize(
    ("path", "place", "column"),
    [("/Gradient_flow", ".st-key-all_flows", "memory state (log10)"),
     ("/", ".rv-overview-plot", "RNN (log10)")],
)  # fmt: skip
def test_a_figure_can_be_saved_as_a_picture_and_as_data(
    open_app, page, no_errors, path, place, column
):
    open_app(page, path, **LINK)
    picture = saved(page, place, re.compile("SVG")).path().read_text("utf-8")
    assert picture.startswith("<svg")
    assert "<path" in picture
    assert saved(page, place, re.compile("PNG")).path().read_bytes()[:4] == b"\x89PNG"
    text = saved(page, place, re.compile("CSV")).path().read_text("utf-8")
    wanted = SMALL.flow("rnn").log10_norms("h")[:, 0]
    rows = list(csv.DictReader(text.splitlines()))
    if column in rows[0]:
        found = [float(row[column]) for row in rows]
    else:
        found = [float(row["y"]) for row in rows
                 if row["panel"] == "RNN" and row["series"] == column]  # fmt: skip
    assert found == pytest.approx(list(wanted))
    assert page.locator(".modebar-container").first.is_hidden()
    no_errors(page)
