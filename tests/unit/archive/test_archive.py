import dataclasses
import gzip
import io
import re
import subprocess
import sys

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator

from exowatch.archive.read import captures_in, read_response
from exowatch.archive.verify import verify
from exowatch.archive.write import WarcWriter
from exowatch.errors import ArchiveError, NoRoomError, WrongArchiveError
from tests.unit.archive.exchanges import AT, RUN, Rows, exchange, known_from


def test_a_body_comes_back_byte_for_byte_while_the_file_is_open_and_after(writer, tmp_path):
    capture = writer.put_exchange(exchange())
    assert read_response(tmp_path, capture.warc).body == b"<p>hello</p>"
    writer.close()
    assert read_response(tmp_path, capture.warc).body == b"<p>hello</p>"


def test_a_capture_is_rebuilt_from_the_file_alone(writer, tmp_path):
    capture = writer.put_exchange(exchange(truncated="length"))
    (file,) = writer.close()
    assert list(captures_in(tmp_path, file)) == [capture]


def test_an_equal_body_is_a_revisit_and_leads_to_the_first_one(writer, tmp_path):
    first = writer.put_exchange(exchange())
    again = writer.put_exchange(exchange(known=known_from(first)))
    assert (again.revisit_of, again.not_modified) == (first.id, True)
    assert read_response(tmp_path, again.warc).body == b"<p>hello</p>"


def test_a_304_is_a_revisit_and_an_other_body_is_not(writer, tmp_path):
    first = writer.put_exchange(exchange())
    same = writer.put_exchange(exchange(b"", status=304, reason="Not Modified", known=known_from(first)))
    other = writer.put_exchange(exchange(b"new", known=known_from(first)))
    assert read_response(tmp_path, same.warc).body == b"<p>hello</p>"
    assert (same.revisit_of, other.revisit_of) == (first.id, None)


def test_other_readers_accept_every_file_and_count_one_member_a_record(writer, tmp_path):
    first = writer.put_exchange(exchange())
    writer.put_exchange(exchange(known=known_from(first)))
    writer.put_exchange(exchange(b"", status=302, reason="Found", response_headers=(("Location", "/b"),)))
    (name,) = writer.close()
    done = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", tmp_path / name], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout
    with (tmp_path / name).open("rb") as file:
        types = [str(record.record_type).rpartition(".")[2] for record in FastIterator(file, verify_digests=True)]
    assert types == ["warcinfo", "response", "request", "revisit", "request", "response", "request"]


def test_a_simulated_run_is_marked(tmp_path):
    writer = WarcWriter(tmp_path, dataclasses.replace(RUN, simulated=True), lambda: AT)
    writer.put_exchange(exchange())
    (name,) = writer.close()
    assert b"simulated" in gzip.decompress((tmp_path / name).read_bytes())[:2000]


def test_a_place_without_a_record_is_an_error_that_names_it(tmp_path):
    from exowatch.model.captures import WarcPlace

    with pytest.raises(ArchiveError, match=r"none\.warc\.gz@7"):
        read_response(tmp_path, WarcPlace("none.warc.gz", 7))


def test_header_lines_cannot_smuggle_a_record_in(writer, tmp_path):
    evil = (("X", "a\r\n\r\nWARC/1.1\r\nWARC-Type: response"), ("Content-Type", "text/html"))
    capture = writer.put_exchange(exchange(response_headers=evil))
    (name,) = writer.close()
    assert len(list(captures_in(tmp_path, name))) == 1
    assert read_response(tmp_path, capture.warc).body == b"<p>hello</p>"


EVIL = "https://quay.example/a\r\nWARC-Evil: 1\r\n\r\nWARC/1.1 \x00\u2028\x85"


def test_no_part_of_an_exchange_can_smuggle_a_header_or_a_record_in(writer, tmp_path):
    one = exchange(url=EVIL, request_url=EVIL, redirect_chain=(EVIL,), reason="OK\r\nX: y", ip="1\r\n2", origin=EVIL)
    captures = [writer.put_exchange(one)]
    captures.append(writer.put_exchange(dataclasses.replace(one, known=known_from(captures[0]))))
    (name,) = writer.close()
    assert list(captures_in(tmp_path, name)) == captures
    assert verify(tmp_path, Rows(*captures)).damage == ()
    text = gzip.decompress((tmp_path / name).read_bytes())
    assert not [line for line in re.split(rb"\r\n|\r|\n", text) if line.startswith((b"WARC-Evil", b"X: y"))]
    with (tmp_path / name).open("rb") as file:
        assert len(list(FastIterator(file))) == 5


def test_headers_are_kept_byte_by_byte(writer, tmp_path):
    sent = [b"Ma\xc3\xadr\xc3\xa0 \xf0\x9f\xa7\xac", b"caf\xe9  two blanks", b"\x85\xa0 x"]
    headers = (*((f"X-{n}", value.decode("latin-1")) for n, value in enumerate(sent)), ("ETag", '"\xe9"'))
    capture = writer.put_exchange(exchange(response_headers=(*headers, ("Content-Type", "text/html"))))
    (name,) = writer.close()
    assert list(captures_in(tmp_path, name)) == [capture]
    assert read_response(tmp_path, capture.warc).headers[:4] == headers
    text = gzip.decompress((tmp_path / name).read_bytes())
    assert all(b"X-%d: %s\r\n" % (n, value) in text for n, value in enumerate(sent))


class FullDisk(io.RawIOBase):
    """A file that holds no more than so many bytes."""

    def __init__(self, real, room):
        self.real, self.room = real, room

    def write(self, data):
        if self.room <= 0:
            raise OSError(28, "No space left on device")
        written = self.real.write(data[: self.room])
        self.room -= written
        return written

    def __getattr__(self, name):
        return getattr(self.real, name)

    def tell(self):
        return self.real.tell()

    def truncate(self, size=None):
        return self.real.truncate(size)

    def seek(self, *where):
        return self.real.seek(*where)


def test_a_full_disk_is_told_with_what_to_do_and_leaves_whole_records(writer, tmp_path):
    first = writer.put_exchange(exchange())
    writer._file = FullDisk(writer._file, 100)
    with pytest.raises(NoRoomError, match=r"(?s)disk full: cannot write .*min_free_gb"):
        writer.put_exchange(exchange(b"more"))
    writer._file = writer._file.real
    writer.close()
    assert verify(tmp_path, Rows(first)).damage == ()


def test_a_folder_that_may_not_be_written_is_a_matter_of_setup_and_no_damage(tmp_path):
    (tmp_path / "archive").write_text("a file in its place")
    barred = WarcWriter(tmp_path / "archive" / "here", RUN, lambda: AT)
    with pytest.raises(WrongArchiveError, match=r"remedy: let this user write to .*archive") as told:
        barred.put_exchange(exchange())
    assert told.value.exit_code == 2


@pytest.mark.parametrize("status", [200, 304])
def test_a_revisit_is_rebuilt_from_the_file_alone(writer, tmp_path, status):
    first = writer.put_exchange(exchange(response_headers=(("Content-Type", "text/html"), ("Content-Encoding", "br"))))
    known = dataclasses.replace(known_from(first), content_encoding="br")
    bare = (("ETag", '"1"'),) if status == 304 else (("Content-Type", "text/html"), ("Content-Encoding", "br"))
    body = b"" if status == 304 else b"<p>hello</p>"
    again = writer.put_exchange(exchange(body, status=status, known=known, response_headers=bare))
    (file,) = writer.close()
    assert list(captures_in(tmp_path, file)) == [first, again]


def test_a_body_that_does_not_match_its_digest_is_refused(writer, tmp_path):
    capture = writer.put_exchange(exchange(b"honest words"))
    (name,) = writer.close()
    members = (tmp_path / name).read_bytes()
    head, tail = members[: capture.warc.offset], members[capture.warc.offset :]
    forged = gzip.compress(gzip.decompress(tail).replace(b"honest words", b"forged words"))
    (tmp_path / name).write_bytes(head + forged)
    with pytest.raises(ArchiveError, match="digest"):
        read_response(tmp_path, capture.warc)


def test_a_damaged_file_gives_what_is_readable_and_then_an_error(writer, tmp_path):
    captures = [writer.put_exchange(exchange(f"<p>{n}</p>".encode())) for n in range(3)]
    (name,) = writer.close()
    data = bytearray((tmp_path / name).read_bytes())
    data[captures[2].warc.offset : captures[2].warc.offset + 20] = b"x" * 20
    (tmp_path / name).write_bytes(data)
    found = []
    with pytest.raises(ArchiveError, match="to its end"):
        found.extend(captures_in(tmp_path, name))
    assert found == [] or found == captures[:2]


def test_what_is_no_page_is_archived_and_not_rebuilt(writer, tmp_path):
    robots = writer.put_exchange(exchange(b"User-agent: *", page=False))
    (name,) = writer.close()
    assert list(captures_in(tmp_path, name)) == []
    assert read_response(tmp_path, robots.warc).body == b"User-agent: *"


def test_an_import_writes_no_request(writer, tmp_path):
    writer.put_exchange(exchange(requested=False))
    (name,) = writer.close()
    with (tmp_path / name).open("rb") as file:
        assert [str(r.record_type).rpartition(".")[2] for r in FastIterator(file)] == ["warcinfo", "response"]


def test_an_archive_that_cannot_be_made_is_named(tmp_path):
    folder = tmp_path / "archive"
    folder.write_text("a file")
    writer = WarcWriter(folder, RUN, lambda: AT)
    with pytest.raises(ArchiveError) as told:
        writer.put_exchange(exchange())
    assert str(told.value).startswith(f"{folder}: cannot open")
