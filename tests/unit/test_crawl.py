"""The parent of a crawl: it gets its child to end, whatever state that is in."""

import pytest

from exowatch import crawl
from exowatch.errors import NoRoomError, SetupError

#: A child that does not hear SIGTERM and goes on talking until its pipe is full.
DEAF = """
import json, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True:
    print(json.dumps({"event": "page", "result": "READ", "url": "x" * 500}), flush=True)
"""
#: A child that closes its run, and tells a lot about it, before it ends.
TALKING = """
import json, os, signal, sys
def end(*_):
    for n in range(2000):
        print(json.dumps({"event": "source", "source": "x" * 500}), flush=True)
    open(sys.argv[1], "w").close()
    os._exit(0)
signal.signal(signal.SIGTERM, end)
print(json.dumps({"event": "run", "id": "r"}), flush=True)
while True:
    signal.pause()
"""


def stop(event):
    raise KeyboardInterrupt


def test_a_child_that_does_not_end_when_asked_is_killed(monkeypatch):
    monkeypatch.setattr(crawl, "CHILD", ("-c", DEAF))
    monkeypatch.setattr(crawl, "PATIENCE", 0.2)
    with pytest.raises(KeyboardInterrupt):
        crawl.run_crawl(None, ["one"], on_event=stop)


def test_a_child_that_has_much_to_tell_before_it_ends_is_heard_to_the_end(monkeypatch, tmp_path):
    ended = tmp_path / "ended"
    monkeypatch.setattr(crawl, "CHILD", ("-c", TALKING, str(ended)))
    with pytest.raises(KeyboardInterrupt):
        crawl.run_crawl(None, ["one"], on_event=stop)
    assert ended.exists()


FULL = """
import json, sys
print(json.dumps({"event": "error", "code": sys.argv[1], "message": "what was said"}), flush=True)
sys.exit(2)
"""


@pytest.mark.parametrize(
    ("code", "kind"), [("E-NO-ROOM", NoRoomError), ("E-STORE-FULL", NoRoomError), ("E-CONFIG", SetupError)]
)
def test_a_child_that_finds_a_full_disk_is_told_from_one_that_finds_a_mistake(monkeypatch, code, kind):
    monkeypatch.setattr(crawl, "CHILD", ("-c", FULL, code))
    with pytest.raises(kind, match="what was said") as told:
        crawl.run_crawl(None, ["one"])
    assert told.value.exit_code == 2


def test_a_crawl_that_was_read_whole_and_not_signed_wants_attention(monkeypatch):
    events = [{"event": "source", "source": "one", "verdict": "complete"}, {"event": "exit", "code": 0}]
    monkeypatch.setattr(crawl, "_events", lambda *_: iter(events))
    assert crawl.run_crawl(None, ["one"]).exit_code == 0
    events.insert(1, {"event": "unsigned"})
    summary = crawl.run_crawl(None, ["one"])
    assert (summary.exit_code, summary.signed, summary.failed) == (1, False, ())
