"""Whatever was deleted, cut off, changed or edited is named."""

import dataclasses
import hashlib
from datetime import timedelta

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exowatch.archive.sums import NAME, add_sum, sums_of
from exowatch.archive.verify import verify
from exowatch.archive.write import WarcWriter
from tests.unit.archive.exchanges import AT, RUN, NoRows, Rows, exchange, known_from


def problems(report):
    return " ".join(damage.problem for damage in report.damage)


def test_verify_names_a_flipped_bit_a_missing_file_and_a_foreign_record(writer, tmp_path):
    captures = [writer.put_exchange(exchange(f"<p>body {n}</p>".encode() * 50)) for n in range(3)]
    (name,) = writer.close()
    places = Rows(*captures)
    assert verify(tmp_path, places).damage == ()
    swapped = verify(tmp_path, NoRows(dataclasses.replace(captures[0], id=captures[1].id)))
    assert "another record" in swapped.damage[0].problem
    data = bytearray((tmp_path / name).read_bytes())
    data[captures[1].warc.offset + 300] ^= 0x10
    (tmp_path / name).write_bytes(data)
    assert {d.offset for d in verify(tmp_path, places).damage} >= {captures[1].warc.offset}
    (tmp_path / name).unlink()
    assert [damage.problem for damage in verify(tmp_path, places).damage] == [
        "the file is missing; 3 rows name records in it"
    ]


def test_verify_misses_the_body_that_a_revisit_repeats(tmp_path):
    one = WarcWriter(tmp_path, RUN, lambda: AT)
    first = one.put_exchange(exchange())
    (gone,) = one.close()
    other = WarcWriter(tmp_path, RUN, lambda: AT)
    again = other.put_exchange(exchange(known=known_from(first)))
    other.close()
    (tmp_path / gone).unlink()
    assert [damage.problem for damage in verify(tmp_path, NoRows()).damage] == [
        "the file is missing; 0 rows name records in it",
        f"the body it repeats is missing: {gone}@{first.warc.offset}",
    ]
    assert again.revisit_of == first.id


def test_verify_reads_bodies_as_they_were_sent_whatever_their_coding(writer, tmp_path):
    for body, coding in ((brotli.compress(b"<p>hello</p>" * 50), "br"), (b"no such coding", "zstd-of-tomorrow")):
        headers = (("Content-Type", "text/html"), ("Content-Encoding", coding))
        capture = writer.put_exchange(exchange(body, response_headers=headers))
        assert verify(tmp_path, NoRows(capture)).damage == ()
    writer.close()
    assert verify(tmp_path, NoRows()).damage == ()


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """A closed file of two pages, robots.txt and a revisit; its bytes, its captures, where its last record begins."""
    folder = tmp_path_factory.mktemp("closed")
    writer = WarcWriter(folder, RUN, lambda: AT)
    first = writer.put_exchange(exchange())
    other = writer.put_exchange(exchange(b"<p>other</p>", request_url="https://quay.example/b"))
    writer.put_exchange(exchange(b"User-agent: *", request_url="https://quay.example/robots.txt", page=False))
    again = writer.put_exchange(exchange(known=known_from(first), requested=False))
    (name,) = writer.close()
    return folder, name, (folder / name).read_bytes(), Rows(first, other, again), again.warc.offset


def test_the_list_of_digests_is_read_by_sha256sum(closed):
    folder, name, data, _, _ = closed
    assert (folder / NAME).read_text() == f"{hashlib.sha256(data).hexdigest()}  {name}\n"


@settings(max_examples=60, deadline=None)
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_file_that_was_cut_anywhere_is_named_and_no_row_is_needed_for_it(closed, share):
    folder, name, data, rows, _ = closed
    (folder / name).write_bytes(data[: int(len(data) * share)])
    try:
        assert name in {damage.file for damage in verify(folder, NoRows()).damage}
        assert verify(folder, rows).damage
    finally:
        (folder / name).write_bytes(data)


@settings(max_examples=60, deadline=None)
@given(share=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_bit_that_was_flipped_anywhere_is_named_in_words_that_a_terminal_can_show(closed, share, bit):
    folder, name, data, rows, _ = closed
    hurt = bytearray(data)
    hurt[int(len(data) * share)] ^= 1 << bit
    (folder / name).write_bytes(hurt)
    try:
        report = verify(folder, rows)
        assert name in {damage.file for damage in report.damage}
        assert problems(report).isprintable()
    finally:
        (folder / name).write_bytes(data)


def test_a_last_record_that_was_cut_off_whole_is_named_with_the_row_that_names_it(closed):
    folder, name, data, rows, last = closed
    (folder / name).write_bytes(data[:last])
    try:
        found = {(damage.offset, damage.problem) for damage in verify(folder, rows).damage}
    finally:
        (folder / name).write_bytes(data)
    assert (last, "no whole record stands here, and a row names one") in found
    assert any("not as it was closed" in problem for _, problem in found)


def test_a_deleted_file_without_rows_and_a_deleted_line_are_named(closed):
    folder, name, data, _, _ = closed
    sums = (folder / NAME).read_bytes()
    (folder / name).unlink()
    assert "the file is missing" in problems(verify(folder, NoRows()))
    (folder / name).write_bytes(data)
    (folder / NAME).write_bytes(b"")
    assert "nobody can say whether it is whole" in problems(verify(folder, NoRows()))
    (folder / NAME).write_bytes(sums)
    assert verify(folder, NoRows()).damage == ()


def test_a_second_digest_for_a_changed_file_does_not_hide_the_change(closed):
    folder, name, data, _, last = closed
    sums = (folder / NAME).read_bytes()
    (folder / name).write_bytes(data[:last])
    add_sum(folder, name, hashlib.sha256(data[:last]).hexdigest())
    assert "not as it was closed" in problems(verify(folder, NoRows()))
    (folder / name).write_bytes(data)
    (folder / NAME).write_bytes(sums)


EDITS = {
    "run": {"run_id": "other"},
    "source": {"source_id": "alder"},
    "address": {"final_url": "https://quay.example/z"},
    "status": {"status": 404},
    "time": {"fetched_at": AT + timedelta(days=1)},
    "digest": {"payload_digest": "sha256:AAAA"},
}


@pytest.mark.parametrize("what", EDITS)
def test_a_row_that_was_edited_is_named(closed, what):
    folder, _, _, rows, _ = closed
    first = rows.captures[0]
    edited = NoRows(dataclasses.replace(first, **EDITS[what]))
    (damage,) = verify(folder, edited).damage
    assert (damage.offset, what in damage.problem) == (first.warc.offset, True)


def test_a_page_whose_rows_were_deleted_is_named_where_its_visit_saw_the_source_whole(closed):
    folder, _, _, rows, _ = closed
    (damage,) = verify(folder, Rows(rows.captures[0], rows.captures[2])).damage
    assert damage.problem == "no row tells of this answer of https://quay.example/b"
    gone = Rows(*rows.captures)
    gone.pages = lambda run_id: None
    assert "no row tells of its run" in problems(verify(folder, gone))


def test_a_file_that_is_still_written_is_whole_so_far(writer, tmp_path):
    capture = writer.put_exchange(exchange())
    assert verify(tmp_path, Rows(capture)).damage == ()


def test_half_a_line_in_the_list_does_not_swallow_the_next(tmp_path):
    (tmp_path / NAME).write_text("abc")
    add_sum(tmp_path, "x.warc.gz", "0" * 64)
    assert sums_of(tmp_path) == {"x.warc.gz": {"0" * 64}}
