"""Notices among records: what they say of others, by number or by title, and what takes it back."""

import json

from exowatch.extract.study.of_record import study_of_record
from exowatch.knowledge.studies import load_studies
from exowatch.model.titles import title_key
from exowatch.records.crossref import read_crossref
from exowatch.records.europepmc import read_europepmc
from exowatch.records.jats import read_jats
from exowatch.records.pubmed import read_pubmed

RULES = load_studies()


def crossref(**work):
    body = json.dumps({"message": {"DOI": "10.5555/a", **work}}).encode()
    (told,) = read_crossref(body, "https://api.crossref.example/works/x").records
    return study_of_record(told, RULES)


def of(kind, *day):
    return {"DOI": "10.5555/n", "type": kind, "updated": {"date-parts": [list(day)]}}


def test_of_what_became_of_a_work_in_crossref_the_last_counts():
    notes = [of("reinstatement", 2024, 5, 1), of("retraction", 2023, 2, 1)]
    told = crossref(title=["Gel for scars"], **{"updated-by": notes})
    assert (told.retracted, told.relations) == (False, ("reinstated",))
    assert crossref(title=["Gel for scars"], **{"updated-by": [*notes, of("retraction", 2025)]}).retracted


def test_a_notice_without_a_number_in_crossref_names_its_article_by_title():
    told = crossref(title=["Withdrawal: Gel with vesicles for scars"])
    assert told.notices == ((title_key("Gel with vesicles for scars"), "retracted"),)
    assert (told.retracted, told.relations) == (False, ("retracts",))


def test_a_notice_in_crossref_that_bears_the_mark_of_its_article_is_not_withdrawn_itself():
    to = [{"DOI": "10.5555/first", "type": "retraction"}]
    told = crossref(title=["[Retracted] Gel with vesicles"], **{"update-to": to})
    assert (told.retracted, told.notices) == (False, (("doi:10.5555/first", "retracted"),))


def test_the_removal_of_a_concern_is_no_concern_though_the_record_has_no_other_word():
    note = {"id": "123", "source": "MED", "type": "Expression of concern for"}
    title = "Removal of expression of concern: Gel"
    one = {"id": "456", "source": "MED", "title": title, "commentCorrectionList": {"commentCorrection": [note]}}
    (record,) = read_europepmc(json.dumps({"hitCount": 1, "resultList": {"result": [one]}}).encode(), "u").records
    told = study_of_record(record, RULES)
    assert (told.notices, told.relations) == ((("pmid:123", "cleared"),), ("clears",))


def test_a_notice_in_jats_names_the_article_that_it_retracts():
    body = b"""<article xmlns:xlink='http://www.w3.org/1999/xlink' article-type='retraction'><front><article-meta>
        <title-group><article-title>Notice</article-title></title-group>
        <related-article related-article-type='retracted-article' ext-link-type='doi' xlink:href='10.5555/first'/>
        </article-meta></front></article>"""
    (record,) = read_jats(body, "https://journal.example/x").records
    assert record.notices == (("doi:10.5555/first", "retracted"),)


def test_a_notice_that_is_titled_as_its_article_is_not_that_article():
    cited = '<CommentsCorrections RefType="RetractionOf"><RefSource>J</RefSource></CommentsCorrections>'
    title = "[Retracted] Gel with vesicles for scars"
    told = f"<PMID>456</PMID><Article><ArticleTitle>{title}</ArticleTitle></Article>"
    told += f"<CommentsCorrectionsList>{cited}</CommentsCorrectionsList>"
    body = (
        f"<PubmedArticleSet><PubmedArticle><MedlineCitation>{told}</MedlineCitation></PubmedArticle></PubmedArticleSet>"
    )
    (record,) = read_pubmed(body.encode(), "u").records
    study = study_of_record(record, RULES)
    assert study.notices == ((title_key("Gel with vesicles for scars"), "retracted"),)
    assert (study.retracted, study.relations) == (False, ("retracts",))
