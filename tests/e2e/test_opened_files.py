"""Files opened in a browser: a net and a table, shown on the pages; names that look like markup."""

from __future__ import annotations

import io

import numpy as np
from playwright.sync_api import expect

from rnnviz import build
from rnnviz.formats.sequences import sample
from tests.ui.opened_nets import torch_arrays

from .visit import move, wait_until_idle

HOSTILE = "![i](http://203.0.113.9/x.png)<script>document.title='ran'</script>:material/home:"
STEPS = 12


def weights(prefix=""):
    """A net of PyTorch as an .npz file."""
    file = io.BytesIO()
    np.savez(file, **torch_arrays(build("lstm", 2, 4, seed=1), prefix))
    return file.getvalue()


def table(name):
    """Two columns, the first under this name."""
    quoted = '"' + name.replace('"', '""') + '"'
    rows = [f"{np.sin(t):.3f},{np.cos(t):.3f}" for t in range(STEPS)]
    return "\n".join([f"{quoted},b", *rows]).encode()


def drop(page, name, data, field):
    """Open a file by one of the two fields, and wait until the page has read it."""
    region = page.get_by_role("region", name=field)
    region.locator("input[type=file]").first.set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )
    expect(region.get_by_text("B", exact=False).first).to_be_visible()
    page.wait_for_timeout(300)  # the upload ends before the script begins
    wait_until_idle(page)


def test_names_of_files_and_columns_are_shown_as_text_and_nothing_is_fetched(
    open_app, page, no_errors
):
    open_app(page, "/Your_net")
    drop(page, f"{HOSTILE}.npz", weights("![t](http://203.0.113.9/t.png)."), "Open a net…")
    drop(page, f"{HOSTILE}.csv", table(HOSTILE), "Open a sequence…")
    main = page.get_by_test_id("stMain")
    expect(main.get_by_text("T = 12 steps of D = 2 values")).to_be_visible()
    expect(main.locator(".st-key-rv-opened-net")).to_contain_text("［i］（http")
    drop(page, f"{HOSTILE}.csv", b"a,b\n1\n", "Open a sequence…")
    expect(main.locator(".st-key-rv-refused-sequence")).to_contain_text("![i](http")
    for path in ("/", "/Gradient_flow", "/Step"):
        move(page, path)
        expect(page.get_by_test_id("stSidebar").get_by_text("Open files")).to_be_visible()
        assert page.locator("img[src^='http://203']").count() == 0
        assert page.title() != "ran"
    no_errors(page)


def test_the_cursors_follow_the_sound_of_an_opened_sequence(open_app, page, no_errors):
    open_app(page, "/Your_net", cells="rnn", H=2)
    drop(page, "speech.wav", sample("speech.wav"), "Open a sequence…")
    move(page, "/Roads")
    page.wait_for_function("() => document.querySelector('.st-key-rv-sound audio')?.duration > 5")
    page.evaluate("() => { document.querySelector('.st-key-rv-sound audio').currentTime = 2; }")
    page.wait_for_function("() => document.documentElement.dataset.rvT === '201'")
    no_errors(page)
