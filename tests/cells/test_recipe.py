"""The recipe for a new cell, followed in a copy of the project: two files, and nothing else."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples"
COPIED = ("rnnviz", "tests", "pages", "static", ".streamlit", "app.py", "pyproject.toml")
JUDGES = (
    "tests/cells/conformance", "tests/cells/test_li_gru.py",
    "tests/analysis/test_cell_graph.py", "tests/analysis/test_jacobian.py",
    "tests/ui/components/test_cell_diagram.py", "tests/recipe",
    "tests/figures/test_palette.py", "tests/exports/test_scripts.py", "tests/plot/test_plot.py",
)  # fmt: skip
OF_IT = "li_gru or colour_of_its_own or equations_compute or a_cell_map_has"
IN_THE_APP = '''"""The cell in the app, in both languages."""

import pytest

from rnnviz.cells import CELLS
from rnnviz.figures import palette
from rnnviz.figures.palette import THEMES
from tests.ui.apps import in_words, live, open_app


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("script", ["app.py", "pages/Step.py", "pages/Gradient_flow.py"])
def test_li_gru_is_shown(script, language):
    app = open_app(script, cells="rnn,li_gru", cell="li_gru", lang=language, T=9, H=3)
    assert not app.exception
    if script == "pages/Step.py":
        (drawn,) = live(app)["cell_large"].head["cells"]
        assert {"z", "g", "h"} <= {node["name"] for node in drawn["nodes"]}
    assert "Li-GRU" in in_words(app)


def test_li_gru_has_a_colour_that_no_other_cell_has():
    for theme in THEMES:
        colors = [palette.cell_color(name, theme) for name in CELLS]
        assert len(set(colors)) == len(colors)
'''


def test_two_short_files_add_a_cell(tmp_path: Path) -> None:
    for name in COPIED:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "e2e", "screenshots", "benchmarks")
            shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    for name, folder, most in (("li_gru.py", "rnnviz", 45), ("test_li_gru.py", "tests", 20)):
        text = (EXAMPLES / name).read_text("utf-8")
        assert len(text.splitlines()) <= most
        (tmp_path / folder / "cells" / name).write_text(text, encoding="utf-8")
    (tmp_path / "tests" / "recipe").mkdir()
    (tmp_path / "tests" / "recipe" / "test_app.py").write_text(IN_THE_APP, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-n0", "-q", "-k", OF_IT, *JUDGES]
    made = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300
    )
    assert made.returncode == 0, made.stdout[-3000:]
