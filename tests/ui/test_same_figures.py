"""One idea, one number: what reaches step 1 is the same figure on every page that names it."""

import re
from collections import defaultdict
from functools import cache

import numpy as np
import pytest

from rnnviz import CELLS, advice
from rnnviz.advice import chips
from rnnviz.analysis.reach import alone, reach
from rnnviz.analysis.step_factors import shares
from rnnviz.experiments.settings import Settings
from rnnviz.ui.pages.training import findings_learning as learning
from rnnviz.ui.pages.whose_gradient import findings as whose
from rnnviz.words.numbers import number, share
from tests.ui.apps import SCRIPTS, alts, in_words, settings_of, shown

pytestmark = pytest.mark.usefixtures("unchecked")

SETTING = {"task": "noisy_sine", "T": 30, "H": 6, "seed": 5, "loss": "every"}
OWN = {"pages/Depth.py": {"layers": 1, "bi": 0}, "pages/Roads.py": {"cell": "lstm"},
       "pages/Whose_gradient.py": {"cell": "lstm"}, "pages/Gradient_flow.py": {"cell": "rnn"},
       "pages/Training.py": {"upd": 50}}  # fmt: skip
"""What some pages are asked for besides."""
SHARE, STEPS = r"(?P<share>\S+(?: %)?)", r"(?P<horizon>not reached|\d+)"
PATTERNS = [
    rf"\*\*(?P<cell>\w+)\*\*: of the gradient on the memory state \w at step 30, {SHARE} reaches "
    r"step 1, a mean factor of (?P<factor>\S+) a step. (?:Less than 1 % is left from )?"
    r"(?P<horizon>More|\d+)",
    rf"(?P<cell>\w+) [hc] {SHARE} reaches step 1 mean factor (?P<factor>\S+) · 1 % horizon {STEPS}",
    rf"\*\*(?P<cell>\w+)\*\* \| [hc] \| {SHARE} \| (?P<factor>\S+) \| {STEPS}",
    rf"(?P<cell>\w+)\W+of the gradient that the loss on step 30 sends to its own step, {SHARE} "
    rf"reaches step 1; the 1 % horizon is {STEPS}",
    r"multiplies the (?P<cell>\w+)'s gradient by (?P<W_h>\S+) \(Wₕ\) × (?P<slope>\S+) \(tanh′\) = "
    r"(?P<factor>\S+) on average",
    r"\*\*(?P<cell>RNN|LSTM|GRU)\*\* \| 1 \| (?P<factor>\d\S+) \|",
]
"""How pages say the figures; every group but the cell is one."""
OLD = re.compile(r"half-li(fe|ves)|least squares|first / last|figures of merit", re.IGNORECASE)


def text_of(script):
    """All that the main part of a page says, charts' words and HTML included."""
    app = shown(script, **SETTING, **OWN.get(script, {}))
    assert not app.exception, script
    plain = [re.sub(r"<[^>]*>", " ", one.proto.body) for one in app.get("html")]
    text = "\n".join([in_words(app), *plain, *alts(app).values()])
    text = text.replace("\N{NO-BREAK SPACE}", " ").replace("W_h", "Wₕ")
    return re.sub(r"[^\S\n]+", " ", text)


@cache
def found():
    """(cell's title, figure) → what is printed → the pages that print it."""
    said = defaultdict(lambda: defaultdict(set))
    for script in SCRIPTS:
        text = text_of(script)
        for pattern in PATTERNS:
            for hit in re.finditer(pattern, text):
                groups = hit.groupdict()
                cell = groups.pop("cell")
                for name, value in groups.items():
                    said[cell, name]["not reached" if value == "More" else value].add(script)
    return said


def test_every_figure_is_the_same_wherever_it_stands():
    asked = settings_of(shown(**SETTING))
    for (cell, name), values in found().items():
        assert len(values) == 1, f"{name} of the {cell}: {dict(values)}"
    for cell in asked.cells:
        flow, title = asked.flow(cell), CELLS[cell].title
        one = reach(flow)
        wanted = {"share": share(one.log10_share), "factor": number(one.factor),
                  "horizon": str(one.horizon or "not reached")}  # fmt: skip
        if cell == "rnn":
            parts = shares(alone(flow)[0].layers[0], one.start)
            wanted |= {"W_h": number(parts.weights), "slope": number(parts.phi)}
        for name, value in wanted.items():
            assert list(found()[title, name]) == [value], (title, name)
    pages = {name: {cell: next(iter(found()[cell, name].values())) for cell in ("RNN", "LSTM")}
             for name in ("share", "factor", "horizon")}  # fmt: skip
    assert pages["share"]["RNN"] == {"app.py", "pages/Gradient_flow.py"}
    assert pages["factor"]["RNN"] == pages["share"]["RNN"] | {"pages/Depth.py"}
    assert pages["share"]["LSTM"] == {"app.py", "pages/Roads.py", "pages/Whose_gradient.py"}


def test_no_page_fits_a_line_to_the_decay_or_names_another_figure_for_it():
    for script in SCRIPTS:
        assert not (hit := OLD.search(text_of(script))), (script, hit)


def test_a_gradient_that_grows_is_so_many_times_as_large_on_every_page():
    flow = Settings(cell_options=(("nonlinearity", "identity"),), scale=3.0, length=6).flow("rnn")
    one = reach(flow)
    times = f"{number(10**one.log10_share)} times"
    said = [chips.in_words(flow, one)[0], advice.left(flow.layers[0], one),
            whose.one_loss(np.array([one.log10_norms] * 6), 6),
            learning.part(one.log10_share)]  # fmt: skip
    for words in said:
        assert times in words
        assert "%" not in words


@pytest.mark.parametrize("cell", sorted(CELLS))
@pytest.mark.parametrize("signal", ["memory", "h", "all"])
def test_the_share_is_the_mean_factor_s_power_to_the_digits_printed(cell, signal):
    asked = settings_of(shown(**SETTING))
    for step in (2, 17, 30):
        one = reach(asked.flow(cell), signal, step=step)
        assert share((step - 1) * np.log10(one.factor)) == share(one.log10_share)
