"""Content codings are undone, bombs are stopped, damage is named."""

from __future__ import annotations

import contextlib
import gzip
import tracemalloc
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exowatch.errors import UnreadableError
from exowatch.pages.decode import TooLargeError, decoded

TEXT = b"We say what the treatment can do. " * 50
LIMIT = 1 << 20


def test_a_body_without_coding_is_given_back_as_it_is() -> None:
    assert decoded(TEXT, None, LIMIT) == TEXT
    assert decoded(TEXT, "identity", LIMIT) == TEXT


def test_gzip_deflate_and_brotli_are_undone() -> None:
    bare = zlib.compressobj(wbits=-15)
    assert decoded(gzip.compress(TEXT), "gzip", LIMIT) == TEXT
    assert decoded(zlib.compress(TEXT), "deflate", LIMIT) == TEXT
    assert decoded(bare.compress(TEXT) + bare.flush(), "deflate", LIMIT) == TEXT
    assert decoded(brotli.compress(TEXT), "br", LIMIT) == TEXT


def test_zstd_is_undone_where_a_decoder_is_installed() -> None:
    zstd = pytest.importorskip("backports.zstd")
    assert decoded(zstd.compress(TEXT), "zstd", LIMIT) == TEXT


def test_several_codings_are_undone_last_first() -> None:
    assert decoded(brotli.compress(gzip.compress(TEXT)), "gzip, br", LIMIT) == TEXT


def test_members_after_the_first_gzip_member_are_read_too() -> None:
    assert decoded(gzip.compress(b"one ") + gzip.compress(b"two"), "x-gzip", LIMIT) == b"one two"


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate"])
def test_a_bomb_is_stopped_while_it_is_small(coding: str) -> None:
    zeros = bytes(40_000_000)
    pack = {"gzip": gzip.compress, "br": lambda data: brotli.compress(data, quality=1), "deflate": zlib.compress}
    bomb = pack[coding](zeros)
    del zeros
    tracemalloc.start()
    with pytest.raises(TooLargeError):
        decoded(bomb, coding, 100_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_too_large_is_told_for_plain_bodies_too() -> None:
    with pytest.raises(TooLargeError) as told:
        decoded(b"12345", None, 4)
    assert told.value.code == "E-TOO-LARGE"


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate"])
def test_a_stream_that_ends_early_is_refused_unless_the_cut_is_known(coding: str) -> None:
    words = b" ".join(b"%d" % number for number in range(20_000))
    whole = {"gzip": gzip.compress, "br": brotli.compress, "deflate": zlib.compress}[coding](words)
    with pytest.raises(UnreadableError, match="ends early"):
        decoded(whole[: len(whole) // 2], coding, LIMIT)
    assert words.startswith(decoded(whole[: len(whole) // 2], coding, LIMIT, partial=True))


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "gzip, gzip, gzip, gzip", "rot13"])
def test_rubbish_and_unknown_codings_are_unreadable(coding: str) -> None:
    with pytest.raises(UnreadableError):
        decoded(b"<p>not what the header says</p>", coding, LIMIT)


@given(st.binary(max_size=400), st.sampled_from(["gzip", "deflate", "br", "zstd", "br, gzip"]))
def test_any_bytes_give_bytes_or_an_unreadable_error(body: bytes, coding: str) -> None:
    with contextlib.suppress(UnreadableError):
        assert len(decoded(body, coding, 1000)) <= 1000
