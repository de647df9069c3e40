"""The order in which a browser is looked for, told with fakes; and that this machine has one."""

import sys

import pytest

from . import browser as browsers


def nothing(_: object) -> None:
    return None


def runs(log, *, well=True):
    """A fake `run` that writes commands down."""

    def run(command, seconds):
        assert seconds > 0
        log.append([*command])
        return well

    return run


def test_browsers_on_the_path_come_before_well_known_places():
    found = browsers.installed(
        "linux",
        {},
        which={"google-chrome": "/usr/bin/google-chrome"}.get,
        exists=lambda path: path == "/opt/google/chrome/chrome",
    )
    assert found == ["/usr/bin/google-chrome", "/opt/google/chrome/chrome"]


def test_a_headless_shell_comes_before_the_browser_that_it_is_part_of():
    found = browsers.installed("linux", {}, which="/usr/bin/{}".format, exists=lambda _: False)
    assert found[:2] == ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"]


def test_a_browser_found_twice_is_tried_once():
    place = "/snap/bin/chromium"
    found = browsers.installed("linux", {}, which=lambda _: place, exists=lambda _: True)
    assert found.count(place) == 1


@pytest.mark.parametrize(
    ("platform", "environ", "place"),
    [
        (
            "win32",
            {"ProgramFiles(x86)": r"C:\Program Files (x86)"},
            r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
        ),
        (
            "win32",
            {"LocalAppData": r"C:\Users\me\AppData\Local"},
            r"C:\Users\me\AppData\Local\Google\Chrome\Application\chrome.exe",
        ),
        ("darwin", {}, "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"),
        (
            "darwin",
            {"HOME": "/Users/me"},
            "/Users/me/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        ),
        ("linux", {}, "/opt/microsoft/msedge/msedge"),
    ],
)
def test_well_known_places(platform, environ, place):
    found = browsers.installed(platform, environ, which=nothing, exists=lambda path: path == place)
    assert found == [place]


def test_download_asks_this_very_playwright():
    log = []
    assert list(browsers.download(runs(log))) == [None]
    assert log == [[sys.executable, "-m", "playwright", "install", "chromium"]]
    assert list(browsers.download(runs(log, well=False))) == []


def test_apt_only_as_root():
    log = []
    ways = browsers.package(
        runs(log), which=lambda _: "/usr/bin/apt-get", is_root=lambda: False, find=lambda: ["x"]
    )
    assert list(ways) == []
    assert log == []


def test_apt_only_where_there_is_one():
    log = []
    ways = browsers.package(runs(log), which=nothing, is_root=lambda: True, find=lambda: ["x"])
    assert list(ways) == []
    assert log == []


def test_apt_updates_installs_and_looks_again():
    log = []
    ways = browsers.package(
        runs(log),
        which=lambda _: "/usr/bin/apt-get",
        is_root=lambda: True,
        find=lambda: ["/usr/bin/chromium"],
    )
    assert list(ways) == ["/usr/bin/chromium"]
    assert [command[-1] for command in log] == ["update", "chromium"]


def test_no_way_is_gone_before_the_earlier_ones_failed(monkeypatch):
    gone = []

    def way(name, *found):
        def go():
            gone.append(name)
            yield from found

        return go

    monkeypatch.setattr(browsers, "installed", lambda: ["broken", "chrome"])
    monkeypatch.setattr(browsers, "download", way("download", None))
    monkeypatch.setattr(browsers, "package", way("package", "apt"))

    def first(*working):
        gone.clear()
        tried = []

        def start(path):
            tried.append(path)
            return path if len(tried) in working else None

        return browsers.first_working(start, browsers.candidates()), list(gone)

    assert first(2) == ("chrome", [])
    assert first(5) == ("apt", ["download", "package"])


def test_without_a_browser_there_is_none_and_one_sentence_says_what_to_do():
    assert browsers.first_working(nothing, ["a", None]) is None
    assert browsers.NO_BROWSER.count(".") == 1
    assert browsers.NO_BROWSER.endswith(".")


def test_run_survives_what_is_missing_slow_or_failing():
    assert browsers.run([sys.executable, "-c", "print('out')"], 60)
    assert not browsers.run([sys.executable, "-c", "raise SystemExit(3)"], 60)
    assert not browsers.run([sys.executable, "-c", "import time; time.sleep(60)"], 0.5)
    assert not browsers.run(["no-such-program"], 60)


def test_a_program_that_is_no_browser_does_not_start(playwright):
    assert browsers.launch(playwright, sys.executable) is None


def test_a_browser_is_here(page):
    page.set_content("<h1>ready</h1>")
    assert page.get_by_role("heading").inner_text() == "ready"
