"""The terms that the drawing prints add up to the printed sum."""

from decimal import Decimal

import pytest

from rnnviz.browser.bundle import script as script_file
from rnnviz.browser.packets import ROOT

from .pictures import RAISED

SCRIPTS = ["_shared.js", "cell_diagram/diagram_numbers.js"]


FUZZ = """() => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  return Array.from({ length: 3000 }, () => {
    const size = 10 ** (random() * 24 - 12);
    const values = Array.from({ length: 1 + Math.floor(random() * 12) },
      () => (random() - 0.5) * size * 10 ** (-6 * random()));
    const found = ledger(values);
    return [found.terms, found.total, values];
  });
}"""


def exact(text):
    """A printed number, to its last digit."""
    mantissa, _, exponent = text.replace("−", "-").partition("·10")
    return Decimal(f"{mantissa}e{exponent.translate(RAISED) or 0}")


def test_printed_terms_add_up_to_the_printed_sum_whatever_they_are(browser):
    page = browser.new_page()
    for script in SCRIPTS:
        lines = script_file(ROOT, script).lines
        page.add_script_tag(content="\n".join(lines))
    for terms, total, values in page.evaluate(FUZZ):
        printed_terms = [exact(one) for one in terms]
        assert sum(printed_terms) == exact(total)
        scale = max(abs(one) for one in [*values, sum(values)])
        for shown, value in zip(printed_terms, values, strict=True):
            assert float(shown) == pytest.approx(value, abs=2e-3 * scale)
        assert float(exact(total)) == pytest.approx(sum(values), abs=1e-3 * scale)
    page.close()
