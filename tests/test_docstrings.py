"""Every example in a public docstring runs, and every public function has one."""

import doctest

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


@pytest.mark.parametrize("module", [plot], ids=["plot"])
def test_examples_run(module) -> None:
    without = [name for name in module.__all__
               if not run_examples(getattr(module, name), f"{module.__name__}.{name}")]  # fmt: skip
    assert not without, "these have no example"


def test_the_package_example_runs() -> None:
    run_examples(rnnviz, "rnnviz")
