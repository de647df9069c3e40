"""A wheel holds the whole app, and what it asks for is what requirements.txt lists."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PARTS = ("rnnviz", "pages", "static", ".streamlit", "app.py", "setup.py", "pyproject.toml",
         "README.md", "LICENSE")  # fmt: skip
PAGE = """
import sys, rnnviz
from streamlit.testing.v1 import AppTest
from rnnviz.tasks import TASKS
from rnnviz.ui.place import APP
TASKS["next_character"].make(9)  # reads its text
assert str(APP).startswith(sys.argv[1]), APP
assert sorted(p.name for p in (APP / "pages").iterdir()) == sys.argv[2].split(), "pages"
app = AppTest.from_file(str(APP / "app.py"), default_timeout=60).switch_page("pages/Cuts.py").run()
assert not app.exception, app.exception
assert app.title or app.markdown
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel installs, built from a copy of the checkout."""
    source, made = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("made")
    for name in PARTS:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, source / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "wheel", str(source), "--no-deps", "-q",
               "--no-build-isolation", "--no-index", "--wheel-dir", str(made)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = made.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(made / "site")
    return made / "site"


def test_the_app_opens_from_an_installed_wheel(installed: Path, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    around = {**os.environ, "PYTHONPATH": str(installed), "HOME": str(tmp_path)}
    command = [sys.executable, "-m", "rnnviz", "--port", str(port), "--no-browser"]
    # Nothing of the checkout may help: another folder, and only the wheel on the path.
    with subprocess.Popen(command, cwd=tmp_path, env=around, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as server:  # fmt: skip
        try:
            assert _fetch(port, "_stcore/health", server) == b"ok"
            font = "static/fonts/Pretendard-Regular.subset.woff2"
            assert _fetch(port, f"app/{font}", server) == (ROOT / font).read_bytes()
            assert b"<html" in _fetch(port, "Cuts", server)
        finally:
            server.kill()
    pages = " ".join(sorted(path.name for path in (ROOT / "pages").glob("*.py")))
    command = [sys.executable, "-c", PAGE, str(installed), pages]
    shown = subprocess.run(command, cwd=tmp_path, env=around, capture_output=True, text=True,
                           check=False)  # fmt: skip
    assert shown.returncode == 0, shown.stderr


def _fetch(port: int, path: str, server: "subprocess.Popen[bytes]") -> bytes:
    """What is served there, as soon as the server answers at all, which may take a minute."""
    for left in reversed(range(600)):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=30) as answer:
                return answer.read()
        except urllib.error.URLError as error:
            refused = isinstance(error.reason, ConnectionRefusedError)
            if not refused or server.poll() is not None or not left:
                raise
            time.sleep(0.1)
    raise AssertionError


def test_extras_are_what_requirements_txt_lists() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    listed = re.findall(r"^[a-z].*$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    (own,) = (one for one in extras["app"] if one.startswith("rnnviz"))
    assert own == "rnnviz[cli]"  # click, which streamlit needs itself
    assert sorted([*listed, own]) == sorted([*project["dependencies"], *extras["app"]])
    assert set(extras["plot"]) < set(extras["app"])
    assert "safetensors" in " ".join(extras["files"])
