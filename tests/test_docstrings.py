"""Every public function and record has an example in its docstring, and it runs."""

import doctest
from collections.abc import Mapping

import pytest

import rnnviz
from rnnviz import plot


def run_examples(thing: object, name: str) -> int:
    """How many examples ran; a wrong one fails the test and shows what came instead."""
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    for test in doctest.DocTestFinder(recurse=False).find(thing, name, globs={}):
        runner.run(test, out=said.append)
    assert not runner.failures, "".join(said)
    return runner.tries


@pytest.mark.parametrize("module", [rnnviz, plot], ids=["rnnviz", "plot"])
def test_examples_run(module) -> None:
    things = {name: getattr(module, name) for name in module.__all__}
    without = [name for name, thing in things.items()
               if not isinstance(thing, Mapping) and not run_examples(thing, name)]  # fmt: skip
    assert not without, "these have no example"
