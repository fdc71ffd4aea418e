"""Made-up APIs of journals and registers on loopback, with paging, and with troubles on the way."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

TOTAL = 25
PART = 10


def title(number: int) -> str:
    return f"Adipose exosome injections for hair loss, trial {number}"


def abstract(number: int) -> str:
    return (
        f"{40 + number} men were randomised to injections of adipose stem cell exosomes or saline. "
        "Hair density rose more with exosomes (p=0.01). Exosomes help."
    )


def europepmc(query: dict[str, str], base: str) -> tuple[str, bytes]:
    start = int(query["cursorMark"].removeprefix("c")) if query["cursorMark"] != "*" else 0
    found = [
        {
            "id": str(n),
            "source": "MED",
            "pmid": str(n),
            "doi": f"10.5555/epmc.{n}",
            "title": title(n),
            "abstractText": f"<h4>Results</h4>{abstract(n)}",
            "language": "eng",
            "pubTypeList": {"pubType": ["Journal Article"]},
        }
        for n in range(start, min(start + PART, TOTAL))
    ]
    following = f"c{start + PART}" if start + PART < TOTAL else query["cursorMark"]
    told = {"version": "6.9", "hitCount": TOTAL, "nextCursorMark": following, "resultList": {"result": found}}
    return "application/json", json.dumps(told).encode()


def pubmed(query: dict[str, str], base: str) -> tuple[str, bytes]:
    if "term" in query:
        told = f"<Count>{TOTAL}</Count><RetMax>0</RetMax><QueryKey>1</QueryKey><WebEnv>ENV</WebEnv>"
        return "text/xml", f"<?xml version='1.0'?><eSearchResult>{told}</eSearchResult>".encode()
    start, part = int(query["retstart"]), int(query["retmax"])
    articles = "".join(
        f"<PubmedArticle><MedlineCitation><PMID>{n}</PMID><Article><Journal><Title>Annals</Title></Journal>"
        f"<ArticleTitle>{title(n)}</ArticleTitle><Abstract><AbstractText Label='RESULTS'>{abstract(n)}</AbstractText>"
        "</Abstract><Language>eng</Language><PublicationTypeList><PublicationType>Randomized Controlled Trial"
        "</PublicationType></PublicationTypeList></Article></MedlineCitation><PubmedData><ArticleIdList>"
        f"<ArticleId IdType='doi'>10.5555/pm.{n}</ArticleId></ArticleIdList></PubmedData></PubmedArticle>"
        for n in range(start, min(start + part, TOTAL))
    )
    return "text/xml", f"<?xml version='1.0'?><PubmedArticleSet>{articles}</PubmedArticleSet>".encode()


def crossref(query: dict[str, str], base: str) -> tuple[str, bytes]:
    start = 0 if query["cursor"] == "*" else int(query["cursor"])
    rows = int(query["rows"])
    items = [
        {
            "DOI": f"10.5555/cr.{n}",
            "title": [title(n)],
            "abstract": f"<jats:p>{abstract(n)}</jats:p>",
            "type": "journal-article",
        }
        for n in range(start, min(start + rows, TOTAL))
    ]
    message = {"total-results": TOTAL, "next-cursor": str(start + rows), "items": items, "items-per-page": rows}
    return "application/json", json.dumps({"status": "ok", "message-type": "work-list", "message": message}).encode()


def trials(query: dict[str, str], base: str) -> tuple[str, bytes]:
    start = int(query.get("pageToken", "0"))
    found = [
        {
            "protocolSection": {
                "identificationModule": {"nctId": f"NCT{n:08d}", "briefTitle": title(n)},
                "conditionsModule": {"conditions": ["Hair loss"]},
                "designModule": {"studyType": "INTERVENTIONAL", "enrollmentInfo": {"count": 40 + n}},
            }
        }
        for n in range(start, min(start + PART, TOTAL))
    ]
    told: dict[str, object] = {"studies": found, "totalCount": TOTAL}
    if start + PART < TOTAL:
        told["nextPageToken"] = str(start + PART)
    return "application/json", json.dumps(told).encode()


def oai(query: dict[str, str], base: str) -> tuple[str, bytes]:
    start = int(query.get("resumptionToken", "0"))
    records = "".join(
        f"<record><header><identifier>oai:ojs:article/{n}</identifier><datestamp>2026-11-01</datestamp></header><metadata>"
        "<oai_dc:dc xmlns:oai_dc='http://www.openarchives.org/OAI/2.0/oai_dc/' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        f"<dc:title>{title(n)}</dc:title><dc:description>{abstract(n)}</dc:description>"
        f"<dc:identifier>https://doi.org/10.5555/oai.{n}</dc:identifier></oai_dc:dc></metadata></record>"
        for n in range(start, min(start + PART, TOTAL))
    )
    token = str(start + PART) if start + PART < TOTAL else ""
    told = f"<ListRecords>{records}<resumptionToken>{token}</resumptionToken></ListRecords>"
    return "text/xml", f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{told}</OAI-PMH>'.encode()


APIS = {"europepmc": europepmc, "pubmed": pubmed, "crossref": crossref, "clinicaltrials": trials, "oai-pmh": oai}


class Api(dict[str, object]):
    """Answers every path; the first time that each is asked, a trouble comes instead, another one each time."""

    def __init__(self, via: str, *, troubles: bool = True) -> None:
        super().__init__()
        self.via, self.troubles = via, troubles
        self.left = ["busy", "error", "cut", "broken"] if troubles else []

    def get(self, path: str, default: object = None) -> object:
        if path.startswith("/robots.txt"):
            return default
        return lambda handler: self._answer(handler, path)

    def _answer(self, handler: BaseHTTPRequestHandler, path: str) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(path).query, keep_blank_values=True).items()}
        media, body = APIS[self.via](query, f"http://{handler.headers['Host']}")
        trouble = self.left.pop(0) if self.left else ""
        if trouble in ("busy", "error"):
            handler.send_response(429 if trouble == "busy" else 500)
            handler.send_header("Retry-After", "1")
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        handler.send_response(200)
        handler.send_header("Content-Type", media)
        whole = len(body)
        if trouble == "broken":
            body = body[: whole // 2] + b"\x00<<<"
            whole = len(body)
        handler.send_header("Content-Length", str(whole))
        handler.end_headers()
        handler.wfile.write(body[: whole // 2] if trouble == "cut" else body)
        if trouble == "cut":
            handler.close_connection = True
