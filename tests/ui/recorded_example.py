"""The runs that come with the app, as the page reads them."""

import rnnviz
from rnnviz.ui.pages.runs import folder
from rnnviz.ui.pages.runs.seen import Seen, see


def seen(name: str) -> Seen:
    """One of them, "adding-lstm" or "adding-rnn"."""
    return see(rnnviz.RecordedRun(folder.EXAMPLE / name), name, "0", "")
