"""A manifest is its bytes: what was written is read back, and bytes that are none are told, whatever they are."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exowatch.seal.keys import make_key
from exowatch.seal.manifest import Head, MalformedError, make_manifest, read_manifest

AT = datetime(2026, 11, 24, 6, tzinfo=UTC)
WORDS = st.text(st.characters(codec="utf-8"), max_size=20)
LINES = st.lists(
    st.one_of(
        st.fixed_dictionaries({"file": WORDS, "sha256": WORDS, "size": st.integers(0)}),
        st.fixed_dictionaries({"row": WORDS, "id": st.integers(), "sha256": WORDS}),
        st.fixed_dictionaries(
            {"capture": WORDS, "kind": WORDS, "file": WORDS, "offset": st.integers(0), "length": st.integers(0),
             "at": WORDS, "payload": st.none() | WORDS, "record": WORDS},
        ),
    ),
    max_size=8,
)  # fmt: skip


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return make_key(tmp_path_factory.mktemp("keys") / "signing.pem")


@settings(max_examples=50, deadline=None)
@given(lines=LINES, number=st.integers(1, 10**6), simulated=st.booleans(), lost=st.none() | st.just("0123456789abcdef"))
def test_what_was_written_is_read_back(key, lines, number, simulated, lost):
    head = Head(number, AT, key.public, "000001-2026-11-23.jsonl", "0" * 64, None, lost, simulated, {"claims": ("id",)})
    made = make_manifest(head, lines)
    back = read_manifest(made.body)
    assert (back.head, back.lines, back.sha256) == (head, tuple(lines), made.sha256)
    assert make_manifest(back.head, back.lines).body == made.body


@settings(max_examples=50, deadline=None)
@given(body=st.binary(max_size=300))
@example(body=b"")
@example(body=b"{}")
@example(body=b"[]\n")
@example(body=b"null")
@example(body=b'{"exowatch_manifest": 2}')
@example(body=b"[" * 100_000)
@example(body=b'{"exowatch_manifest": 1, "number": 1e999}')
def test_bytes_that_are_no_manifest_are_told_as_such(body):
    with pytest.raises(MalformedError):
        read_manifest(body)


@settings(max_examples=60, deadline=None)
@given(share=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_no_bit_can_be_flipped_under_a_signature(key, share, bit):
    made = make_manifest(Head(1, AT, key.public), [{"file": "a.warc.gz", "sha256": "0" * 64, "size": 1}])
    signature = key.sign(made.body)
    hurt = bytearray(made.body)
    hurt[int(len(hurt) * share)] ^= 1 << bit
    try:
        found = read_manifest(bytes(hurt))
    except MalformedError:
        return
    assert not found.head.key.signed(found.body, signature)


def test_a_line_of_no_known_kind_is_refused(key):
    body = make_manifest(Head(1, AT, key.public), []).body + json.dumps({"file": "a", "size": 1}).encode() + b"\n"
    with pytest.raises(MalformedError, match="no known kind"):
        read_manifest(body)
