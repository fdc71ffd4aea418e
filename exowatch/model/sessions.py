"""Parts of an address that say whose visit it is and nothing of the page: sessions of servers, clicks on adverts.

Data: each pattern with where it is documented. Capitals do not matter. A name that sites give to other things too
(``sid`` may be a section) counts only with a value that looks drawn by lot.
"""

from __future__ import annotations

import re

_GOOGLE = "https://support.google.com/analytics/answer"
_HERITRIX = "https://archive-crawler.sourceforge.net/xref/org/archive/crawler/url/canonicalize/StripSessionIDs.html"
_SERVLET = "https://jakarta.ee/specifications/servlet/6.0/jakarta-servlet-spec-6.0#url-rewriting"
_LOT = "[0-9a-z]{16,}"

#: Pattern of the name of a part of the query → its source.
NAMES = {
    r"utm_\w+": f"{_GOOGLE}/10917952",
    "_ga|_gl": f"{_GOOGLE}/10071811",
    "gclid|gclsrc|dclid|gbraid|wbraid": "https://support.google.com/google-ads/answer/9744275",
    "fbclid": "https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/fbp-and-fbc",
    "msclkid": "https://help.ads.microsoft.com/apex/index/3/en/60000",
    "mc_[ce]id": "https://freetoolarena.com/guides/how-to-clean-tracking-urls",
    "yclid": "https://yandex.com/support/metrica/en/data/get-yclid",
    "phpsessid": "https://www.php.net/session.idpassing",
    "jsessionid": _SERVLET,
    r"aspsessionid\w*": _HERITRIX,
}
#: Pattern of such a part, where the name alone does not say enough → its source.
NAMES_AND_VALUES = {
    f"(?:s|sid|sess(?:ion)?_?id)={_LOT}": _HERITRIX,
    f"(?:oscsid|zenid)={_LOT}": "https://www.php.net/manual/en/session.configuration.php#ini.session.name",
    r"cfid=\d+|cftoken=[0-9a-f-]{8,}": "https://docs.lucee.org/reference/functions/urlsessionformat.html",
}
#: Pattern of a part of the path → its source.
IN_PATH = {
    ";(?:jsessionid|phpsessid|sid)=[^/;]*": _SERVLET,
    r"/\((?:[0-9a-z]{24}|(?:[a-z]\([0-9a-z]{20,}\))+)\)(?=/)": "https://learn.microsoft.com/previous-versions/ms178582(v=vs.140)",
}

_QUERY = re.compile(f"(?:{'|'.join(NAMES)})(?:=|$)|(?:{'|'.join(NAMES_AND_VALUES)})$", re.IGNORECASE)
_PATH = re.compile("|".join(IN_PATH), re.IGNORECASE)


def plain_query(query: str) -> str:
    """The query without such parts; the rest as it is written: "?page" and "?page=" may be two pages."""
    return "&".join(part for part in query.split("&") if not _QUERY.match(part))


def plain_path(path: str) -> str:
    """The path without such parts."""
    return _PATH.sub("", path) if ";" in path or "(" in path else path
