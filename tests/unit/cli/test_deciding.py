"""Decisions, cases and letters from the command line, also of pages that mean harm."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from exowatch.cli import command
from exowatch.cli.listings import _in_place
from exowatch.errors import SetupError
from exowatch.model.sources import Trader
from tests.unit.intake.sites import make_site

HOME = "https://quay.example/"
STOPS = "Exosomes stop hair-loss in most of our patients."
CURES = "Exosomes always cure psoriasis."
HARM = (
    '=HYPERLINK("http://evil.example";"hair-loss")',
    "+cmd|' /C calc'!A0 hair-loss",
    "\x1b[2J\x1b]0;owned\x07hair-loss",
    "hair-loss \u202egro.live\u202c \u2066x",
    "<script>alert(1)</script> hair-loss [bold red]x[/]",
    f"hair-loss {'A' * 10_000}",
)
DECIDED = ("--reading", "right", "--action", "act", "--note", "no study is named")


@pytest.fixture
def run(tmp_path, sqlite_database, sqlite_template, monkeypatch):
    """The command line on a database of one clinic; every run gives its exit code, output and errors."""
    from tests.conftest import _refill

    _refill(sqlite_database, sqlite_template)
    url = f"sqlite:///{sqlite_database}"
    monkeypatch.chdir(tmp_path)
    for name, value in (("DATABASE__URL", url), ("NOW", "2026-11-24T08:00:00Z"), ("BY", "Ann Byrne")):
        monkeypatch.setenv(f"EXOWATCH_{name}", value)

    def made(*words, sentences=(STOPS, CURES), trader="Quay Ltd", fill=False):
        if fill:
            site = make_site(url, trader=Trader(trader))
            site.visit({HOME: list(sentences)})
            site.desk.store.close()
            return None
        return CliRunner().invoke(command, [str(word) for word in words], catch_exceptions=False)

    return made


def test_a_reviewer_decides_opens_a_case_drafts_a_letter_and_writes_down_the_reply(run, tmp_path):
    run(fill=True)
    told = run("review", 1, 2, *DECIDED)
    assert told.output.startswith("flag 1: read rightly, act; by Ann Byrne\n  “Exosomes stop")
    assert told.output.endswith("next: exowatch case open 1 2\n")
    told = run("case", "open", 1, 2, "--deadline", "2026-12-10")
    assert told.output == "case 1 opened: Quay Ltd, flags 1, 2\nnext: exowatch letter 1 -o case-1.docx\n"
    assert "2 statements, written to case-1.docx" in run("letter", 1, "-o", "case-1.docx").output
    assert (tmp_path / "case-1.docx").read_bytes().startswith(b"PK")
    assert run("case", "status", 1, "contacted").output == "case 1: contacted\n"
    assert "reply to flag 2 written down" in run("case", "note", 1, "two studies", "--reply", "--flag", 2).output
    shown = run("case", "show", 1).output
    assert shown.index("Exosomes always") < shown.index("they replied (2026-11-24T08:00:00Z): two studies")
    assert "an answer is due by 2026-12-10 (16 days left)" in shown
    (row,) = json.loads(run("case", "list", "--format", "json").output)
    assert (row["trader"], row["status"], row["flags"], row["days_left"]) == ("Quay Ltd", "contacted", 2, 16)
    assert json.loads(run("case", "show", 1, "--format", "json").output)["steps"][-1]["kind"] == "reply"
    assert [row["id"] for row in json.loads(run("flags", "--case", 1, "--format", "json").output)] == [2, 1]


@pytest.mark.parametrize(
    ("zone", "deadline", "said"),
    [
        ("UTC", "2026-11-25", "1 day left"),
        ("Asia/Tokyo", "2026-11-25", "today"),
        ("Asia/Tokyo", "2026-11-24", "1 day overdue"),
        ("Asia/Tokyo", "2026-11-27", "2 days left"),
    ],
)
def test_days_until_a_deadline_are_counted_where_it_is_kept(run, monkeypatch, zone, deadline, said):
    run(fill=True)
    run("case", "open", 1, "--deadline", deadline)
    monkeypatch.setenv("EXOWATCH_NOW", "2026-11-24T22:00:00Z")
    monkeypatch.setenv("EXOWATCH_SCHEDULE__TIMEZONE", zone)
    assert f"an answer is due by {deadline} ({said})" in run("case", "show", 1).output


def test_drafting_a_letter_records_nothing(run):
    run(fill=True)
    run("review", 1, *DECIDED)
    run("case", "open", 1)
    before = json.loads(run("case", "show", 1, "--format", "json").output)
    run("letter", 1, "-o", "one.docx")
    assert json.loads(run("case", "show", 1, "--format", "json").output) == before


def test_a_condition_that_no_rule_knows_is_refused_with_those_spelt_like_it(run):
    run(fill=True)
    assert run("flags", "--condition", "hair-loss", "--format", "json").output.count('"quote"') == 1
    assert run("flags", "--condition", "vitiligo").output == "nothing found\n"
    with pytest.raises(SetupError, match="there is no such condition") as told:
        run("flags", "--condition", "rosacia")
    assert "rosacea" in told.value.remedy
    with pytest.raises(SetupError, match="lies ahead"):
        run("flags", "--since", "2027-01-01")


def test_flags_are_listed_with_how_sure_their_reading_is(run):
    run(fill=True)
    assert "not weighed" in " ".join(run("flags").output.split())
    (first, _) = json.loads(run("flags", "--format", "json").output)
    assert (first["certain"], first["certainty"]) == ("not weighed", None)


@pytest.mark.parametrize(
    ("quote", "context", "told"),
    [
        ("Yes.", {"paragraph": "Is it safe? Yes."}, "Is it safe? › Yes."),
        (
            "Rosacea",
            {"paragraph": "Rosacea", "heading_path": ["Skin", "Exosomes treat"]},
            "Skin › Exosomes treat › Rosacea",
        ),
        (STOPS, {"paragraph": f"Hello. {STOPS}", "heading_path": ["Hair"]}, STOPS),
        ("Rosacea", None, "Rosacea"),
    ],
)
def test_a_quote_of_a_word_is_shown_with_what_makes_it_a_claim(quote, context, told):
    assert _in_place({"quote": quote, "context": context}) == told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("review", *DECIDED), "which flag?"),
        (
            ("review", 1, "--reading", "right"),
            'still to be said: --action act|no-action|refer|undecided --note "in your own words"',
        ),
        (("review", 1, "--from", "decided.csv"), "name none beside it"),
        (("review", 1, "--reading", "maybe"), "is not one of"),
        (("review", 10**20, *DECIDED), "is not in the range"),
        (("case", "status", 1, "sued"), "is not one of"),
        (("case", "open"), "Missing argument"),
        (("case", "open", 1, "--deadline", "soon"), "does not match the format"),
    ],
)
def test_what_is_missing_or_none_is_told(run, tmp_path, words, said):
    (tmp_path / "decided.csv").write_text("flag,reading,action,note\n1,right,act,so\n")
    run(fill=True)
    told = run(*words)
    assert (told.exit_code, said in told.output) == (2, True)


def test_decisions_of_a_file_are_written_together_or_not_at_all(run, tmp_path):
    run(fill=True)
    file = tmp_path / "decided.csv"
    file.write_text("flag,reading,action,note\n1,right,act,so\n9,right,act,so\n")
    with pytest.raises(SetupError) as told:
        run("review", "--from", file)
    assert f"{file}:3: there is no flag 9" in str(told.value)
    assert json.loads(run("reviews", "--format", "json").output) == []
    file.write_text("flag,reading,action,because,note\n1,right,act,,so\n2,wrong,no-action,not-a-claim,a head\n")
    assert run("review", "--from", file).exit_code == 0
    assert [row["flag_id"] for row in json.loads(run("reviews", "--format", "json").output)] == [2, 1]
    assert [row["state"] for row in json.loads(run("flags", "--format", "json").output)] == ["closed", "open"]


def test_who_decides_is_a_name(run, monkeypatch):
    run(fill=True)
    assert "by Bo Li" in run("review", 1, *DECIDED, "--by", "Bo  Li").output
    with pytest.raises(SetupError, match="who decides"):
        run("review", 1, *DECIDED, "--by", "\x1b[2J")
    monkeypatch.setenv("EXOWATCH_BY", "42")
    with pytest.raises(SetupError, match="who decides"):
        run("review", 1, *DECIDED)
    monkeypatch.delenv("EXOWATCH_BY")
    monkeypatch.setenv("PATH", "")  # no Git
    monkeypatch.setenv("LOGNAME", "cmurphy")
    assert "by cmurphy" in run("review", 1, *DECIDED).output


@pytest.mark.parametrize("harm", HARM, ids=range(len(HARM)))
def test_pages_and_notes_that_mean_harm_do_none(run, harm):
    run(fill=True, sentences=[harm], trader=harm[:200])
    outputs = [
        run("review", 1, "--reading", "right", "--action", "act", "--note", harm[:3000]),
        run("case", "open", 1),
        run("case", "note", 1, harm[:3000], "--reply", "--flag", 1),
        run("letter", 1, "-o", "one.docx"),
        run("case", "show", 1),
        *(run("reviews", "--format", form) for form in ("table", "json", "jsonl", "csv")),
        *(run("case", "list", "--format", form) for form in ("table", "json", "csv")),
        run("case", "show", 1, "--format", "json"),
    ]
    for told in outputs:
        assert told.exit_code == 0
        assert not set(told.output) & set("\x1b\x07\u202e\u2066")
    for row in csv.reader(io.StringIO(run("reviews", "--format", "csv").output)):
        assert not any(cell[:1] in ("=", "+", "@") for cell in row)
    (row,) = json.loads(run("reviews", "--format", "json").output)
    assert (row["quote"], row["note"]) == (harm, harm[:3000])
