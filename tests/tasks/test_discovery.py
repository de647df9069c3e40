"""A file dropped in becomes a task."""

import math
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

import rnnviz.tasks
from rnnviz.tasks import TASKS, find_tasks

DROPPED = '''
"""A task of one's own."""

import numpy as np

from rnnviz.tasks import Example, Task


def generate(length, batch, rng):
    return Example(
        task="{name}",
        x=rng.random((length, batch, 1)),
        targets=np.zeros((length, batch, 1)),
        mask=np.ones(length, dtype=bool),
        loss="squared_error",
        input_labels=("noise",),
        step_labels=tuple(map(str, range(length))),
        output_labels=("nothing",),
    )


OWN = Task("{name}", "Own", "Forget everything.", generate)
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that counts as part of the package."""
    monkeypatch.setattr(rnnviz.tasks, "__path__", [*rnnviz.tasks.__path__, str(tmp_path)])
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if name.startswith("rnnviz.tasks."):
            del sys.modules[name]
            delattr(rnnviz.tasks, name.rpartition(".")[2])


def found() -> MappingProxyType:
    return find_tasks(rnnviz.tasks.__path__, "rnnviz.tasks")


def test_the_tasks_in_their_order() -> None:
    ours = ["sentence", "next_character", "stocks", "noisy_sine", "impulse", "adding", "copying",
            "first_symbol", "temporal_order", "parity"]  # fmt: skip
    assert list(TASKS)[: len(ours)] == ours
    assert all(name == task.name for name, task in TASKS.items())


def places(mask: np.ndarray) -> str:
    """Where a loss sits, in the words of the table."""
    assert (np.diff(mask.astype(int)) >= 0).all()
    return "every step" if mask.all() else "last step" if mask.sum() == 1 else "last steps"


def test_the_table_in_the_documents() -> None:
    text = (Path(__file__).parents[2] / "docs" / "tasks.md").read_text("utf-8")
    rows = [[cell.strip(" `") for cell in row.split("|")[1:-1]] for row in text.splitlines()
            if row.startswith("| `")]  # fmt: skip
    assert [row[0] for row in rows] == list(TASKS)
    for name, _, place, held_out, measure, naive, cost in rows:
        task = TASKS[name]
        example = task.make(30, seed=1, batch=256, part="test")
        usual = "accuracy" if example.loss == "cross_entropy" else "correlation"
        assert (held_out, measure, naive) == (task.held_out, task.score or usual, task.naive)
        assert place == places(example.mask)
        first = cost.split(" nats")[0].replace("ln ", "")
        stated = float(Fraction(first))
        expected = math.log(stated) if cost.startswith("ln") else stated
        assert example.baseline == pytest.approx(expected, rel=0.15 if stated < 1 else 0.02)
        if "=" in cost:
            bits = float(cost.split("= ")[1].split(" ")[0])
            assert bits == pytest.approx(stated / math.log(2), rel=0.003)


def test_the_mapping_is_read_only() -> None:
    with pytest.raises(TypeError):
        TASKS["own"] = TASKS["adding"]  # type: ignore[index]


def test_a_dropped_file_appears_last_and_works(folder: Path) -> None:
    (folder / "own_task.py").write_text(DROPPED.format(name="own"))
    (folder / "_notes.py").write_text("raise RuntimeError")
    tasks = found()
    assert [name for name in tasks if name not in TASKS] == ["own"]
    assert list(tasks).index("own") > list(tasks).index("parity")
    assert tasks["own"].make(5).x.shape == (5, 1, 1)


@pytest.mark.parametrize("count", [0, 2])
def test_a_file_without_exactly_one_task_is_refused(folder: Path, count: int) -> None:
    text = DROPPED.format(name="own") + "\nSECOND = Task('b', 'B', 'B.', generate)\n"
    (folder / f"own_{count}.py").write_text("" if count == 0 else text)
    sentence = f"`rnnviz.tasks.own_{count}` must define exactly one Task, got {count}."
    with pytest.raises(ImportError, match=sentence):
        found()


def test_a_name_that_is_taken_is_refused(folder: Path) -> None:
    (folder / "own_twin.py").write_text(DROPPED.format(name="adding"))
    with pytest.raises(ImportError, match="Task names must differ"):
        found()


def test_importing_tasks_draws_nothing() -> None:
    script = "\n".join([
        "import sys",
        f"sys.path[:0] = {sys.path!r}",
        "import rnnviz.tasks",
        "rnnviz.tasks.TASKS['stocks'].make(5)",
        "names = ['streamlit', 'plotly.graph_objects', 'plotly.graph_objs', 'plotly.express']",
        "print([name for name in names if name in sys.modules])",
    ])  # fmt: skip
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
