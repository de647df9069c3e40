"""A recorded run's files: what is written any reader finds again."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import rnnviz
from rnnviz.recorder import layout, reading, writing
from rnnviz.recorder.verdict_numbers import numbers
from rnnviz.words import Refusal


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Seventy logs of a GRU whose loss falls, one snapshot at every twenty."""
    net = rnnviz.build("gru", 2, 3, seed=0)
    with rnnviz.Watch(tmp_path / "run", name="*a* run") as watch:
        for step in range(70):
            watch.log(10 * step, net, np.ones((4, 1, 2)), np.ones((4, 1, 3)), loss=1 / (step + 1))
    return tmp_path / "run"


def test_any_rows_are_read_again(run: Path) -> None:
    found = rnnviz.RecordedRun(run)
    assert found.count == 70
    assert found.sample(3) == [0, 34, 69]
    assert found.sample(9, steps=(20, 40)) == [2, 3, 4]
    assert found.nearest(206) == 21
    table = found.read([69, 1], ["step", "loss", "0/log10_dh", "nothing"])
    assert table["step"] == [690, 10]
    assert table["loss"] == [1 / 70, 1 / 2]
    assert [len(one) for one in table["0/log10_dh"]] == [5, 5]
    assert table["nothing"] == [None, None]
    with pytest.raises(ValueError, match=r"`rows` must lie in 0 … 69, got 70\."):
        found.read([70], ["step"])


def test_a_snapshot_is_the_net_and_its_batch(run: Path) -> None:
    found = rnnviz.RecordedRun(run)
    assert found.snapshots == [0, 20, 40, 60, 69], "the last log, too"
    snapshot = found.snapshot(40)
    assert snapshot.step == 400
    net = rnnviz.build("gru", 2, 3, seed=0)
    assert all(np.array_equal(snapshot.model.parameters[0][name], one)
               for name, one in net.parameters[0].items())  # fmt: skip
    assert snapshot.dh.shape == (4, 1, 3)
    layout.snapshot_path(run, 40).write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(ValueError, match=r"^snapshot-000000000040\.npz is damaged"):
        found.snapshot(40)


def test_rows_that_were_not_written_are_all_that_a_killed_run_loses(run: Path) -> None:
    net = rnnviz.build("gru", 2, 3, seed=0)
    killed = rnnviz.Watch(run)
    killed.log(500, net, np.ones((4, 1, 2)), np.ones((4, 1, 3)))
    killed.flush()
    killed.log(510, net, np.ones((4, 1, 2)), np.ones((4, 1, 3)))
    found = rnnviz.RecordedRun(run)
    assert found.count == 71
    # Training went back to step 500: what came after it before is left out.
    assert found.segments == [(0, 50), (70, 71)]
    assert found.read(found.sample(60), ["step"])["step"] == list(range(0, 510, 10))
    assert numbers(found).logs == found.logged() == 51, "of 71 rows"
    assert numbers(found, steps=(20, 60)).logs == 5
    with pytest.raises(ValueError, match=r"`step` must be above the last one, 510, got 510\."):
        killed.log(510, net, np.ones((4, 1, 2)), np.ones((4, 1, 3)))


def test_chunks_are_joined_and_a_reader_that_knows_the_old_ones_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (writing, reading):
        monkeypatch.setattr(module, "CHUNK", 4)
    monkeypatch.setattr(writing, "BLOCK", 16)
    writer = writing.RunWriter(tmp_path / "run", {"name": "run"})
    for step in range(14):
        writer.add(step, {"loss": float(step)})
    reader = rnnviz.RecordedRun(tmp_path / "run")
    assert [(one.first, one.last) for one in reader.parts] == [(0, 3), (4, 7), (8, 11)]
    for step in range(14, 40):
        writer.add(step, {"loss": float(step), "total_norm": 1.0})
    assert [(one.first, one.last) for one in layout.parts(tmp_path / "run")] == [
        (0, 15), (16, 31), (32, 35), (36, 39)
    ]  # fmt: skip
    assert reader.read([5], ["loss", "total_norm"]) == {"loss": [5.0], "total_norm": [None]}


@pytest.mark.parametrize(("about", "rule"), [
    ("{", "must be a JSON object"), ("[1]", "must be a JSON object"),
    ('{"version": 99}', r"of format 1 or earlier, got 99: it comes from a later rnnviz"),
])  # fmt: skip
def test_another_run_json_is_refused(run: Path, about: str, rule: str) -> None:
    (run / "run.json").write_text(about)
    with pytest.raises(ValueError, match=rule):
        rnnviz.RecordedRun(run)


def test_a_folder_of_something_else_and_another_net_are_refused(run: Path) -> None:
    (run.parent / "notes.txt").write_text("mine")
    with pytest.raises(ValueError, match="`folder` must be new, empty or a recorded run, got"):
        rnnviz.Watch(run.parent)
    other = rnnviz.build("gru", 2, 4, seed=0)
    with pytest.raises(ValueError, match="`net` must be as it was when the run began, hidden_size"):
        rnnviz.Watch(run).log(700, other, np.ones((4, 1, 2)), np.ones((4, 1, 4)))


@pytest.mark.parametrize(("rows", "length", "rule"), [
    (65, 1, r"^rows-000000000-000000063\.parquet must have at most 64 rows in a row group, got 65"),
    (64, 200_000, r"^rows-.*\.parquet must have at most 64 MB of numbers in the columns that are "
                  r"read of a row group, got 103 MB\.$"),
])  # fmt: skip
def test_a_row_group_that_is_small_in_the_file_alone_is_refused_before_it_is_decoded(
    run: Path, rows: int, length: int, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Constant columns take a few kilobytes, however many numbers they have."""
    path = layout.part_path(run, 0, 63)
    values = pa.array(np.zeros(rows * length))
    lists = pa.ListArray.from_arrays(np.arange(rows + 1, dtype=np.int32) * length, values)
    table = pa.table({"row": range(rows), "step": range(rows), "0/log10_dh": lists})
    pq.write_table(table, path, row_group_size=rows)
    assert path.stat().st_size < 100_000
    monkeypatch.setattr(pq.ParquetFile, "read_row_group", lambda *_, **__: pytest.fail("decoded"))
    found = rnnviz.RecordedRun(run)
    with pytest.raises(Refusal, match=rule):
        found.read([0], ["step", "0/log10_dh"])
