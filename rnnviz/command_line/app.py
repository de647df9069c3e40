"""`rnnviz app`: serve the pages and open a browser."""

from __future__ import annotations

import os
import socket
from difflib import get_close_matches
from pathlib import Path

import click

from rnnviz.numerics.optional import needed
from rnnviz.recorder.layout import VARIABLE
from rnnviz.ui.place import APP


def _folder(ctx: click.Context, _: click.Parameter, value: str | None) -> Path | None:
    """A folder that is there, whole from the root."""
    if value is None:
        return None
    path = Path(value)
    if not value or not path.is_dir():
        names = ctx.parent.command.list_commands(ctx) if ctx.parent else []  # type: ignore[attr-defined]
        near = get_close_matches(value, names, 1)
        meant = f"; did you mean `{near[0]}`?" if near else ""
        raise click.BadParameter(f"{value!r} is no command and no folder of runs{meant}")
    return path.resolve()


@click.command(help="""\
Open the pages in a browser. Nothing is sent anywhere: they run on this machine.

RUNS is a folder of recorded training runs, for the page Runs.""")
@click.argument("runs", required=False, callback=_folder, metavar="[RUNS]")
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True,
              help="Where the app listens.")
@click.option("--address", default="127.0.0.1", show_default=True,
              help="The default is for this machine alone; 0.0.0.0 shares it.")  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Only serve, open no browser.")
def command(runs: Path | None, port: int, address: str, *, no_browser: bool) -> None:
    """Serve the app until it is interrupted."""
    for package in ("plotly", "pandas"):
        needed(package, who="The app", extra="app")
    streamlit = needed("streamlit.web.cli", who="The app", extra="app")
    refuse_taken(address, port)
    if runs is not None:
        os.environ[VARIABLE] = str(runs)
        host = f"[{address}]" if ":" in address else address
        click.echo(f"The recorded runs: http://{host}:{port}/Runs")
    streamlit.main([
        "run", str(APP / "app.py"), f"--server.port={port}", f"--server.address={address}",
        f"--server.headless={str(no_browser).lower()}", "--server.fileWatcherType=none",
    ], standalone_mode=False)  # fmt: skip


def refuse_taken(address: str, port: int) -> None:
    """Raise ValueError where nothing can be served at that address and port."""
    try:
        kind, *_, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(kind, socket.SOCK_STREAM) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, os.name == "posix")
            one.bind(place)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ValueError(f"The app cannot be served at {address}, port {port}: {why}. Name others "
                         "by --address and --port.") from error  # fmt: skip
