"""The numbers need NumPy and pandas; neither a browser page nor PyTorch, nor a drawing."""

import subprocess
import sys

import pytest

import rnnviz

NAMES = ["CELLS", "build", "from_torch", "run", "backprop", "Model", "Trace", "GradientFlow"]
SCRIPT = """
import sys
sys.path[:0] = {path!r}
import numpy as np, rnnviz
model = rnnviz.build("lstm", 2, 3, output_size=1)
trace = rnnviz.run(model, np.ones((4, 2)))
rnnviz.backprop(trace, rnnviz.SquaredError(np.ones((4, 1, 1)))).log10_norms("h")
trace.to_frame()
print(" ".join(sorted({{name.split(".")[0] for name in sys.modules}})))
"""


@pytest.fixture(scope="module")
def imported() -> set[str]:
    command = [sys.executable, "-W", "error", "-c", SCRIPT.format(path=sys.path)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return set(made.stdout.split())


@pytest.mark.parametrize("name", ["streamlit", "torch", "plotly", "matplotlib", "scipy"])
def test_the_core_does_not_import(imported: set[str], name: str) -> None:
    assert name not in imported


def test_the_core_imports_what_it_says(imported: set[str]) -> None:
    assert {"rnnviz", "numpy", "pandas"} <= imported


@pytest.mark.parametrize("name", NAMES)
def test_public_names_are_listed_and_there(name: str) -> None:
    assert name in rnnviz.__all__
    assert getattr(rnnviz, name).__doc__ if name != "CELLS" else rnnviz.CELLS


def test_everything_listed_is_there() -> None:
    assert sorted(rnnviz.__all__) == sorted(set(rnnviz.__all__))
    assert all(hasattr(rnnviz, name) for name in rnnviz.__all__)
