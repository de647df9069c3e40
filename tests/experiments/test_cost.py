"""Parameters and multiply-adds by formula, against what is stored and what is computed."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from rnnviz import CELLS, build
from rnnviz.cells._weights import plan
from rnnviz.experiments.cost import Count, cost, counted, nearest, resized, sizes, target, timed
from rnnviz.experiments.settings import Settings

FORMS = [(name, dict(zip(kind.choices, values, strict=True)))
         for name, kind in CELLS.items() for values in product(*kind.choices.values())]  # fmt: skip
SIZES = [(1, 16), (6, 5), (3, 1), (2, 9)]


@pytest.mark.parametrize(("name", "options"), FORMS)
def test_parameters_by_formula_are_those_that_are_stored(name, options):
    kind = CELLS[name](**options)
    for inputs, hidden in SIZES:
        stored = build(name, inputs, hidden, **options).parameter_count
        assert cost(kind).parameters.at(inputs, hidden) == stored
        assert counted(kind, inputs, hidden) == stored


def test_the_ratio_of_the_classics():
    found = {name: cost(CELLS[name]()).parameters for name in ("rnn", "gru", "lstm")}
    assert [one.at(1, 16) for one in found.values()] == [288, 864, 1152]
    assert [tuple(one) for one in found.values()] == [(n, n, n) for n in (1, 3, 4)]


class Counting(np.ndarray):
    """An array that counts the products made with it: of matrices, and of elements."""

    matrix = 0
    element = 0

    def __array_ufunc__(self, ufunc, method, *args, out=None, **more):
        result = getattr(ufunc, method)(
            *(np.asarray(one) for one in args),
            **({"out": tuple(np.asarray(one) for one in out)} if out else {}), **more,
        )  # fmt: skip
        if ufunc is np.multiply:
            Counting.element += result.size
        if ufunc is np.matmul:
            Counting.matrix += np.shape(args[0])[-1] * result.size
        return result.view(Counting)

    def dot(self, matrix, out):
        result = np.asarray(self).dot(np.asarray(matrix), np.asarray(out))
        Counting.matrix += self.shape[-1] * result.size
        return result.view(Counting)

    def __array_function__(self, func, types, args, kwargs):
        plain = [np.asarray(one) if isinstance(one, np.ndarray) else one for one in args]
        more = {k: np.asarray(v) if isinstance(v, Counting) else v for k, v in kwargs.items()}
        result = func(*plain, **more)
        if func is np.dot:
            Counting.matrix += plain[0].shape[-1] * result.size
        if isinstance(result, np.ndarray):
            return result.view(Counting)
        return [one.view(Counting) for one in result] if isinstance(result, list) else result


@pytest.mark.parametrize(("name", "options"), FORMS)
def test_multiply_adds_by_formula_are_those_of_the_running_step(name, options):
    """The cell's own step, run once on arrays that count."""
    inputs, hidden = 4, 7
    model = build(name, inputs, hidden, **options)
    kind = model.cell
    W = model.parameters[0]

    def rows(count):
        return np.full((1, 1, count * hidden), 0.3).view(Counting)

    def scratch(count):
        return rows(count)[0]

    step = kind.steps.forward
    planned = plan(step, kind.statement, ("b",))[0]
    weights = {key: one.of(W, hidden).view(Counting) for key, one in planned.items()}
    before, fixed, loop, looped = step.make(weights, scratch, scratch, np.array, hidden)
    widths = {group.key: len(group.nodes) for group in step.groups}
    Counting.matrix = Counting.element = 0
    before(rows, *[rows(widths.get(key, key.count("|") + 1)) for key in fixed])
    series = {key: rows(widths.get(key, key.count("|") + 1)) for key in looped}
    loop(*[one[0] if key in step.pasts else one for key, one in series.items()])
    by_input = inputs * len(kind.blocks) * hidden
    wanted = cost(kind).multiply_adds
    assert by_input == wanted.DH * inputs * hidden
    assert Counting.matrix == wanted.HH * hidden**2
    assert Counting.element == wanted.H * hidden


def test_formulas_are_written_out():
    assert str(Count(1, 1, 0)) == "DH + H²"
    assert str(Count(4, 7, 3)) == "4DH + 7H² + 3H"
    assert str(Count(0, 0, 0)) == "0"


@pytest.mark.parametrize("name", CELLS)
def test_the_nearest_size_is_the_nearest_of_all(name):
    kind = CELLS[name]()
    counts = {hidden: counted(kind, 3, hidden) for hidden in range(1, 200)}
    for goal in (1, 50, 333, 1152, counts[40], counts[40] + 1):
        assert nearest(kind, 3, goal) == min(counts, key=lambda one: abs(counts[one] - goal))


def test_sizes_are_equal_or_match_the_costliest_chosen_cell():
    one = Settings()
    assert set(sizes(one, tuple(CELLS), by_count=False).values()) == {16}
    found = sizes(one, one.cells, by_count=True)
    assert target(one) == counted(CELLS["lstm"](), 6, 16)
    assert found["lstm"] == 16
    assert found["rnn"] > found["gru"] > 16
    for cell, hidden in found.items():
        assert abs(counted(CELLS[cell](), 6, hidden) - target(one)) <= 0.05 * target(one)
    assert resized(one, 9).flow("rnn").trace.model.hidden_size == 9


def test_time_is_measured_in_turns_and_told():
    one, told = replace(Settings(), length=5, hidden_size=2), []
    found = timed(one, {"rnn": 2, "lstm": 3}, seconds=1e-9, least=3, told=told.append)
    assert {timing.runs for timing in found.values()} == {3}
    for timing in found.values():
        for low, middle, high in timing[1:]:
            assert 0 < low <= middle <= high < 1
    assert told
    assert max(told) <= 1


def test_functions_are_sigmoids_tanhs_and_relus_but_no_identity():
    kinds = (CELLS["lstm"](), CELLS["rnn"](), CELLS["rnn"](nonlinearity="identity"))
    assert [str(cost(kind).functions) for kind in kinds] == ["5H", "H", "0"]
