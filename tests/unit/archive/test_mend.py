"""Files of dead processes: every whole record is kept, nothing else is, wherever the kill struck."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exowatch.archive.mend import mend
from exowatch.archive.read import captures_in, read_response
from exowatch.archive.sums import NAME
from exowatch.archive.verify import verify
from exowatch.archive.write import WarcWriter
from exowatch.errors import ArchiveError
from tests.unit.archive.exchanges import AT, RUN, NoRows, exchange

BODIES = [b"", b"<p>hello</p>", bytes(range(256)) * 2]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Bytes of an open file, the captures in it, and where each record ends."""
    folder = tmp_path_factory.mktemp("whole")
    writer = WarcWriter(folder, RUN, lambda: AT)
    captures, ends = [], []
    for body in BODIES:
        captures.append(writer.put_exchange(exchange(body, requested=False)))
        ends.append(writer._file.tell())
    name = writer.name
    data = (folder / f"{name}.open").read_bytes()
    writer.close()
    return name, data, captures, ends


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_file_cut_at_any_byte_keeps_exactly_its_whole_records(whole, tmp_path_factory, data):
    name, told, captures, ends = whole
    cut = data.draw(st.integers(0, len(told)))
    folder = tmp_path_factory.mktemp("cut")
    (folder / f"{name}.open").write_bytes(told[:cut])
    (done,) = mend(folder)
    info = captures[0].warc.offset
    assert done.kept == max([0, *(end for end in (info, *ends) if end <= cut)])
    assert done.kept + done.cut == cut
    kept = [one for one, end in zip(captures, ends, strict=True) if end <= cut]
    if done.kept:
        assert list(captures_in(folder, name)) == kept
        assert verify(folder, NoRows(*kept)).damage == ()
        assert [read_response(folder, one.warc).body for one in kept] == BODIES[: len(kept)]
    stump = folder / f"{name}.stump"
    assert (stump.read_bytes() if stump.exists() else b"") == told[done.kept : cut]
    assert mend(folder) == []


def test_a_file_that_a_living_process_holds_is_not_mended(writer, tmp_path):
    writer.put_exchange(exchange())
    assert mend(tmp_path) == []


def test_a_kill_between_the_list_of_digests_and_the_name_is_mended(whole, tmp_path):
    name, told, captures, _ = whole
    (tmp_path / f"{name}.open").write_bytes(told)
    mend(tmp_path)
    (tmp_path / name).rename(tmp_path / f"{name}.open")
    sums = (tmp_path / NAME).read_bytes()
    mend(tmp_path)
    assert (tmp_path / NAME).read_bytes() == sums
    assert verify(tmp_path, NoRows(*captures)).damage == ()


def test_two_processes_may_mend_at_once(whole, tmp_path):
    name, told, captures, _ = whole
    failed = []

    def mended():
        try:
            mend(tmp_path)
        except (OSError, ArchiveError) as error:
            failed.append(error)

    for _ in range(5):
        (tmp_path / f"{name}.open").write_bytes(told)
        both = [threading.Thread(target=mended) for _ in range(4)]
        for one in both:
            one.start()
        for one in both:
            one.join()
    assert failed == []
    assert verify(tmp_path, NoRows(*captures)).damage == ()


def test_a_writer_whose_file_was_taken_for_an_orphan_before_it_held_it_takes_another(tmp_path, monkeypatch):
    from exowatch.archive import write

    real, taken = write.fcntl.flock, []

    def late(file, how):
        if how == write.fcntl.LOCK_EX and not taken:
            taken.extend(mend(tmp_path))
        real(file, how)

    monkeypatch.setattr(write.fcntl, "flock", late)
    writer = WarcWriter(tmp_path, RUN, lambda: AT)
    capture = writer.put_exchange(exchange())
    monkeypatch.undo()
    writer.close()
    assert len(taken) == 1
    assert verify(tmp_path, NoRows(capture)).damage == ()
