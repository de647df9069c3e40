"""What may import what: rooms only downwards, the numbers without the view or its packages."""

import subprocess
import sys
from graphlib import CycleError, TopologicalSorter

import pytest

import rnnviz
from tests.rooms import FLOOR, MODULES, ROOT, imports_of, room_of

NAMES = ["CELLS", "build", "from_torch", "open", "save", "run", "backprop", "Model", "Trace",
         "GradientFlow"]  # fmt: skip
SCRIPT = """
import sys
sys.path[:0] = {path!r}

class Nothing:
    def find_spec(self, name, *_):
        if name.split(".")[0] in ("pandas", "plotly", "streamlit", "torch", "scipy", "matplotlib",
                                  "safetensors", "h5py", "onnx"):
            raise ModuleNotFoundError("No module named " + repr(name), name=name)

sys.meta_path.insert(0, Nothing())
import numpy as np, rnnviz
from rnnviz.tasks import TASKS
model = rnnviz.build("lstm", 2, 3, output_size=1)
trace = rnnviz.run(model, np.ones((4, 2)))
flow = rnnviz.backprop(trace, rnnviz.SquaredError(np.ones((4, 1, 1))))
rnnviz.memory(flow), rnnviz.jacobian_map(trace), rnnviz.itemised(trace, flow.outputs)
assert all(one.ok for one in rnnviz.verify(trace, flow.outputs))
print(flow, flow._repr_html_()[:5])

def refused(call):
    try:
        call()
    except ImportError as error:
        print(error)

refused(trace.to_frame)
refused(lambda: rnnviz.plot)
refused(lambda: TASKS["stocks"].make(3))
refused(lambda: rnnviz.save(model, "net.safetensors"))
"""


def test_numpy_is_enough_and_what_needs_more_says_how_to_get_it() -> None:
    command = [sys.executable, "-W", "error", "-c", SCRIPT.format(path=sys.path)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    said = made.stdout.splitlines()
    assert said[0].startswith("GradientFlow(lstm, T=4, B=1, H=3")
    assert said[1:] == [
        "`Trace.to_frame` needs pandas, which is not installed: pip install 'rnnviz[app]'.",
        "`rnnviz.plot` needs plotly, which is not installed: pip install 'rnnviz[plot]'.",
        "The task 'stocks' needs pandas, which is not installed: pip install 'rnnviz[app]'.",
        "A .safetensors file needs safetensors, which is not installed: "
        "pip install 'rnnviz[files]'.",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_public_names_are_listed_and_there(name: str) -> None:
    assert name in rnnviz.__all__
    assert getattr(rnnviz, name).__doc__ if name != "CELLS" else rnnviz.CELLS


def test_everything_listed_is_there() -> None:
    assert sorted(rnnviz.__all__) == sorted(set(rnnviz.__all__))
    assert all(hasattr(rnnviz, name) for name in rnnviz.__all__)
    with pytest.raises(AttributeError, match="no attribute 'plott'"):
        rnnviz.plott  # noqa: B018


def test_the_field_s_names_are_the_same_functions() -> None:
    assert rnnviz.gradient_paths is rnnviz.roads
    assert rnnviz.GradientPaths is rnnviz.Roads
    assert rnnviz.loss_attribution is rnnviz.itemised
    assert rnnviz.jacobian_estimate is rnnviz.probed_map
    assert rnnviz.leading_directions is rnnviz.leading


def test_no_module_hides_behind_a_function_of_its_name() -> None:
    for name, module in list(sys.modules.items()):
        package, _, leaf = name.rpartition(".")
        if package.startswith("rnnviz") and package in sys.modules:
            assert getattr(sys.modules[package], leaf) is module, name


# ---- rooms -----------------------------------------------------------------------------------


def test_every_folder_stands_on_a_floor() -> None:
    folders = {path.name for path in ROOT.iterdir() if (path / "__init__.py").exists()}
    assert folders <= set(FLOOR), "say in FLOORS what a new room may import"


def test_rooms_import_only_from_the_floors_below() -> None:
    against = [
        f"{name} imports {one}"
        for name in MODULES
        if room_of(name) in FLOOR
        for one in imports_of(name)
        if room_of(one) != room_of(name) and FLOOR.get(room_of(one), 99) >= FLOOR[room_of(name)]
    ]
    assert not against


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: set(imports_of(name)) - {name} for name in MODULES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        pytest.fail(" → ".join(reversed(found.args[1])))


def test_what_every_page_imports_of_another_page_is_light() -> None:
    """The navigation imports every page's folder: that must not import what the page shows."""
    for name, path in MODULES.items():
        if name.startswith("rnnviz.ui.pages.") and path.name == "__init__.py":
            assert set(imports_of(name)) == {"rnnviz.ui.shell.navigation", "rnnviz.words"}, name


INSIDE_UI = ["", "components", "shell", "advice", "pages", "server"]
"""The same within `rnnviz/ui`: its own modules, then its folders."""


def folders_of(name: str) -> tuple[int, str]:
    """The floor of a module of the UI, and its page, if it belongs to one."""
    parts = name.split(".")[2:]
    folder = parts[0] if parts and parts[0] in INSIDE_UI else ""
    return INSIDE_UI.index(folder), parts[1] if folder == "pages" and len(parts) > 1 else ""


def test_within_the_view_pages_stand_on_top_and_know_no_other_page() -> None:
    against = []
    for name in (name for name in MODULES if room_of(name) == "ui"):
        floor, page = folders_of(name)
        for one in (one for one in imports_of(name) if room_of(one) == "ui"):
            below, other = folders_of(one)
            if below > floor or (page and other and page != other):
                against.append(f"{name} imports {one}")
    assert not against
