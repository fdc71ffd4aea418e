"""Answers of APIs are read without loss; broken ones are told."""

import json
from datetime import date
from pathlib import Path

import pytest

from bench.records_fields import compared
from exowatch.errors import UnreadableError
from exowatch.extract.study.of_record import study_of_record
from exowatch.knowledge.studies import load_studies
from exowatch.model.sources import Source
from exowatch.records.answers import first_question, read_answer
from exowatch.records.jats import read_jats
from tests.crawl.apis import APIS

RECORDINGS = Path(__file__).parents[3].parent / "shared" / "recordings"
RULES = load_studies()
RECORDED = sorted(
    path for path in RECORDINGS.glob("*/*") if path.parent.name != "ojs" and path.suffix in (".json", ".xml", ".yaml")
)
TELLS_AN_ERROR = ("habanero-test_works_bad_id_warn.json", "sickle-badResumptionToken.xml")


@pytest.mark.skipif(not RECORDED, reason="no recorded answers beside the project")
@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.name)
def test_every_recorded_field_is_kept(path):
    if path.name in TELLS_AN_ERROR:
        with pytest.raises(UnreadableError):
            compared(path)
        return
    present, kept = compared(path)
    assert kept == present


def first(via):
    query = {"cursorMark": "*", "cursor": "*", "rows": "10", "retstart": "0", "retmax": "10"}
    _, body = APIS[via](query, "http://api.example")
    return read_answer(via, body, "https://api.example/works?rows=10&retmax=10&WebEnv=E")


@pytest.mark.parametrize("via", sorted(APIS))
def test_a_record_becomes_a_study_with_its_identifiers(via):
    answer = first(via)
    study = study_of_record(answer.records[1], RULES)
    assert study.key == study.identifiers[0]
    assert study.design == ("protocol" if via == "clinicaltrials" else "rct")
    assert study.participants == 41
    assert study.record


@pytest.mark.parametrize("via", sorted(APIS))
@pytest.mark.parametrize(
    "body", [b"", b"<html><p>Service unavailable", b'{"a": ', b"Resource not found.", b"7", b"<a/>"]
)
def test_what_is_no_answer_is_told(via, body):
    with pytest.raises(UnreadableError):
        read_answer(via, body, "https://api.example/")


def test_a_retraction_is_met_from_either_side_in_crossref():
    article = {"DOI": "10.5555/a", "title": ["Gel"], "updated-by": [{"DOI": "10.5555/n", "type": "retraction"}]}
    notice = {"DOI": "10.5555/n", "title": ["Notice"], "update-to": [{"DOI": "10.5555/a", "type": "retraction"}]}
    body = json.dumps({"message": {"items": [article, notice], "total-results": 2}}).encode()
    told = read_answer("crossref", body, "https://api.example/works?rows=20").records
    assert [one.relations for one in told] == [("retracted",), ("retracts",)]
    assert [one.notices for one in told] == [(), (("doi:10.5555/a", "retracted"),)]
    assert study_of_record(told[0], RULES).retracted


def test_a_deleted_header_deletes_nothing_and_makes_no_study():
    body = (
        b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record><header status="deleted">'
        b"<identifier>oai:x:1</identifier><datestamp>2026-01-01</datestamp></header></record></ListRecords></OAI-PMH>"
    )
    (record,) = read_answer("oai-pmh", body, "https://j.example/oai?verb=ListRecords").records
    assert record.deleted
    assert record.identifiers == ("oai:https://j.example/oai#oai:x:1",)
    assert study_of_record(record, RULES) is None


def test_a_jats_article_gives_abstract_body_references_and_what_happened_to_it():
    body = b"""<article article-type='research-article' xml:lang='en'><front><journal-meta>
        <journal-title>Annals</journal-title></journal-meta><article-meta>
        <article-id pub-id-type='doi'>10.5555/J.1</article-id>
        <title-group><article-title>Cord vesicles for scars</article-title></title-group>
        <pub-date><year>2026</year><month>3</month></pub-date>
        <related-article related-article-type='retraction-forward'/>
        <abstract><sec><title>Methods</title><p>Forty adults were randomised to gel or base.</p></sec></abstract>
        </article-meta></front><body><sec><title>Results</title><p>Scores fell.</p></sec></body>
        <back><ref-list><ref><pub-id pub-id-type='doi'>10.5555/OLD</pub-id></ref></ref-list>
        <fn-group><fn><p>The maker paid for the study.</p></fn></fn-group></back></article>"""
    (record,) = read_jats(body, "https://j.example/1.xml").records
    study = study_of_record(record, RULES)
    assert (record.doi, record.published, record.references) == ("10.5555/j.1", "2026-03", ("10.5555/old",))
    assert (study.participants, study.retracted, study.conflict is not None) == (40, True, True)


@pytest.mark.parametrize("via", sorted(APIS))
def test_a_later_harvest_asks_for_what_is_new(via):
    source = Source("a", "a", "journal", "EU", ("https://api.example/x",), via=via)
    (everything,) = first_question(source, None)
    (new,) = first_question(source, date(2026, 11, 24), "watch@example.org")
    assert "2026" not in everything
    assert "2026" in new
    assert ("watch%40example.org" in new) == (via in ("pubmed", "crossref"))


def test_emas_files_are_read_with_their_mark_whatever_their_names():
    entries = [
        {"Name of medicine": "Quaycel", "Medicine status": "Authorised", "EMA product number": "EMEA/H/C/009999"},
        {"title": "Warning on unregulated exosome therapies", "url": "https://ema.example/1", "mail": "a@b.example"},
    ]
    body = "\ufeff".encode() + json.dumps({"meta": {"total_records": 2}, "data": entries}).encode()
    told = read_answer("ema-json", body, "https://ema.example/news.json")
    assert [one.title for one in told.records] == ["Quaycel", "Warning on unregulated exosome therapies"]
    assert told.total == 2
    assert "a@b.example" not in str(told.records[1].facts)


def test_a_notice_of_europe_pmc_names_the_article_that_it_retracts():
    note = {"id": "123", "source": "MED", "type": "Retraction of"}
    one = {"id": "456", "source": "MED", "title": "Notice", "commentCorrectionList": {"commentCorrection": [note]}}
    body = json.dumps({"hitCount": 1, "resultList": {"result": [one]}}).encode()
    (told,) = read_answer("europepmc", body, "https://api.example/search?query=x").records
    assert told.notices == (("pmid:123", "retracted"),)


def test_a_notice_of_pubmed_names_the_article_that_it_retracts():
    note = '<CommentsCorrections RefType="RetractionOf"><RefSource>J</RefSource><PMID>123</PMID></CommentsCorrections>'
    cited = f"<CommentsCorrectionsList>{note}</CommentsCorrectionsList>"
    told = f"<PMID>456</PMID><Article><ArticleTitle>Notice</ArticleTitle></Article>{cited}"
    one = f"<PubmedArticle><MedlineCitation>{told}</MedlineCitation></PubmedArticle>"
    body = f"<PubmedArticleSet>{one}</PubmedArticleSet>".encode()
    (read,) = read_answer("pubmed", body, "https://api.example/efetch.fcgi?db=pubmed&id=456").records
    assert (read.relations, read.notices) == (("retracts",), (("pmid:123", "retracted"),))
