"""APIs are followed to their end whatever happens on the way: all records in, none twice."""

import json

import pytest

from tests.crawl.apis import TOTAL, Api
from tests.e2e.watch import make_watch
from tests.e2e.web import html, served

PLACE = {"pubmed": "/entrez/eutils/esearch.fcgi"}


def harvest(tmp_path, via, api, **source):
    with served({"api": {}}) as web:
        web.answers["api"] = api
        place = web.url("api", PLACE.get(via, "/api"))
        facts = {"via": via, "kind": "journal", "jurisdiction": "EU", "start_urls": [place]}
        watch = make_watch(tmp_path, web, {"api": facts | source})
        done = watch.run("crawl", "--all", expect=(0, 1))
        return watch, done, list(web.asked)


@pytest.mark.parametrize(
    "via",
    [
        "europepmc",
        "oai-pmh",
        *(pytest.param(via, marks=pytest.mark.long) for via in ("clinicaltrials", "crossref", "pubmed")),
    ],
)
def test_all_records_come_in_once_through_429_500_a_cut_and_a_broken_answer(tmp_path, via):
    api = Api(via)
    watch, done, _ = harvest(tmp_path, via, api)
    assert api.left == [], "troubles that were never met"
    rows = watch.sql("SELECT key, title FROM studies")
    assert len(rows) == len({row["key"] for row in rows}) == TOTAL, done.stdout
    (run,) = watch.sql("SELECT verdict FROM run_sources")
    assert run["verdict"] == "complete"


def test_a_budget_that_ends_a_harvest_is_told_and_settles_nothing(tmp_path):
    watch, _, _ = harvest(tmp_path, "europepmc", Api("europepmc", troubles=False), max_pages=2)
    assert len(watch.sql("SELECT key FROM studies")) == 20
    assert {row["code"] for row in watch.sql("SELECT code FROM issues")} >= {"budget-binds"}
    (run,) = watch.sql("SELECT verdict FROM run_sources")
    assert run["verdict"] == "partial"


def test_an_api_that_never_answers_rightly_is_told(tmp_path):
    api = Api("crossref")
    api.left = ["broken"] * 9
    watch, _, asked = harvest(tmp_path, "crossref", api)
    (outcome,) = watch.sql("SELECT result, code FROM outcomes")
    assert (outcome["result"], outcome["code"]) == ("UNFIT", "broken-answer")
    assert len([one for one in asked if "robots" not in one[1]]) == 4


def test_what_was_harvested_is_evidence_that_is_found_by_its_condition(tmp_path):
    watch, _, _ = harvest(tmp_path, "pubmed", Api("pubmed", troubles=False))
    found = watch.sql(
        "SELECT e.key, e.grade FROM evidence e JOIN evidence_keys k ON k.evidence_id = e.id "
        "WHERE k.key = 'condition:hair-loss'"
    )
    assert len(found) == TOTAL
    assert {row["grade"] for row in found} == {"2"}


def test_a_regulators_json_is_read_like_a_page_of_its(tmp_path):
    entries = [{"title": f"Quaymab {n}", "status": "Authorised"} for n in range(40)]
    entries.append({"title": "EMA has not approved any exosome product", "summary": "EMA warns of exosome injections."})
    told = html(json.dumps({"data": entries}), **{"Content-Type": "application/json"})
    with served({"ema": {"/news.json": told}}) as web:
        place = web.url("ema", "/news.json")
        facts = {"via": "ema-json", "kind": "regulator", "jurisdiction": "EU", "start_urls": [place]}
        watch = make_watch(tmp_path, web, {"ema": facts})
        watch.run("crawl", "--all")
    statements = watch.sql("SELECT quote, status FROM v_statements")
    assert any("not approved any exosome" in row["quote"] and row["status"] == "not_approved" for row in statements)
    assert not any("Quaymab" in row["quote"] for row in statements)
