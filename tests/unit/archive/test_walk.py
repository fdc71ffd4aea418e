"""Records of any file: what is whole is given, what is not is told, and nothing raises or fills memory."""

import base64
import gzip
import hashlib
import io
import itertools
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exowatch.archive.digests import agrees, matches
from exowatch.archive.walk import Cut, Found, walk
from tests.unit.importing.foreign_files import HOME, Warc, arc


def parts(data, **told):
    return list(walk(io.BytesIO(data), **told))


def found(data, **told):
    return [part for part in parts(data, **told) if isinstance(part, Found)]


def cuts(data, **told):
    return [(part.offset, part.problem) for part in parts(data, **told) if isinstance(part, Cut)]


def records(packed, digests=True):
    made, starts = Warc(packed=packed), []
    for number in range(4):
        starts.append(made.tell())
        made.answer(f"{HOME}{number}", b"x" * 30 * number, digests=digests)
    return made.bytes(), [*starts, made.tell()]


FORMS = [records(packed, digests) for packed in (True, False) for digests in (True, False)]


@settings(max_examples=150, deadline=None)
@given(form=st.sampled_from(FORMS), share=st.floats(0, 1))
def test_a_file_cut_at_any_byte_gives_its_whole_records_and_the_place_of_the_cut(form, share):
    data, ends = form
    cut = int(len(data) * share)
    told = parts(data[:cut])
    # the blank lines at the end of a plain record may be lacking: it is whole without them
    whole = [start for start, end in itertools.pairwise(ends) if end - (4 if data[:1] == b"W" else 0) <= cut]
    given_out = [part.offset for part in told if isinstance(part, Found)]
    if (
        given_out != whole
    ):  # its digest holds: what is cut is the trailer of 8 bytes, and the packed blank lines before it
        last = given_out.pop()
        assert data[0] == 0x1F
        assert ends[ends.index(last) + 1] - cut <= 8 + 8
    assert given_out == whole
    left = [part.offset for part in told if isinstance(part, Cut)]
    assert left == ([] if cut and cut in (ends[len(whole)], len(data)) else left[:1])
    if left and cut:
        assert left == [ends[len(whole)]]


@settings(max_examples=150, deadline=None)
@given(form=st.sampled_from(FORMS[:2]), share=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_flipped_bit_takes_no_more_than_its_own_record_and_the_words_are_printable(form, share, bit):
    data, ends = form
    hurt = bytearray(data)
    place = int(len(data) * share)
    hurt[place] ^= 1 << bit
    told = parts(bytes(hurt))
    others = {start for start, end in itertools.pairwise(ends) if not start <= place < end}
    assert others <= {part.offset for part in told if isinstance(part, Found)}
    assert all(part.problem.isprintable() for part in told if isinstance(part, Cut))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"WARC/1.0\r\n", b"\x1f\x8b\x08", b"filedesc://x 1 2 3 4\n"]))
def test_any_bytes_at_all_are_told_and_never_raise(noise, start):
    assert all(isinstance(part, Cut | Found) for part in parts(start + noise))


def test_noise_between_records_is_told_and_passed_over():
    one, two = (gzip.compress(gzip.decompress(Warc().answer(f"{HOME}{n}").bytes())) for n in "ab")
    told = parts(one + b"noise" + two)
    assert [(type(part).__name__, part.offset) for part in told] == [
        ("Found", 0),
        ("Cut", len(one)),
        ("Found", len(one) + 5),
    ]


def header(**told):
    facts = {"WARC-Type": "response", "WARC-Target-URI": HOME, "WARC-Date": "2026-11-20T06:00:00Z"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in (facts | told).items())
    return f"WARC/1.0\r\n{lines}\r\n".encode()


GOOD = Warc(packed=False).answer(HOME + "good").bytes()


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("length", ["5", "9999", "3000000000", "-1", "x", "", "1e3", "\u0665"])
def test_a_length_that_lies_takes_no_other_record_with_it(packed, length):
    bad = header(**{"Content-Length": length}) + b"HTTP/1.1 200 OK\r\n\r\nhello\r\n\r\n"
    pack = gzip.compress if packed else bytes
    told = parts(pack(bad) + pack(GOOD))
    assert [part.told("WARC-Target-URI") for part in told if isinstance(part, Found)] == [HOME + "good"]
    assert [part.offset for part in told if isinstance(part, Cut)] == [0]


def bomb(start, filler, size):
    """A gzip member that unpacks to ``size`` bytes."""
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = filler * (1 << 16)
    body = [pack.compress(start)] + [pack.compress(piece) for _ in range(size // len(piece))]
    return b"".join(body) + pack.flush()


@pytest.mark.parametrize(
    ("start", "filler"),
    [(header(**{"Content-Length": str(1 << 24)}), b"a"), (b"WARC/1.0\r\nX: ", b"a"), (b"WARC/1.0\r\n", b"A:1\r\n")],
)
def test_a_bomb_costs_no_memory(start, filler):
    data = bomb(start, filler, 1 << 24) + gzip.compress(GOOD)
    tracemalloc.start()
    told = found(data, limit=1 << 20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert told[-1].told("WARC-Target-URI") == HOME + "good"
    assert peak < 12 << 20


def test_a_body_beyond_the_limit_is_counted_and_not_held():
    (one,) = found(Warc().answer(HOME, b"a" * 5000).bytes(), limit=100)
    assert (len(one.block), one.size > 5000, one.proven) == (100, True, True)


def test_records_are_read_from_any_place_on():
    data, ends = records(packed=True)
    assert [part.offset for part in found(data, start=ends[2])] == ends[2:4]


def test_arc_files_give_their_answers():
    for packed in (True, False):
        told = found(arc((HOME, b"<p>hello</p>"), (HOME + "b", b"x"), packed=packed))
        assert [part.kind for part in told][1:] == ["response", "response"]
        assert told[1].block.endswith(b"<p>hello</p>")


def forms(digest):
    letters = base64.b32encode(digest).decode()
    either = [base64.b64encode(digest).decode(), base64.urlsafe_b64encode(digest).decode()]
    return [letters, letters.rstrip("=").lower(), digest.hex(), digest.hex().upper(), *either]


@pytest.mark.parametrize("name", ["md5", "sha1", "sha-1", "SHA1", "sha256", "sha-256", "sha512"])
def test_digests_are_read_in_every_form(name):
    digest = hashlib.new(name.lower().replace("-", ""), b"body", usedforsecurity=False).digest()
    for value in forms(digest):
        assert matches(f"{name}:{value}", b"body") is True
        assert matches(f"{name}:{value}", b"other") is False
        assert agrees(f"{name}:{value}", digest)


@pytest.mark.parametrize("declared", [None, "", "crc32:abc", "no colon", "xyz:=="])
def test_of_a_digest_that_is_missing_or_unknown_nothing_is_said(declared):
    assert matches(declared, b"body") is None
