"""`exowatch init`: all of the starter's files, or none."""

import pytest
from click.testing import CliRunner

from exowatch.cli import command, setup
from exowatch.errors import OutputError
from exowatch.files import write_whole


def init(folder):
    return CliRunner().invoke(command, ["init", str(folder)], catch_exceptions=False, standalone_mode=False)


def files(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_on_a_disk_that_fills_nothing_is_left_and_the_next_try_writes_all(tmp_path, monkeypatch):
    room = [True] * 3

    def write(file, body, **given):
        if not room:
            raise OutputError("cannot be written: No space left on device", file=str(file))
        room.pop()
        write_whole(file, body, **given)

    monkeypatch.setattr(setup, "write_whole", write)
    with pytest.raises(OutputError, match="No space left"):
        init(tmp_path / "watch")
    assert files(tmp_path) == []
    monkeypatch.undo()
    assert init(tmp_path / "watch").output.startswith("Written to")
    assert "exowatch.toml" in files(tmp_path)
    assert len(files(tmp_path)) > 3
