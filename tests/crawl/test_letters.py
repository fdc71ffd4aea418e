"""The list of warning letters is followed to its end, its letters are read, and what they quote becomes a precedent."""

import json
from urllib.parse import parse_qs, urlsplit

from tests.e2e.sites import page
from tests.e2e.watch import make_watch
from tests.e2e.web import html, served

TOTAL = 150
QUOTE = "Our umbilical cord exosomes repair damaged joints and end the need for knee surgery."


def letter(number):
    asks = "These exosome products are not approved by FDA. Please answer within fifteen working days."
    return html(
        f"<html lang=en><head><title>Firm {number} - 70{number:04d} - 05/05/2025</title></head><body><main><h1>WARNING "
        f"LETTER</h1><h2>Firm {number} LLC</h2><p>CBER 25-70{number:04d}</p><p>May 5, 2025</p><p>Dear Sir or Madam:</p>"
        f"<p>FDA reviewed your website. On your webpage titled “Joints”, you state:</p><ul><li>“{QUOTE}”</li></ul>"
        f"<p>{asks}</p></main></body></html>"
    )


def row(number, subject="Unapproved exosome product"):
    firm = f'<a href="/warning-letters/firm-{number}">Firm {number} LLC</a>'
    day = '<time datetime="2025-05-05">05/05/2025</time>'
    return [day, day, firm, "Center for Biologics Evaluation and Research (CBER)", subject, "", ""]


class Fda(dict):
    """The list's page, its tables, and letters; the first table comes broken once."""

    def __init__(self):
        super().__init__()
        self.broken = 1

    def get(self, path, default=None):
        if path == "/list":
            return html(
                f"<html><body><h1>Warning letters</h1><div class='view js-view-dom-id-{'ab' * 16}'></div></body></html>"
            )
        if path.startswith("/datatables"):
            return self._table(parse_qs(urlsplit(path).query), default)
        if path.startswith("/warning-letters/firm-"):
            return letter(int(path.rpartition("-")[2]))
        return default

    def _table(self, query, default):
        start, length = int(query["start"][0]), int(query["length"][0])
        rows = [
            row(n, "Unapproved exosome product" if n % 30 == 0 else "Seafood HACCP")
            for n in range(start, min(start + length, TOTAL))
        ]
        for one in rows:
            if "Seafood" in one[4]:
                one[3] = "Division of Human and Animal Food"
        body = json.dumps({"draw": 1, "recordsTotal": TOTAL, "recordsFiltered": TOTAL, "data": rows})
        if self.broken:
            self.broken -= 1
            body = body[: len(body) // 2]
        return html(body, **{"Content-Type": "application/json"})


def test_letters_that_concern_us_are_read_and_a_clinic_that_says_the_same_is_told(tmp_path):
    sites = {
        "fda": {},
        "clinic": {"/": html(page("Exosome knee therapy", [QUOTE.replace("Our", "Our own"), "Book a visit."]))},
    }
    with served(sites) as web:
        web.answers["fda"] = Fda()
        regulator = {
            "via": "fda-warning-letters",
            "kind": "regulator",
            "jurisdiction": "US",
            "start_urls": [web.url("fda", "/list")],
        }
        watch = make_watch(tmp_path, web, {"fda": regulator, "clinic": {}})
        watch.run("crawl", "fda")
        letters = watch.sql("SELECT firm, issued_on, numbers FROM letters ORDER BY id")
        watch.run("crawl", "clinic")
        (flag,) = json.loads(watch.run("flags", "--format", "json").stdout)[:1]
    assert {one["firm"] for one in letters} == {f"Firm {n} LLC" for n in range(0, TOTAL, 30)}
    assert letters[0]["issued_on"] == "2025-05-05"
    precedent = [reason for reason in flag["reasons"] if reason["rule"] == "precedent"]
    assert precedent
    assert "LLC on 2025-05-05 (CBER 25-70" in precedent[0]["words"]
    assert "/warning-letters/firm-" in precedent[0]["cites"][0]
