"""The landscape: who claims what, counted honestly, safe in a spreadsheet and readable without a script."""

import csv
import io
import json
import re
from datetime import UTC, datetime

import pytest
import yaml

from exowatch.knowledge.indications import indication_groups
from exowatch.knowledge.load import HERE
from exowatch.report import as_csv, as_html, as_json, compose, counts_csv
from exowatch.report.render import STANDING

AT = datetime(2026, 11, 26, tzinfo=UTC)
CLAIM = {
    "source_material": "human",
    "route": "injection",
    "conditions": ["hair-loss"],
    "evidence_offered": ["study"],
    "stance": "asserted",
    "kinds": ["efficacy"],
    "status": None,
    "strength": 3,
    "framing": None,
    "verdict": "unassessed",
}


def site(name, place="IE", frame=None, pages=3):
    return {"id": name, "name": name, "jurisdiction": place, "trader": f"{name} Ltd", "frame": frame, "pages": pages}


def rows(sites, claims=(), features=(), coverage=()):
    told = [CLAIM | {"lineage_id": place} | one for place, one in enumerate(claims)]
    whole = {"sources": sites, "claims": told, "features": list(features), "coverage": list(coverage), "frames": []}
    return compose(whole)


def counted(told, column):
    return {one.value: (one.sites, one.of) for one in told.counts if one.column == column}


def test_sites_are_counted_by_what_they_say():
    told = rows(
        [site("a"), site("b"), site("c", "GB")],
        [{"source": "a"}, {"source": "a", "route": "topical"}, {"source": "b", "source_material": "unstated"}],
    )
    assert counted(told, "route") == {"injection": (2, 2), "topical": (1, 2)}
    assert counted(told, "declared source") == {"human": (1, 2), "undisclosed": (1, 2)}
    assert counted(told, "indication group") == {"hair": (2, 2)}
    assert [one["no_claim"] for one in told.frames] == [1]


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ([{}], "none"),
        ([{"kinds": ["regulatory"], "status": "approved", "verdict": "contradicted"}], "inaccurate"),
        ([{"kinds": ["regulatory"], "status": "registered"}], "unclear"),
        ([{"kinds": ["regulatory"], "status": "not_approved", "stance": "negated"}], "accurate"),
    ],
)
def test_what_a_site_says_of_regulators_is_none_accurate_unclear_or_inaccurate(claims, expected):
    assert rows([site("a")], [{"source": "a"} | one for one in claims]).sites[0].representation == expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ({"kinds": ["guarantee"]}, "cure or certainty"),
        ({"kinds": ["disease"]}, "treatment of disease"),
        ({"stance": "hedged"}, "possible benefit"),
        ({"status": "trial"}, "investigational"),
        ({"kinds": ["regulatory"]}, "no claim of effect"),
    ],
)
def test_a_site_is_framed_by_its_strongest_claim(claim, expected):
    assert rows([site("a")], [{"source": "a"} | claim]).sites[0].framing == expected


def test_prices_are_ranges_by_currency():
    said = ("€1.200,50", "from € 350", "£90", "no price", "€400–€2500", "€300 per session", "3 sessions: €800")
    features = [{"source": "a", "feature": "prices", "text": text} for text in said]
    told = rows([site("a")], [{"source": "a"}], features)
    euro = [("EUR", 350.0, 2500.0, ""), ("EUR", 800.0, 800.0, "course"), ("EUR", 300.0, 300.0, "session")]
    assert told.sites[0].prices == (*euro, ("GBP", 90.0, 90.0, ""))
    assert counted(told, "price shown") == {"in EUR": (1, 1), "in GBP": (1, 1)}
    assert counted(told, "price is for") == {"not said": (1, 1), "course": (1, 1), "session": (1, 1)}
    (row,) = csv.DictReader(io.StringIO(as_csv(told)))
    assert row["prices"] == "350–2500 EUR; 800 EUR a course; 300 EUR a session; 90 GBP"


def test_sites_that_were_not_read_or_cut_off_are_no_sites_without_claims():
    visits = [{"source": "b", "verdict": "partial"}]
    told = rows([site("a", pages=0), site("b"), site("c")], coverage=visits)
    (frame,) = told.frames
    assert (frame["not_read"], frame["cut_off"], frame["no_claim"], frame["read"]) == (1, 1, 1, 0)


def test_every_output_says_what_it_is_and_an_empty_one_says_so():
    empty = rows([])
    page = as_html(empty, at=AT, as_of=None, simulated=False)
    assert page.count(STANDING) == 2
    assert "No site that sells" in page
    assert STANDING in as_json(empty)
    assert as_csv(empty).startswith("frame,source")


def test_hostile_names_execute_nowhere():
    hostile = site("=cmd|' /C calc'!A0") | {"name": "<script>alert(1)</script>", "trader": "<img onerror=x>"}
    told = rows([hostile], [{"source": hostile["id"]}])
    page = as_html(told, at=AT, as_of=None, simulated=False)
    assert "<script" not in page
    assert "<img" not in page
    (row,) = csv.DictReader(io.StringIO(as_csv(told)))
    assert row["source"].startswith("'=")


def test_two_hundred_sites_in_six_countries_have_charts_with_words_and_tables():
    places = ["IE", "GB", "US", "TR", "KR", "BR"]
    sites = [site(f"s{n}", places[n % 6], frame="towns" if n % 2 else None) for n in range(200)]
    told = rows(
        sites, [{"source": f"s{n}", "route": ["topical", "injection", "intravenous"][n % 3]} for n in range(200)]
    )
    page = as_html(told, at=AT, as_of=AT, simulated=True)
    assert len(told.frames) == 2
    assert page.count('role="img"') == page.count("<details>") == 20
    assert not re.search(r"(?:src|href)=[\"']https?:", page)
    counts = list(csv.DictReader(io.StringIO(counts_csv(told))))
    assert all(float(row["low"]) <= float(row["share"]) <= float(row["high"]) for row in counts)
    assert json.loads(as_json(told))["counts"]


def test_every_condition_is_in_one_group():
    conditions = {rule["id"] for rule in yaml.safe_load((HERE / "conditions.yml").read_text(encoding="utf-8"))}
    assert conditions - indication_groups().keys() == set()


def test_a_landscape_of_a_past_day_says_what_in_it_is_of_then():
    said = "prices, disclaimers, sites and frames are those of that time"
    assert said in as_html(rows([]), at=AT, as_of=AT, simulated=False)
    assert said not in as_html(rows([]), at=AT, as_of=None, simulated=False)


def test_names_that_steer_a_terminal_or_a_line_reach_no_form():
    evil = "\x1b[31mQuay\u202e \u200bClinic\ufeff"
    told = rows([site("a") | {"name": evil, "trader": f"={evil}", "frame": f"f{evil}"}], [{"source": "a"}])
    page = as_html(told, at=AT, as_of=None, simulated=False)
    for text in (as_csv(told), counts_csv(told), as_json(told), page):
        assert not set("\x1b\u202e\u200b\ufeff") & set(text)
    assert "⟨U+202E⟩" in page
    assert json.loads(as_json(told))["sites"][0]["name"] == evil
    (line,) = csv.DictReader(io.StringIO(as_csv(told)))
    assert line["trader"].startswith("'=")
