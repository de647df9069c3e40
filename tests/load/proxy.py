"""Two replicas of the app and a real nginx before them, on ports of 127.0.0.1."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from contextlib import suppress
from email.message import Message
from pathlib import Path
from types import TracebackType
from urllib.request import Request, urlopen

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.e2e.server import ROOT, _free_port

NAMES = ("one", "two")
AROUND = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  include /etc/nginx/mime.types;
  log_format asked '$cookie_rnnviz $answered $status $uri';
  access_log {folder}/access.log asked;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  include {folder}/app.conf;
}}
"""


class Proxied:
    """The replicas "one" and "two" and nginx; they end with the block.

    path  where the app is served, without slashes; "" for the top
    """

    def __init__(self, folder: Path, path: str = "") -> None:
        self.folder, self.path = folder, path
        self.ports = {name: _free_port() for name in NAMES}
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}/{path}{'/' if path else ''}"
        self.replicas: dict[str, subprocess.Popen[bytes]] = {}
        self.read, self.last = 0, list[list[str]]()

    def __enter__(self) -> Proxied:
        for name in NAMES:
            self.start(name)
        (self.folder / "app.conf").write_text(filled(self.port, *self.ports.values()))
        (self.folder / "nginx.conf").write_text(AROUND.format(folder=self.folder))
        command = ["nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]
        subprocess.run([*command, "-t"], check=True, stderr=subprocess.DEVNULL)
        self.nginx = subprocess.Popen(command)
        self.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        for one in (self.nginx, *self.replicas.values()):
            one.terminate()
        for one in (self.nginx, *self.replicas.values()):
            one.wait(20)

    def start(self, name: str) -> None:
        """Start a replica; `wait` waits until it answers."""
        told = {"PORT": self.ports[name], "ADDRESS": "127.0.0.1", "HEADLESS": "true",
                "FILE_WATCHER_TYPE": "none", "BASE_URL_PATH": self.path}  # fmt: skip
        around = os.environ | {f"STREAMLIT_SERVER_{key}": str(value) for key, value in told.items()}
        with (self.folder / f"{name}.log").open("ab") as log:
            self.replicas[name] = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", "app.py"], cwd=ROOT,
                env=around | {"RNNVIZ_RUNS": "off"}, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log,
            )  # fmt: skip

    def kill(self, name: str) -> None:
        """Kill a replica at once."""
        self.replicas[name].kill()
        self.replicas[name].wait()

    def wait(self) -> None:
        """Wait until both replicas answer."""
        for port in self.ports.values():
            for _ in range(600):
                with suppress(OSError), urlopen(self._health(port), timeout=5):
                    break
                time.sleep(0.1)

    def _health(self, port: int) -> str:
        return f"http://127.0.0.1:{port}/{self.path}/_stcore/health".replace("//_", "/_")

    def fetch(self, path: str, cookie: str = "", accept: str = "") -> tuple[Message, bytes]:
        """Headers and body of an answer by nginx."""
        told = {"Cookie": f"rnnviz={cookie}"} if cookie else {}
        if accept:
            told["Accept-Encoding"] = accept
        with urlopen(Request(self.url + path, headers=told), timeout=30) as answer:
            return answer.headers, answer.read()

    def answered_by(self, cookie: str = "") -> list[int]:
        """How many requests, with a cookie, each replica has answered since this was asked last."""
        whole = (self.folder / "access.log").read_text()
        new, self.read = whole[self.read :], len(whole)
        self.last = [line.split() for line in new.splitlines()]
        return [sum(found[1] == name and cookie in ("", found[0]) for found in self.last)
                for name in NAMES]  # fmt: skip

    def sockets(self, cookie: str) -> int:
        """How many WebSockets were among them."""
        return sum(found[0] == cookie and found[2] == "101" for found in self.last)


def filled(listen: int, one: int, two: int) -> str:
    """deploy/nginx.conf as `envsubst` fills it in, and with other ports for the replicas."""
    text = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    given = {"LISTEN": f"127.0.0.1:{listen}", "ONE": "127.0.0.1", "TWO": "127.0.0.1",
             "FRAME_ANCESTORS": "'self'"}  # fmt: skip
    text = re.sub(r"\$\{RNNVIZ_(\w+)\}", lambda found: given[found[1]], text)
    return text.replace(":8501", f":{one}").replace(":8502", f":{two}")
