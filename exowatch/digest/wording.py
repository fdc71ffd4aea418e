"""How the codes of rows are said in a letter: verdicts with their search, changes, places, times, reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from exowatch.digest.ranking import Row, iso
from exowatch.digest.safe import brief, plain

_ZONE: ContextVar[tzinfo] = ContextVar("zone", default=UTC)
NOTICE = "Machine reading of a public page; not a finding against anyone."
CHANGE_WORDS = {
    "new": "new",
    "stronger": "stated more strongly",
    "returned": "back again",
    "reassessed": "judged anew; the sentence stood still",
    "baseline": "already there when we began",
    "gone": "no longer found",
    "weaker": "stated more weakly",
    "reworded": "said in other words",
    "moved": "moved to another page",
    "verdict": "judged anew",
    "position": "a regulator's position changed",
    "vanished": "page no longer there",
}
CAUSE_WORDS = {
    "page": "the page changed",
    "knowledge": "our vocabulary or rules of reading changed; the page did not",
    "reader": "our reading of a sentence changed, with our program or with the words around it; the sentence did not",
    "evidence": "the evidence held changed; the page did not",
    "rule": "a rule of judging changed; the page did not",
}
_ZONES = {
    "faq": "in a question-and-answer section",
    "caption": "in a caption",
    "pdf": "in a PDF",
    "title": "in the page's title",
    "description": "in the page's description for search engines",
    "alt": "in the text that stands for a picture",
    "jsonld": "in data for search engines",
    "hidden": "in text that does not show when the page opens",
    "footer": "in the page's footer",
}
#: Causes whose detail says the same again.
_TOLD_ALREADY = ("robots",)
_RESULTS = {"READ": "read, and not relied on", "UNFIT": "unfit", "FAILED": "failed", "DISALLOWED": "not allowed"}
_CODES = {
    "challenge": "the site asked whether we are a robot",
    "robots": "robots.txt asks not to read it",
    "soft-404": "the page says that it does not exist",
    "cookie-wall": "only a cookie notice was shown",
    "login-wall": "only a login was shown",
    "empty": "the answer was empty",
    "shell": "the page came without its text",
    "gone": "the page is no longer there",
    "no-page": "the address leads to no page, and none was ever read there",
    "moved": "the page leads to another one",
    "truncated": "the answer was cut off",
    "timeout": "the site did not answer in time",
    "suspicious": "so much is missing that nothing is called gone before separate visits say the same",
    "dns": "the site's name was not found",
    "robots-dns": "the site's name was not found",
    "robots-timeout": "robots.txt did not come in time",
}


@contextmanager
def told_in(zone: str) -> Iterator[None]:
    """Times are told in this time zone meanwhile. ValueError for a name that is none."""
    before = _ZONE.set(ZoneInfo(zone))
    try:
        yield
    finally:
        _ZONE.reset(before)


def moment(value: object) -> str:
    """A time as ``2026-11-24 06:00 UTC``, in the zone of ``told_in``; empty where there is none."""
    if isinstance(value, str) and value:
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return plain(value)
    if not isinstance(value, datetime):
        return ""
    return value.replace(tzinfo=value.tzinfo or UTC).astimezone(_ZONE.get()).strftime("%Y-%m-%d %H:%M %Z")


def verdict_words(row: Row) -> str:
    """The verdict, and with "unsupported" always the search behind it; without a search none is given."""
    verdict = row.get("verdict") or "unassessed"
    search = _search(row)
    if verdict == "unassessed":
        return f"not assessed: {search or 'no evidence search yet'}"
    if verdict == "unsupported" and not search:
        return "no verdict shown: the search behind it is not on record"
    said = {"partly": "partly supported", "contradicted": "contradicted by evidence held"}.get(verdict, verdict)
    return f"{plain(said)}: {search}" if search else plain(said)


def reasons(row: Row) -> tuple[str, ...]:
    """The reasons of a flag in words, each with what it cites; the search is told with the verdict."""
    return tuple(_reason(reason) for reason in _given(row) if not _is_search(reason))


def telling(row: Row) -> tuple[str, ...]:
    """Words of the quote that its reasons rest on."""
    return tuple(words for reason in _given(row) for words in _QUOTED.findall(plain(reason.get("words"))))


def law_words(row: Row) -> tuple[str, ...]:
    """Provisions that it may engage, as far as a letter may name them: whoever made the row left out the others."""
    return tuple(plain(line) for line in row.get("law") or ())


_QUOTED = re.compile("“([^”]+)”")
_SHOWN_BY = {
    "browser": "only a browser shows it: the page as it was sent does not hold it",
    "crawler": "in the page as it was sent, and a browser does not show it",
}


def first_seen_words(row: Row) -> str:
    """Since when these very words stand there, and since when others stood in their place."""
    first, since = row.get("first_seen"), row.get("lineage_first_seen")
    if not row.get("before") or not since or iso(since) >= iso(first):
        return moment(first)
    return f"{moment(first)} in these words (others in their place since {moment(since)})"


def place_words(row: Row) -> str:
    """Whether it still stands there, where on the page and whether a visitor sees it; empty for plain visible body
    text."""
    words = ["these words no longer stand there"] if row.get("live") == "no" else []
    words += [_ZONES[str(row.get("zone"))]] if row.get("zone") in _ZONES else []
    words += ["not visible to a visitor"] if row.get("visible") == "no" else []
    speaker = row.get("speaker")
    words += (
        ["said by a customer"]
        if speaker == "customer"
        else ["said by a third party"]
        if speaker == "third_party"
        else []
    )
    words += [_SHOWN_BY[str(row["shown_by"])]] if row.get("shown_by") in _SHOWN_BY else []
    return "; ".join(words)


def sites_words(row: Row) -> str:
    """That other sites say the same, and since when; empty where none does."""
    sites = int(row.get("sites") or 1)
    return f"the same claim on {sites} sites, first seen {moment(row.get('sites_since'))[:10]}" if sites > 1 else ""


def subject_words(row: Row) -> str:
    """What kind of claim, how it is put, and about which conditions, in one line."""
    named = [_name(condition) for condition in row.get("conditions") or ()]
    parts = [", ".join(map(plain, row.get("kinds") or ())), plain(row.get("stance")), ", ".join(named)]
    agencies = ", ".join(map(plain, row.get("agencies") or ()))
    return " · ".join(part for part in (*parts, agencies) if part)


def absence_words(row: Row) -> str:
    """ "Not seen between … and … in N fit captures", as far as the row knows."""
    since, until = moment(row.get("absent_since")), moment(row.get("last_fit_at") or row.get("at"))
    misses = row.get("misses")
    if not since:
        return plain(row.get("why"))
    times = f" in {misses} fit capture{'' if misses == 1 else 's'}" if misses is not None else ""
    span = f"between {since} and {until}" if until and until != since else f"on {since}"
    return f"not seen {span}{times}"


def outcome_words(row: Row) -> tuple[str, str]:
    """What became of a page that could not be read, and the cause in words."""
    code = str(row.get("code") or "")
    detail = "" if code in _TOLD_ALREADY else plain(row.get("detail"))
    cause = cause_words(code)
    cause = f"{cause} ({detail})" if detail else cause
    result = _RESULTS.get(str(row.get("result")), plain(row.get("result")))
    return result, f"{cause}; another visit could read it" if row.get("read_too") else cause


def cause_words(code: str, detail: str = "") -> str:
    """Why a page could not be read, by the code of its outcome; where we have no words for it, ``detail``."""
    if detail and code not in _CODES and not code.startswith("http-"):
        return brief(detail, 160)
    return _CODES.get(code) or plain(code.replace("http-", "HTTP "))


def heading_path(row: Row) -> str:
    """The headings over the quote, outermost first."""
    context = row.get("context")
    headings = context.get("heading_path") if isinstance(context, Mapping) else row.get("heading_path")
    return " › ".join(plain(heading) for heading in headings or () if plain(heading))


def paragraph(row: Row) -> object:
    """The paragraph the quote stands in, as the page had it."""
    context = row.get("context")
    return context.get("paragraph") or context.get("text") if isinstance(context, Mapping) else context


def _search(row: Row) -> str:
    search = row.get("search")
    if isinstance(search, Mapping):
        held = f"{_counted(search, 'studies', 'study')} held, from {_counted(search, 'sources', 'source')}"
        return f"{held}, harvested up to {plain(search.get('harvested_to'))}"
    if search:
        return plain(search)
    return " ".join(_reason(reason) for reason in _given(row) if _is_search(reason))


def _counted(search: Mapping[str, object], many: str, one: str) -> str:
    number = plain(search.get(many, 0))
    return f"{number} {one if number == '1' else many}"


def _given(row: Row) -> list[Mapping[str, object]]:
    return [reason for reason in row.get("reasons") or () if isinstance(reason, Mapping)]


def _is_search(reason: Mapping[str, object]) -> bool:
    return "search" in str(reason.get("rule", "")).replace(".", "-").split("-")


def _reason(reason: Mapping[str, object]) -> str:
    cites = reason.get("cites")
    cited = ", ".join(plain(cite) for cite in cites) if isinstance(cites, (list, tuple)) else ""
    return f"{plain(reason.get('words'))} [{cited}]" if cited else plain(reason.get("words"))


def _name(condition: object) -> str:
    if not isinstance(condition, Mapping):
        return plain(condition)
    name = plain(condition.get("name") or condition.get("id"))
    return f"{name} (serious)" if condition.get("tier") == "serious" else name


#: Studies told beside one flag; `exowatch assess` has all.
MOST_CONSIDERED = 3


def considered_words(row: Row) -> tuple[str, ...]:
    """The studies that the claim was held against, each with why it does not reach, and how many more there are."""
    found = [one for one in row.get("considered") or () if one.get("kind") == "study"]
    lines = [_considered(one) for one in found[:MOST_CONSIDERED]]
    more = len(found) - len(lines)
    return (*lines, *([f"and {more} more studies; `exowatch assess` names them"] if more > 0 else ()))


def position_words(row: Row) -> tuple[str, ...]:
    """What regulators hold of it; where none was met that bears on it, that theirs have said nothing."""
    found = [one for one in row.get("considered") or () if one.get("kind") != "study"]
    said = tuple(f"{plain(one.get('authority'))}: {plain(one.get('words'))}" for one in found[:MOST_CONSIDERED])
    return said or tuple(f"Regulator: {plain(line)}" for line in row.get("silent") or ())


def _considered(one: Row) -> str:
    differs = ", ".join(plain(part) for part in one.get("mismatches") or ())
    words = plain(one.get("words")).rstrip(".")
    gone = "; retracted" if one.get("retracted") else ""
    return f"{words}{gone}" + (
        f" (does not reach: {differs} differ{'s' if ',' not in differs else ''})" if differs else ""
    )


def also_words(row: Row) -> str:
    """On which other sites the same claim stands; empty where on none."""
    others = [plain(one.get("trader") or one.get("source")) for one in row.get("also") or ()]
    if not others:
        return ""
    more = f" and {len(others) - 5} more" if len(others) > 5 else ""
    return f"the same claim also on: {', '.join(dict.fromkeys(others[:5]))}{more}"
