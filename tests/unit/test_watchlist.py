from datetime import date
from pathlib import Path

import pytest

from exowatch.errors import WatchlistError
from exowatch.watchlist import load_watchlist, reservations

GOOD = """\
id: quay-skin
name: Quay Skin
kind: clinic
jurisdiction: IE
audience: [IE, UK]
start_urls: [https://quay.example/]
reason: advertises exosomes
added_on: 2026-11-01
trader: {name: Quay Ltd}
"""


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return folder


def told(folder: Path) -> WatchlistError:
    with pytest.raises(WatchlistError) as caught:
        load_watchlist(folder)
    return caught.value


def test_a_source_is_read_whole_and_uk_is_written_gb(tmp_path):
    (source,) = load_watchlist(write(tmp_path, one=GOOD)).sources
    assert source.jurisdictions == ("IE", "GB")
    assert source.trader is not None
    assert source.trader.name == "Quay Ltd"
    assert source.max_pages == 200
    assert source.added_on == date(2026, 11, 1)


def test_a_file_that_is_not_yaml_is_told_with_its_line(tmp_path):
    error = told(write(tmp_path, one=GOOD + "tags: [a, b\n"))
    assert error.file.endswith("one.yml")
    assert error.line is not None
    assert error.line >= 10
    assert error.remedy


def test_an_unknown_key_is_told_with_line_and_known_keys(tmp_path):
    error = told(write(tmp_path, one=GOOD + "maxpages: 3\n"))
    assert (error.line, error.key) == (10, "maxpages")
    assert "max_pages" in error.remedy


def test_two_sources_with_one_id_are_told_with_both_files(tmp_path):
    error = told(write(tmp_path, a=GOOD, b=GOOD))
    assert error.file.endswith("b.yml")
    assert "a.yml" in error.problem


def test_norway_without_quotes_is_explained(tmp_path):
    error = told(write(tmp_path, one=GOOD.replace("jurisdiction: IE", "jurisdiction: NO")))
    assert (error.line, error.key) == (4, "jurisdiction")
    assert "false" in error.problem


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("kind: spa", "kind"),
        ("via: carrier-pigeon", "via"),
        ("cadence: daily", "cadence"),
        ("cadence: 99 99 * * *", "cadence"),
        ("cadence: 0 3 * * 8", "cadence"),
        ("added_on: 2026-02-30", "added_on"),
        ("retired_on: 2026-13-01", "retired_on"),
        ("max_pages: 0", "max_pages"),
        ('allow: ["("]', "allow"),
        ("jurisdiction: ZZ", "jurisdiction"),
        ("language: klingon", "language"),
        ("name: 12", "name"),
    ],
)
def test_a_value_out_of_range_is_told_at_its_line(tmp_path, line, key):
    name = line.split(":")[0]
    text = "".join(row for row in GOOD.splitlines(keepends=True) if not row.startswith(f"{name}:")) + line + "\n"
    error = told(write(tmp_path, one=text))
    assert error.key == key
    assert error.line == len(text.splitlines())


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("quay.example", "does not begin"),
        ("ftp://quay.example/", "does not begin"),
        ("https:///", "no name of a host"),
        ("https://quay.example:99999/", "Port out of range"),
        ("https://quay.example:abc/", "Port could not"),
        ("https://quay.example:0/", "port 0"),
        ("https://[2001:db8::1/", "Invalid IPv6"),
        ("https://[quay]/", "IPv4 or IPv6"),
        ("https://[fe80::1%25eth0]/", "no name of a host"),
        ("https://quay..example/", "no name of a host"),
        ("https://quay.example/a b", "blank"),
        ("https://me:word@quay.example/", "passwords"),
        ("https://quay.example/" + "x" * 1000, "longer"),
    ],
)
def test_an_address_that_is_none_is_told_with_line_and_remedy(tmp_path, address, why):
    error = told(write(tmp_path, one=GOOD.replace("[https://quay.example/]", f"['{address}']")))
    assert why in error.problem
    assert (error.line, error.key) == (6, "start_urls")
    assert "as a browser shows it" in error.remedy


@pytest.mark.parametrize(
    "address",
    ["HTTPS://Quay.example", "http://[2001:db8::1]:8080/", "https://клиника.example./х", "http://127.0.0.1:80/"],
)
def test_addresses_of_every_shape_are_let_through(tmp_path, address):
    write(tmp_path, one=GOOD.replace("[https://quay.example/]", f"['{address}']"))
    assert load_watchlist(tmp_path).sources[0].start_urls == (address,)


def test_an_empty_folder_says_what_to_do(tmp_path):
    assert "exowatch init" in told(tmp_path).remedy


def test_the_digest_moves_with_any_text(tmp_path):
    first = load_watchlist(write(tmp_path, one=GOOD)).digest
    assert load_watchlist(write(tmp_path, one=GOOD + "# checked\n")).digest != first


def test_a_name_that_is_not_there_is_told_with_the_names_that_are(tmp_path):
    watchlist = load_watchlist(write(tmp_path, one=GOOD))
    with pytest.raises(WatchlistError, match="has: quay-skin"):
        watchlist.named(["nobody"])
    with pytest.raises(WatchlistError, match=r"did you mean quay-skin\?"):
        watchlist.named(["quay-sikn"])


def test_frames_are_read_beside_the_sources(tmp_path):
    write(tmp_path, one=GOOD, frames="- id: ie-2026\n  population: clinics of Dublin\n")
    assert load_watchlist(tmp_path).frames[0]["id"] == "ie-2026"


def test_a_key_that_stands_twice_is_told_with_both_lines(tmp_path):
    error = told(write(tmp_path, one=GOOD + "name: Another\n"))
    assert error.line == 10
    assert "'name' stands twice; first in line 2" in error.problem


@pytest.mark.parametrize("name", ["two.yaml", "two.YML"])
def test_a_file_that_would_be_passed_over_is_told(tmp_path, name):
    (write(tmp_path, one=GOOD) / name).write_text(GOOD)
    assert name in told(tmp_path).file


def test_a_frame_that_nobody_described_is_told_where_frames_are_described(tmp_path):
    one = GOOD + "frame: ie-2062\n"
    assert load_watchlist(write(tmp_path, one=one)).sources[0].frame == "ie-2062"
    error = told(write(tmp_path, one=one, frames="- id: ie-2026\n"))
    assert (error.line, error.key, error.remedy) == (10, "frame", "one of: ie-2026")


def test_languages_are_kept_in_small_letters_and_without_region(tmp_path):
    (source,) = load_watchlist(write(tmp_path, one=GOOD + "language: pt-BR\n")).sources
    assert source.language == "pt"


def test_two_frames_with_one_id_are_told_with_the_line(tmp_path):
    error = told(write(tmp_path, one=GOOD, frames="- id: a\n- id: b\n- id: a\n"))
    assert (error.line, error.key) == (3, "id")


def test_a_retired_source_and_one_without_its_browser_are_told(tmp_path):
    (plain,) = load_watchlist(write(tmp_path, one=GOOD)).sources
    assert reservations([plain]) == ()
    (source,) = load_watchlist(write(tmp_path, one=GOOD + "retired_on: 2026-11-02\n")).sources
    (retired,) = reservations([source])
    (rendered,) = load_watchlist(write(tmp_path, one=GOOD + "render: true\n")).sources
    assert reservations([rendered]) == ()
    (told,) = reservations([rendered], "apt-get install chromium")
    assert told.startswith("quay-skin: `render: true` needs a browser")
    assert told.endswith("apt-get install chromium")
    assert "quay-skin was retired on 2026-11-02" in retired


def test_a_folder_that_may_not_be_read_is_told_with_what_to_do(tmp_path, monkeypatch):
    def barred(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", barred)
    with pytest.raises(WatchlistError, match=r"(?s)Permission denied.*remedy: let this user read that folder"):
        load_watchlist(tmp_path)
