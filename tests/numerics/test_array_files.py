"""Files are written whole, and may be read by whom the user's other files may be."""

import pytest

from rnnviz.numerics.array_files import write_whole


def test_a_file_has_the_rights_of_any_file_and_takes_the_place_of_an_older_one(tmp_path):
    (other := tmp_path / "other").write_bytes(b"")
    write_whole(tmp_path / "mine", b"first")
    write_whole(tmp_path / "mine", b"second")
    assert (tmp_path / "mine").read_bytes() == b"second"
    assert (tmp_path / "mine").stat().st_mode == other.stat().st_mode
    assert len(list(tmp_path.iterdir())) == 2


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path):
    (tmp_path / "folder" / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        write_whole(tmp_path / "folder", b"")
    assert [one.name for one in tmp_path.iterdir()] == ["folder"]
