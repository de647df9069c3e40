"""Find a Chromium-like browser that works here, or get one.

The order is: installed on this machine, Playwright's own, Playwright's own after a download,
the system's package manager. A browser counts as found once it has been launched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SHORT_LIVED = (
    "--js-flags=--no-opt --no-maglev --min-semi-space-size=64 --max-semi-space-size=64"
    " --initial-heap-size=500 --single-threaded-gc --no-incremental-marking",
)
"""Where pages live for seconds, to optimise their scripts and to collect their garbage early costs
more than it saves: a third of the processor's time to open one. Not for measuring the app."""
NO_BROWSER = (
    "No browser to test in: install Chromium, Chrome or Edge, or run "
    "`python -m playwright install chromium`, then run the tests again."
)
DOWNLOAD_SECONDS = 600
PACKAGE_SECONDS = 900

_ON_PATH = (
    "chromium-headless-shell",  # without a user interface, which takes a tenth of the time
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
    "chrome",
    "msedge",
)
_LINUX = (
    "/usr/lib/chromium/chromium-headless-shell",
    "/usr/lib/chromium/chromium",
    "/opt/google/chrome/chrome",
    "/opt/microsoft/msedge/msedge",
    "/snap/bin/chromium",
)
_MACOS = ("Chromium", "Google Chrome", "Microsoft Edge")
_WINDOWS = (
    ("Chromium", "Application", "chrome.exe"),
    ("Google", "Chrome", "Application", "chrome.exe"),
    ("Microsoft", "Edge", "Application", "msedge.exe"),
)

Executable = str | None
"""The path of a browser, or None for the one that Playwright keeps for itself."""
Run = Callable[[Sequence[str], float], bool]


def installed(
    platform: str = sys.platform,
    environ: Mapping[str, str] = os.environ,
    which: Callable[[str], str | None] = shutil.which,
    exists: Callable[[str], bool] = os.path.exists,
) -> list[str]:
    """Paths of the browsers found on this machine, best first, each once."""
    places = [path for name in _ON_PATH if (path := which(name))]
    places += [path for path in _well_known(platform, environ) if exists(path)]
    return list(dict.fromkeys(places))


def _well_known(platform: str, environ: Mapping[str, str]) -> Iterator[str]:
    if platform == "win32":
        for root in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData"):
            if root in environ:
                yield from ("\\".join((environ[root], *parts)) for parts in _WINDOWS)
    elif platform == "darwin":
        for root in ("", environ.get("HOME", "")):
            yield from (f"{root}/Applications/{n}.app/Contents/MacOS/{n}" for n in _MACOS)
    else:
        yield from _LINUX


def run(command: Sequence[str], seconds: float) -> bool:
    """Run a command without output; True if it ended without an error and in time."""
    environ = {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "20000"} | os.environ
    environ["DEBIAN_FRONTEND"] = "noninteractive"
    # No pipes: a grandchild that outlives the timeout would keep them, and us, waiting.
    none = subprocess.DEVNULL
    try:
        done = subprocess.run(
            command, timeout=seconds, env=environ, stdin=none, stdout=none, stderr=none, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def download(run: Run = run) -> Iterator[Executable]:
    """Playwright's own browser, fetched now; nothing where it cannot be had."""
    if run([sys.executable, "-m", "playwright", "install", "chromium"], DOWNLOAD_SECONDS):
        yield None


def package(
    run: Run = run,
    which: Callable[[str], str | None] = shutil.which,
    is_root: Callable[[], bool] = lambda: hasattr(os, "geteuid") and os.geteuid() == 0,
    find: Callable[[], Iterable[str]] = installed,
) -> Iterator[Executable]:
    """Debian's or Ubuntu's Chromium, installed now; nothing unless we are root there."""
    apt = which("apt-get")
    if apt is None or not is_root():
        return
    # One unreachable repository fails the update as a whole, yet Chromium may be in another.
    run([apt, "update"], PACKAGE_SECONDS)
    if run([apt, "-o", "DPkg::Lock::Timeout=120", "install", "-y", "chromium"], PACKAGE_SECONDS):
        yield from find()


def candidates() -> Iterator[Executable]:
    """Browsers in the order in which to try them; a later way is gone only when asked for."""
    yield from installed()
    yield None
    yield from download()
    yield from package()


def launch(
    playwright: Playwright, executable: Executable, more: Sequence[str] = ()
) -> Browser | None:
    """The browser, running and proven to show a page, or None if it does not start."""
    path = Path(executable) if executable else None
    try:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *more])
    except Error:
        return None
    try:
        page = browser.new_page()
        page.set_content("<title>ready</title>")
        ready = page.title() == "ready"
        page.close()
    except Error:
        ready = False
    if not ready:
        browser.close()
        return None
    return browser


def first_working(
    start: Callable[[Executable], Browser | None], among: Iterable[Executable]
) -> Browser | None:
    """The first browser that starts, None if none does; what comes after it is never asked for."""
    return next((found for one in among if (found := start(one)) is not None), None)
