"""Which API speaks how: the first question to ask of it, and how its answers are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from exowatch.errors import UnreadableError
from exowatch.model.records import Answer
from exowatch.model.sources import Source
from exowatch.records.crossref import read_crossref
from exowatch.records.ema import read_ema
from exowatch.records.europepmc import read_europepmc
from exowatch.records.jats import read_jats
from exowatch.records.oai import read_oai
from exowatch.records.plain import with_values
from exowatch.records.pubmed import PART, read_pubmed
from exowatch.records.trials import read_trials

_READERS: Mapping[str, Callable[[bytes, str], Answer]] = {
    "europepmc": read_europepmc,
    "pubmed": read_pubmed,
    "crossref": read_crossref,
    "clinicaltrials": read_trials,
    "oai-pmh": read_oai,
    "ema-json": read_ema,
}
#: Ways in that are answers of an API and no pages.
ANSWERS = frozenset(_READERS)
#: Where each API stands (sources.md, 2026-11-22); ``start_urls`` of the source override it.
PLACES = {
    "europepmc": "https://www.ebi.ac.uk/europepmc/webservices/rest/search",
    "pubmed": "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/esearch.fcgi",
    "crossref": "https://api.crossref.org/works",
    "clinicaltrials": "https://clinicaltrials.gov/api/v2/studies",
}
#: EMA's files (https://www.ema.europa.eu/en/about-us/about-website/download-website-data-json-data-format).
_EMA = "https://www.ema.europa.eu/en/documents/report"
EMA_FILES = tuple(
    f"{_EMA}/{name}-report_en.json" for name in ("medicines-output-medicines_json", "news-json", "general-json")
)
#: Records of regulators, read like pages and not like studies.
NOTICES = frozenset({"ema-json"})
#: What is asked where the source gives no query.
QUERY = {
    "europepmc": '(TITLE_ABS:exosome* OR TITLE_ABS:"extracellular vesicle*" OR TITLE_ABS:secretome) AND '
    "(TITLE_ABS:skin OR TITLE_ABS:hair OR TITLE_ABS:scar OR TITLE_ABS:alopecia OR TITLE_ABS:melasma)",
    "pubmed": '(exosome*[tiab] OR "extracellular vesicle*"[tiab] OR secretome[tiab]) AND (skin[tiab] OR hair[tiab] OR '
    "scar*[tiab] OR alopecia[tiab] OR melasma[tiab])",
    "crossref": "exosomes skin hair aesthetic",
    "clinicaltrials": "exosome OR extracellular vesicles",
}


def read_answer(via: str, body: bytes, url: str) -> Answer:
    """One answer of the API ``via``. UnreadableError where it is cut, broken, or tells an error."""
    return _READERS[via](body, url)


def read_article(body: bytes, url: str) -> Answer | None:
    """A JATS article met as a page; None where the bytes are none."""
    if b"<article" not in body[:5000] or b"<!DOCTYPE html" in body[:200].lower() or b"<html" in body[:500].lower():
        return None
    try:
        return read_jats(body, url)
    except UnreadableError:
        return None


def first_question(source: Source, since: date | None, contact: str | None = None) -> list[str]:
    """Addresses to begin with. ``since``: only what was published, added or changed from then on (None: everything).

    ``contact``: an e-mail address that NCBI and Crossref ask heavy users to name.
    """
    if source.via in NOTICES:
        return list(source.start_urls or EMA_FILES)
    places = list(source.start_urls) or [PLACES[source.via]]
    query = source.query or QUERY.get(source.via, "")
    return [_question(source, place, query, since, contact) for place in places]


def _question(source: Source, place: str, query: str, since: date | None, contact: str | None) -> str:
    day = since.isoformat() if since else None
    if source.via == "europepmc":
        asked = f"({query}) AND FIRST_PDATE:[{day} TO 3000-01-01]" if day else query
        return with_values(place, query=asked, resultType="core", format="json", pageSize=100, cursorMark="*")
    if source.via == "pubmed":
        dates = {"mindate": since.strftime("%Y/%m/%d"), "maxdate": "3000", "datetype": "edat"} if since else {}
        more = {"tool": "exowatch", "email": contact}
        return with_values(place, db="pubmed", term=query, retmode="xml", usehistory="y", retmax=PART, **dates, **more)
    if source.via == "crossref":
        works = {"query.bibliographic": query, "filter": f"from-update-date:{day}" if day else None}
        return with_values(place, **works, rows=100, cursor="*", mailto=contact)
    if source.via == "clinicaltrials":
        later = f"AREA[LastUpdatePostDate]RANGE[{day},MAX]" if day else None
        trials = {"query.intr": query, "filter.advanced": later}
        return with_values(place, **trials, format="json", pageSize=100, countTotal="true")
    values = {"verb": "ListRecords", "metadataPrefix": source.metadata_prefix or "oai_dc"}
    return with_values(place, **values, set=source.set, **({"from": day} if day else {}))
