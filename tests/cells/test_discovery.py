"""A file dropped into the folder is a cell: in CELLS, built, run and differentiated."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np

import rnnviz
from rnnviz.cells import Cell

PACKAGE = Path(rnnviz.__file__).parent
NEW = '''"""h = 2 · (x W_x + h_prev W_h + b)."""
from rnnviz.cells._base import Signal
from rnnviz.cells.rnn import RNN

class Doubled(RNN):
    """An identity RNN under another name."""

    name = "doubled"
    title = "Doubled"
    choices = {"nonlinearity": ("identity",)}
'''
SCRIPT = """
import numpy as np, rnnviz
assert list(rnnviz.CELLS) == sorted(rnnviz.CELLS), list(rnnviz.CELLS)
assert "doubled" in rnnviz.CELLS and "hidden" not in rnnviz.CELLS
model = rnnviz.build("doubled", 2, 3)
flow = rnnviz.backprop(rnnviz.run(model, np.ones((4, 2))), np.ones((4, 3)))
print(flow["h"].shape)
"""


def test_the_four_cells_are_found() -> None:
    assert {"rnn", "lstm", "peephole_lstm", "gru"} <= set(rnnviz.CELLS)
    assert all(issubclass(cell, Cell) and cell.name == name for name, cell in rnnviz.CELLS.items())


def test_a_dropped_in_file_is_a_cell(tmp_path: Path) -> None:
    copy = tmp_path / "rnnviz"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "ui", "figures"))
    (copy / "cells" / "doubled.py").write_text(NEW, encoding="utf-8")
    hidden = NEW.replace('"doubled"', '"hidden"')
    (copy / "cells" / "_hidden.py").write_text(hidden, encoding="utf-8")
    command = [sys.executable, "-W", "error", "-c", SCRIPT]
    made = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    assert made.stdout.strip() == "(4, 1, 3)"


def test_each_cell_says_its_options_and_takes_the_first_by_default() -> None:
    for cell in rnnviz.CELLS.values():
        assert cell().options == {key: values[0] for key, values in cell.choices.items()}


def test_block_takes_a_view_of_one_gate() -> None:
    cell = rnnviz.CELLS["lstm"]()
    wide = np.arange(24).reshape(2, 12)
    for k, name in enumerate("ifgo"):
        np.testing.assert_array_equal(cell.block(name, wide), wide[:, 3 * k : 3 * k + 3])
        assert np.shares_memory(cell.block(name, wide), wide)
