"""The notebooks of docs/notebooks run from top to bottom, without PyTorch."""

from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs/notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
BEFORE = f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.modules['torch'] = None"


def test_they_run_and_are_stored_without_outputs() -> None:
    """In one kernel: most of the time goes into its start."""
    whole = new_notebook(cells=[new_code_cell(BEFORE)])
    for path in NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert not any(cell.outputs or cell.execution_count for cell in codes), path
        whole.cells += codes
    NotebookClient(whole, timeout=60, resources={"metadata": {"path": str(FOLDER)}}).execute()
    kinds = [set(one.get("data", {})) for cell in whole.cells for one in cell.outputs]
    assert sum("application/vnd.plotly.v1+json" in one for one in kinds) >= 5
    assert sum("text/html" in one for one in kinds) >= 5
    assert len(NOTEBOOKS) == 3
