"""What bounds the app as a service: every limit, where it stands, and what enforces it.

    python -m rnnviz.ui.server.limits      the table of docs/reliability.md
"""

from __future__ import annotations

from typing import NamedTuple

from rnnviz.experiments import settings_checks, trained
from rnnviz.formats import limits as files
from rnnviz.sweeps import background as sweeps
from rnnviz.training import background, one_training, plan, run_folder
from rnnviz.ui import affordable, cell_checks, heavy, kept, short_links, task_options
from rnnviz.ui.server import messages, uploads


class Limit(NamedTuple):
    """A limit: what it bounds, value, unit, the module that enforces it, what happens beyond it."""

    what: str
    value: float
    unit: str
    by: str
    beyond: str


LIMITS = (
    Limit("results kept, all visitors together", kept.RESULTS.most / 1e6, "MB", kept.__name__,
          "the least recently used go; environment variable RNNVIZ_CACHE_MB"),
    Limit("memory of the server with all results kept", kept.RESULTS.ceiling / 1e6, "MB",
          kept.__name__, "a quarter of the results goes, the least recently used first"),
    Limit("checkpoints of nets in training, all visitors", background.BYTES / 1e6, "MB",
          background.__name__, "nets that nobody asked for longest are forgotten"),
    Limit("runs on disk", run_folder.MOST_BYTES / 1e6, "MB", run_folder.__name__,
          "the oldest files go; RNNVIZ_RUNS=off keeps none"),
    Limit("T × H² × layers of a fresh net", settings_checks.BUDGET, "", settings_checks.__name__,
          "one sentence, the last picture stays"),
    Limit("T × H² × layers and directions of an opened net", settings_checks.OPENED_BUDGET, "",
          settings_checks.__name__, "one sentence"),
    Limit("cells side by side", settings_checks.MOST_CELLS, "", settings_checks.__name__,
          "one sentence"),
    Limit("one picture of a large net", affordable.PATIENCE, "s", affordable.__name__,
          "estimated, or left out with a sentence"),
    Limit("processes for heavy work", heavy.PROCESSES, "", heavy.__name__,
          "one call a visitor; others wait in order"),
    Limit("one call of heavy work", heavy.SECONDS, "s", heavy.__name__,
          "its process is ended, one sentence"),
    Limit("timesteps × weights of work in the server's own process", heavy.WORK, "",
          heavy.__name__, "a worker process computes it"),
    Limit("processes for live checks", heavy.CHECKING, "", heavy.__name__,
          "one call a visitor; others wait in order"),
    Limit("live checks of one page", heavy.CHECKED, "s", heavy.__name__,
          "their process is ended, the server makes them itself"),
    Limit("wait for live checks made there", cell_checks.PATIENCE, "s", cell_checks.__name__,
          "the server makes them itself"),
    Limit("processes for training", background.PROCESSES, "", background.__name__,
          "jobs take turns, at the lowest priority"),
    Limit("training of a net before somebody has to ask again", one_training.BUDGET, "s",
          one_training.__name__, "it pauses, and says so"),
    Limit("training by a link or a preset, a cell", trained.MOST_SECONDS, "s", trained.__name__,
          "one sentence, before it begins"),
    Limit("processes for maps of phase diagrams", sweeps.PROCESSES, "", sweeps.__name__,
          "one map a visitor; up to four share them, others wait in order"),
    Limit("one map of a phase diagram", sweeps.SECONDS, "s", sweeps.__name__,
          "it ends; its points are kept, and it goes on when it is asked for again"),
    Limit("updates of a plan", plan.MOST_UPDATES, "", plan.__name__, "one sentence"),
    Limit("a file of a net", files.FILE_BYTES / 1e6, "MB", files.__name__, "one sentence"),
    Limit("a file's arrays, decoded", files.DECODED_BYTES / 1e6, "MB", files.__name__,
          "one sentence"),
    Limit("memory of a child process that reads HDF5 or ONNX", files.CHILD_BYTES / 1e6, "MB",
          "rnnviz.formats.child", "the child ends, one sentence"),
    Limit("time of such a child", files.CHILD_SECONDS, "s", "rnnviz.formats.child",
          "the child ends, one sentence"),
    Limit("opened files of one visitor", uploads.A_VISITOR / 1e6, "MB", uploads.__name__,
          "the next file is refused"),
    Limit("opened files of all visitors", uploads.ALL / 1e6, "MB", uploads.__name__,
          "the next file is refused"),
    Limit("a text of one's own", files.TEXT_CHARACTERS, "characters", files.__name__,
          "one sentence"),
    Limit("a text among a task's options", task_options.TEXT_LIMIT, "characters",
          task_options.__name__, "the box takes no more"),
    Limit("a message from a browser", messages.MOST_BYTES / 1e6, "MB", messages.__name__,
          "its connection is closed"),
    Limit("the query of a link", messages.MOST_QUERY, "characters", messages.__name__,
          "it is left out, whole"),
    Limit("what a shortened link unfolds to", short_links.MOST, "bytes", short_links.__name__,
          "it is left out, one sentence"),
)  # fmt: skip


def table() -> str:
    """All limits as a table of Markdown."""
    rows = ["| bound | value | enforced by | beyond it |", "| --- | ---: | --- | --- |"]
    for one in LIMITS:
        value = f"{one.value:,.10g} {one.unit}".strip()
        rows.append(f"| {one.what} | {value} | `{one.by}` | {one.beyond} |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(table())
