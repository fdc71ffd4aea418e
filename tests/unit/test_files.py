import os
from pathlib import Path

import pytest

from exowatch.errors import OutputError
from exowatch.files import write_whole


def test_a_file_is_written_with_its_folder(tmp_path):
    write_whole(tmp_path / "a" / "b.txt", b"letter", folder_too=True)
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"letter"


def test_a_disk_that_fills_leaves_what_was_there_and_no_half_file(tmp_path, monkeypatch):
    file = tmp_path / "a.txt"
    write_whole(file, b"old")

    def fill(self, body):
        with self.open("wb") as half:
            half.write(body[:1])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fill)
    with pytest.raises(OutputError, match="No space left"):
        write_whole(file, b"new")
    assert (file.read_bytes(), [one.name for one in tmp_path.iterdir()]) == (b"old", ["a.txt"])


@pytest.mark.parametrize("place", [".", "/proc/none/a.txt"])
def test_a_place_that_is_no_file_is_told(tmp_path, place):
    with pytest.raises(OutputError, match="remedy"):
        write_whole(tmp_path / place, b"x", folder_too=True)


def test_a_folder_that_is_missing_is_told_and_not_made(tmp_path):
    with pytest.raises(OutputError, match=f"folder {tmp_path}/a/b does not exist.*\n.*make it, or write elsewhere"):
        write_whole(tmp_path / "a" / "b" / "c.txt", b"x")
    assert list(tmp_path.iterdir()) == []


def test_where_no_file_can_be_made_nobody_is_told_to_make_room():
    with pytest.raises(OutputError, match="look whether files can be made there"):
        write_whole(Path("/proc/none/a.txt"), b"x", folder_too=True)


def test_what_a_link_points_to_is_replaced_and_a_device_is_written_to(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_whole(tmp_path / "link", b"new")
    assert ((tmp_path / "link").is_symlink(), (tmp_path / "real").read_text()) == (True, "new")
    write_whole(Path(os.devnull), b"x")
    assert not Path(os.devnull).is_file()


def test_where_this_user_may_not_write_that_is_the_remedy(tmp_path, monkeypatch):
    def barred(self, body):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", barred)
    with pytest.raises(OutputError, match="let this user write there"):
        write_whole(tmp_path / "a.txt", b"x")
