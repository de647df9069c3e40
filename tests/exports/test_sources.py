"""The sources of an experiment: each that is named on the screen has an entry."""

import re

import rnnviz
from rnnviz.experiments.presets import PRESETS
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.trained import Trained
from rnnviz.exports.sources import cited, entries, field_of
from rnnviz.sweeps.theory_lines import KNOWN
from rnnviz.training import Plan
from rnnviz.words._catalogues import FOLDER

NAME = r"(?:van der )?[A-Z][\w'-]+"
NAMED = re.compile(rf"({NAME}(?:(?:, | and |, and ){NAME})*(?: et al\.)?) \(?((?:18|19|20)\d\d)\b")


def keys(text: str) -> list[str]:
    return re.findall(r"@\w+{(\w+),", text)


def test_entries_have_what_bibtex_asks_for() -> None:
    needed = {"article": ("journal",), "inproceedings": ("booktitle",), "book": ("publisher",),
              "mastersthesis": ("school",), "misc": ()}  # fmt: skip
    assert len({one.key for one in entries()}) == len(entries())
    for one in entries():
        kind = one.text[1 : one.text.index("{")]
        for name in ("author", "title", "year", *needed[kind]):
            assert field_of(one.text, name), (one.key, name)
        assert one.text.count("{") == one.text.count("}"), one.key
        assert one.text.isascii(), one.key
        assert one.key.startswith(re.sub(r"\W", "", one.families[0]).lower() + one.year)


def test_every_source_on_the_screen_has_an_entry() -> None:
    catalogue = (FOLDER / "ko/LC_MESSAGES/rnnviz.po").read_text("utf-8")
    said = re.findall(r'^msgid "(.+)"$', catalogue, re.MULTILINE)
    said += [kind.source for kind in rnnviz.CELLS.values()]
    said += [one.source for one in PRESETS.values()]
    said += [papers for _, _, papers in KNOWN.values()]
    missing = {f"{names} {year}" for text in said for names, year in NAMED.findall(text)
               if not cited(f"{names} {year}")}  # fmt: skip
    assert not missing


def test_a_text_names_a_source_by_all_of_its_authors() -> None:
    assert keys(" ".join(one.text for one in cited("see Gers and Schmidhuber 2000"))) == [
        "gers2000recurrent"]  # fmt: skip
    assert not cited("Mikolov and Bengio 2013; Olah, Hinton 2012")
    assert [one.year for one in cited("After Saxe et al. (2014)")] == ["2014"]
    assert [one.key for one in cited("(circular law, Girko 1985)")] == ["girko1985circular"]


def test_the_sources_are_those_of_the_experiment() -> None:
    fresh = rnnviz.bibtex(Settings(cells=("gru",), init="chrono", task="adding"))
    assert keys(fresh) == ["arjovsky2016unitary", "cho2014learning", "hochreiter1997long",
                           "tallec2018can", "werbos1990backpropagation"]  # fmt: skip
    plan = Plan("adding", optimiser="rmsprop", window=5)
    learnt = keys(rnnviz.bibtex(Settings(task="adding", cells=("rnn",), trained=Trained(plan))))
    assert {"tieleman2012rmsprop", "williams1990efficient", "pascanu2013difficulty"} <= {*learnt}
    both = rnnviz.build("lstm", 1, 2, bidirectional=True)
    assert "schuster1997bidirectional" in keys(rnnviz.bibtex(both, also="Olah 2015"))
    assert "olah2015understanding" in keys(rnnviz.bibtex(both, also="Olah 2015"))
