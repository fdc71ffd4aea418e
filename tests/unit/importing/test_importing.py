"""Whose pages a file holds, what is damaged in it, what was taken in before, and what is refused."""

import dataclasses
import gzip
import json

import pytest

from exowatch.archive import listing, write
from exowatch.archive.verify import verify
from exowatch.errors import NoRoomError, SetupError
from exowatch.store.read_archived import Rows
from tests.unit.importing.foreign_files import HOME, MORE, SAYS, Warc, page, wacz


@pytest.fixture
def ours(desk_in, tmp_path):
    """A WARC file of another ExoWatch: two pages of quay, one of them reached by a redirect, and their robots.txt."""
    other = desk_in(tmp_path / "there")
    made = Warc().answer(HOME + "robots.txt", b"User-agent: *", headers=(("Content-Type", "text/plain"),))
    made.answer(HOME, page(SAYS)).answer(HOME + "two", page(MORE))
    path = other.folder / "x.warc.gz"
    path.write_bytes(made.bytes())
    other.take(path)
    (file,) = other.desk.archive_dir.glob("*.warc.gz")
    return file


def test_our_own_file_goes_to_the_source_that_its_records_name(imports, ours):
    result = imports.take(ours, source=None)
    assert (result.source_ids, dict(result.counts), result.refused) == (("quay",), {"READ": 2}, [])
    assert imports.pages() == [HOME, HOME + "two"]


def test_our_own_file_given_for_another_source_is_refused_before_anything_is_kept(imports, ours):
    with pytest.raises(SetupError, match="of quay, not of alder"):
        imports.take(ours, source="alder")
    assert imports.sql("SELECT COUNT(*) FROM runs") == [(0,)]
    assert not list(imports.desk.archive_dir.rglob("*.warc*"))


def test_a_file_that_names_no_source_needs_one(imports):
    path = imports.folder / "x.warc.gz"
    path.write_bytes(Warc().answer().bytes())
    with pytest.raises(SetupError, match="add --source"):
        imports.take(path, source=None)


def test_a_source_that_the_watchlist_lacks_is_named(imports, ours):
    (imports.folder / "watchlist" / "quay.yml").unlink()
    with pytest.raises(SetupError, match="quay"):
        imports.take(ours, source=None)


def test_what_was_taken_in_before_is_passed_over(imports, ours):
    imports.take(ours, source=None)
    again = imports.take(ours, source=None)
    assert (again.known, again.run_ids, dict(again.counts)) == (2, [], {})
    assert imports.sql("SELECT fit_captures FROM pages") == [(1,), (1,)]
    assert len(list(imports.desk.archive_dir.glob("*.warc.gz"))) == 1


def three(packed=True):
    made, starts = Warc(packed=packed), []
    for number in range(3):
        starts.append(made.tell())
        made.answer(f"{HOME}{number}", page(f"{SAYS} Number {number}."))
    return made.bytes(), starts


@pytest.mark.parametrize("packed", [True, False])
def test_a_cut_file_gives_its_whole_records_and_says_where_it_is_cut(imports, packed):
    data, starts = three(packed)
    path = imports.folder / ("x.warc.gz" if packed else "x.warc")
    path.write_bytes(data[: starts[2] + 300])
    result = imports.take(path)
    assert dict(result.counts) == {"READ": 2}
    ((place, why),) = result.refused
    assert place == f"{path.name}@{starts[2]}"
    assert "cut" in why


@pytest.mark.parametrize("packed", [True, False])
def test_a_damaged_record_is_named_and_those_around_it_are_kept(imports, packed):
    data, starts = three(packed)
    hurt = bytearray(data)
    hurt[starts[1] + (200 if packed else 700)] ^= 0x55
    path = imports.folder / ("x.warc.gz" if packed else "x.warc")
    path.write_bytes(hurt)
    result = imports.take(path)
    assert imports.pages() == [HOME + "0", HOME + "2"]
    assert [place for place, _ in result.refused] == [f"{path.name}@{starts[1]}"]


def test_a_cut_bundle_gives_the_records_that_are_left_in_it(imports):
    data = wacz(three()[0])
    path = imports.folder / "x.wacz"
    path.write_bytes(data[: len(data) * 2 // 3])
    result = imports.take(path)
    assert result.counts["READ"] >= 1
    assert "cut" in " ".join(why for _, why in result.refused)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.warc.gz", b""),
        ("noise.warc.gz", b"no archive"),
        ("empty.wacz", b""),
        ("bare.wacz", wacz()),
        ("info.warc.gz", Warc().answer("dns:quay.example", b"1.2.3.4", kind="resource").bytes()),
        ("note.docx", b"x"),
    ],
)
def test_a_file_without_answers_is_named_and_begins_no_run(imports, name, data):
    path = imports.folder / name
    path.write_bytes(data)
    result = imports.take(path)
    assert [place.partition("@")[0].rpartition("/")[2] for place, _ in result.refused] == [name]
    assert imports.sql("SELECT COUNT(*) FROM runs") == [(0,)]


def test_a_file_that_the_system_will_not_read_is_named_and_the_others_are_taken(imports, monkeypatch):
    def opened(path):
        if path.name == "a.warc.gz":
            raise PermissionError(13, "Permission denied")
        return real(path)

    real = listing.answers_in
    monkeypatch.setattr(listing, "answers_in", opened)
    paths = [imports.folder / name for name in ("a.warc.gz", "b.warc.gz")]
    for path in paths:
        path.write_bytes(Warc().answer().bytes())
    result = imports.take(*paths)
    assert result.refused == [(str(paths[0]), "cannot be read: Permission denied")]
    assert imports.pages() == [HOME]


def test_of_a_folder_all_archives_are_taken_and_a_saved_page_is_named(imports):
    folder = imports.folder / "given"
    (folder / "below").mkdir(parents=True)
    (folder / "one.warc.gz").write_bytes(Warc().answer(HOME).bytes())
    (folder / "below" / "two.wacz").write_bytes(wacz(Warc().answer(HOME + "two").bytes()))
    (folder / "saved.html").write_bytes(page(SAYS))
    result = imports.take(folder)
    assert imports.pages() == [HOME, HOME + "two"]
    assert "--url" in result.refused[0][1]


def test_a_folder_without_archives_is_told_what_to_give(imports):
    with pytest.raises(SetupError, match="no WARC, WACZ or ARC file") as told:
        imports.take(imports.folder)
    assert "--fetched-at" in told.value.remedy


SAVED = {"url": HOME, "fetched_at": "2026-11-20"}


def saved(imports, name="x.html"):
    path = imports.folder / name
    path.write_bytes(page(SAYS))
    return path


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("2026-11-24", "2026-11-24T00:00:00Z"),
        ("2026-11-24T12:00", "2026-11-24T12:00:00Z"),
        ("2026-11-25T01:00+13:00", "2026-11-24T12:00:00Z"),
        ("20261120", "2026-11-20T00:00:00Z"),
    ],
)
def test_a_time_that_has_come_is_taken(imports, told, kept):
    imports.take(saved(imports), **SAVED | {"fetched_at": told})
    assert imports.sql("SELECT fetched_at FROM captures") == [(kept,)]


NO_TIMES = (
    "2026-11-25",
    "2026-11-24T12:00:01Z",
    "2026-11-24T12:01",
    "2026-11-24T07:00-06:00",
    "9999-12-31T23:59-14:00",
)
WERE_NONE = ("0001-01-01", "1990-12-31", "yesterday", "")
NO_ADDRESSES = ("not-a-url", "file:///x", "http://a.example/\nWARC-Evil: 1", "http://[::1", "https://", "")
WRONG = [("fetched_at", told) for told in NO_TIMES + WERE_NONE] + [("url", told) for told in NO_ADDRESSES]


@pytest.mark.parametrize(("key", "told"), WRONG)
def test_what_is_no_address_or_no_time_that_has_come_is_refused_before_it_is_archived(imports, key, told):
    with pytest.raises(SetupError) as refused:
        imports.take(saved(imports), **SAVED | {key: told})
    assert refused.value.key == f"--{key.replace('_', '-')}"
    assert not list(imports.desk.archive_dir.rglob("*"))


def test_a_record_that_says_it_is_from_the_future_is_named(imports):
    path = imports.folder / "x.warc.gz"
    path.write_bytes(Warc().answer(HOME + "new", at="2026-12-01T00:00:00Z").answer(HOME).bytes())
    result = imports.take(path)
    assert imports.pages() == [HOME]
    assert "2026-12-01T00:00:00Z" in result.refused[0][1]


@pytest.mark.parametrize("lack", ["url", "fetched_at", "source"])
def test_a_saved_page_needs_address_time_and_source(imports, lack):
    with pytest.raises(SetupError, match=r"address|whose"):
        imports.take(saved(imports), **SAVED | {lack: None})


def test_two_saved_pages_cannot_be_one_page(imports):
    with pytest.raises(SetupError, match="both"):
        imports.take(saved(imports), saved(imports, "y.html"), **SAVED)


def test_what_was_handed_in_by_whom_stands_in_the_archive_and_in_no_answer_of_a_server(imports):
    imports.take(saved(imports), **SAVED, by="a colleague\r\nWARC-Evil: 1")
    (kept,) = imports.desk.archive_dir.glob("*.warc.gz")
    text = gzip.decompress(kept.read_bytes()).decode()
    assert "ExoWatch-Origin: file x.html; handed in by a colleague  WARC-Evil: 1\r\n" in text
    assert "\nWARC-Evil" not in text
    assert "Saved-By" not in text


def test_an_import_that_was_killed_is_given_again_without_loss_or_repetition(imports, monkeypatch):
    class Killed(BaseException):
        pass

    from exowatch import importing

    data, _ = three()
    path = imports.folder / "x.warc.gz"
    path.write_bytes(data)
    real, left = importing.take_in, [1]

    def killed(*args):
        if not left:
            raise Killed
        left.pop()
        return real(*args)

    monkeypatch.setattr(importing, "take_in", killed)
    monkeypatch.setattr(write.WarcWriter, "close", lambda self: self._file.close())  # a dead process names no file
    with pytest.raises(Killed):
        imports.take(path)
    monkeypatch.undo()
    result = imports.take(path)
    assert (result.known, dict(result.counts)) == (2, {"READ": 1})
    assert imports.sql("SELECT COUNT(*), COUNT(DISTINCT final_url) FROM captures") == [(3, 3)]
    assert imports.sql("SELECT DISTINCT state FROM lineages") == [("live",)]
    assert imports.sql("SELECT verdict FROM run_sources") == [("complete",), ("complete",)]
    assert verify(imports.desk.archive_dir, Rows(imports.desk.store)).damage == ()


def test_a_disk_that_fills_up_ends_the_import_and_the_next_one_goes_on(imports, monkeypatch):
    data, _ = three()
    path = imports.folder / "x.warc.gz"
    path.write_bytes(data)
    real, room = write.WarcWriter._put, [1, 1]

    def full(self, told):
        if not room:
            self._file.write(told[:20])
            raise OSError(28, "No space left on device")
        room.pop()
        real(self, told)

    monkeypatch.setattr(write.WarcWriter, "_put", full)
    with pytest.raises(NoRoomError, match="disk full"):
        imports.take(path)
    monkeypatch.undo()
    result = imports.take(path)
    assert (result.known, dict(result.counts)) == (1, {"READ": 2})
    assert verify(imports.desk.archive_dir, Rows(imports.desk.store)).damage == ()


def test_many_sources_in_one_folder_go_each_to_their_own(imports, ours, desk_in, tmp_path):
    other = desk_in(tmp_path / "alder")
    path = other.folder / "x.warc.gz"
    path.write_bytes(Warc().answer("https://alder.example/", page(MORE)).bytes())
    other.take(path, source="alder")
    given = imports.folder / "given"
    given.mkdir()
    for number, file in enumerate((ours, *other.desk.archive_dir.glob("*.warc.gz"))):
        file.rename(given / f"{number}.warc.gz")
    result = imports.take(given, source=None)
    assert result.source_ids == ("alder", "quay")
    assert dict(imports.sql("SELECT source_id, COUNT(*) FROM pages GROUP BY 1")) == {"alder": 1, "quay": 2}


def test_the_redirects_that_led_to_a_page_are_kept_with_it(imports, tmp_path):
    told = {"ExoWatch_Source": "quay", "ExoWatch_First_URL": HOME + "old"}
    told["ExoWatch_Redirect_Chain"] = json.dumps([HOME + "old"])
    path = tmp_path / "x.warc.gz"
    path.write_bytes(Warc().answer(HOME, **told).bytes())
    imports.take(path, source=None)
    assert imports.sql("SELECT url, final_url, redirect_chain FROM captures") == [
        (HOME + "old", HOME, json.dumps([HOME + "old"]))
    ]


def test_a_body_beyond_the_limit_is_cut_as_a_crawl_cuts_it(imports):
    config = imports.desk.config
    config = config.model_copy(update={"crawl": config.crawl.model_copy(update={"max_bytes": 1000})})
    imports.desk = dataclasses.replace(imports.desk, config=config)
    path = imports.folder / "x.warc.gz"
    path.write_bytes(Warc().answer(HOME, page(SAYS) * 9).bytes())
    imports.take(path)
    assert imports.sql("SELECT truncated, fitness, size FROM captures") == [("length", "truncated", 1000)]
