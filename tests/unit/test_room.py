import errno

import pytest

from exowatch.config import Config
from exowatch.room import free_bytes, in_words, is_barred, is_full, too_little
from exowatch.sections import Archive, Limits


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_a_spent_quota_and_a_bound_of_size_mean_no_room(code):
    assert is_full(OSError(code, "no"))


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM, errno.EROFS])
def test_what_may_not_be_written_is_no_full_disk(code):
    assert is_barred(OSError(code, "no"))
    assert not is_full(OSError(code, "no"))
    assert not is_barred(OSError(errno.ENOSPC, "no"))


@pytest.mark.parametrize("error", [OSError(errno.EIO, "broken"), ValueError(), None])
def test_other_errors_do_not(error):
    assert not is_full(error)


def config(folder, asked):
    return Config(archive=Archive(dir=folder), limits=Limits(min_free_gb=asked))


def test_too_little_is_told_with_both_numbers_and_what_to_do(tmp_path):
    told = too_little(config(tmp_path / "not" / "yet", 1e9))
    assert "min_free_gb asks for 1e+09" in told
    assert "remedy: make room" in told
    assert too_little(config(tmp_path, 0)) is None


def test_where_a_folder_will_stand_counts_the_disk_it_will_stand_on(tmp_path):
    assert free_bytes(tmp_path / "not" / "yet") == pytest.approx(free_bytes(tmp_path), rel=0.1)


def test_what_is_said_names_what_was_kept_and_what_to_do(tmp_path):
    told = in_words("disk full", tmp_path)
    assert [line.strip().partition(" ")[0] for line in told.splitlines()] == ["disk", "kept:", "remedy:"]
    assert str(tmp_path) in told
