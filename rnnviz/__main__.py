"""`python -m rnnviz`: open the app in a browser, from a checkout or an installed wheel."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

import rnnviz
from rnnviz.numerics.optional import needed
from rnnviz.recorder.layout import VARIABLE
from rnnviz.ui.place import APP


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve the app until it is interrupted."""
    parser = ArgumentParser(
        prog="python -m rnnviz",
        description="Open rnnviz in a browser. Nothing is sent anywhere: it runs on this machine.",
    )
    parser.add_argument("runs", nargs="?", type=folder, metavar="RUNS",
                        help="a folder of recorded training runs, for the page Runs")  # fmt: skip
    parser.add_argument("--port", type=port, default=8501, help="default: 8501")
    parser.add_argument(
        "--address", default="127.0.0.1",
        help="default: 127.0.0.1, for this machine alone; 0.0.0.0 shares it",
    )  # fmt: skip
    parser.add_argument("--no-browser", action="store_true", help="only serve, open no browser")
    parser.add_argument("--version", action="version", version=f"rnnviz {rnnviz.__version__}")
    asked = parser.parse_args(arguments)
    try:
        for package in ("plotly", "pandas"):
            needed(package, who="The app", extra="app")
        streamlit = needed("streamlit.web.cli", who="The app", extra="app")
    except ImportError as missing:
        parser.exit(1, f"{missing}\n")
    if asked.runs is not None:
        os.environ[VARIABLE] = str(asked.runs)
    streamlit.main([
        "run", str(APP / "app.py"), f"--server.port={asked.port}",
        f"--server.address={asked.address}", f"--server.headless={str(asked.no_browser).lower()}",
    ])  # fmt: skip


def port(text: str) -> int:
    """A number from 1 to 65535."""
    port = int(text)
    if not 1 <= port <= 65535:
        raise ValueError(text)
    return port


def folder(text: str) -> Path:
    """A folder that is there, whole from the root."""
    path = Path(text)
    if not path.is_dir():
        raise ValueError(text)
    return path.resolve()


if __name__ == "__main__":
    main()
