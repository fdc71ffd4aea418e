"""A made-up site in sentences: each visit gives the doors readings as the extractor would, and closes the run."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from exowatch.config import Config
from exowatch.intake import close_run
from exowatch.intake.capture import _stands, _store
from exowatch.intake.desk import Desk
from exowatch.knowledge.load import load_knowledge
from exowatch.model.captures import Capture, Outcome, WarcPlace
from exowatch.model.findings import Claim, Condition, Intervention, Quote, Statement, Study
from exowatch.model.keys import letters, wording_key
from exowatch.model.pages import Attitude, Block, FeaturePlace, Features, Fitness, Locator, Page
from exowatch.model.readings import Assessment, Reading, Reason, Stamp
from exowatch.model.sources import Run, RunKind, Source
from exowatch.query import Filter, listing
from exowatch.store import read_state, write_runs
from exowatch.store.migrate import ready_store

DAY = datetime(2026, 11, 1, 6, tzinfo=UTC)
SEVERE = {"alzheimer": "serious", "psoriasis": "medical", "wrinkles": "cosmetic", "hair-loss": "cosmetic"}


def claim(text: str, zone: str = "body") -> Claim:
    """A claim read off simple marks: 'may' hedges, 'never' guarantees, 'not' negates; condition names stand in it."""
    found = tuple(Condition(name, name, tier) for name, tier in SEVERE.items() if name in text)
    stance = "negated" if " not " in text else "hedged" if " may " in text else "asserted"
    kinds = ("guarantee",) if "always" in text else ("efficacy",)
    strength = 1 if stance == "hedged" else 5 if "always" in text else 3 if found else 2
    return Claim(
        key=wording_key(text),
        quote=Quote(0, 0, len(text), text),
        language="en",
        kinds=kinds,
        stance=stance,
        subject="exosome",
        intervention=Intervention(),
        conditions=found,
        strength=strength,
        zone=zone,
        visible="yes",
        context=text,
    )


def statement(text: str, status: str = "not_approved", scope: str = "all") -> Statement:
    return Statement(wording_key(text), Quote(0, 0, len(text), text), ("FDA",), status, scope, "US", "asserted")


def judged(one: Claim, attitude: Attitude = "promotes") -> list[Assessment]:
    flag = attitude == "promotes" and one.stance in ("asserted", "hedged")
    tiers = {c.tier for c in one.conditions}
    severity = "critical" if "serious" in tiers else "high" if "medical" in tiers else "medium"
    severity = "medium" if one.visible == "no" else severity
    reasons = (Reason("test", "because"),)
    return [Assessment(one.key, "IE", "unassessed", flag, severity if flag else None, reasons, "j")]


@dataclass
class Site:
    """One source and its visits."""

    desk: Desk
    source: Source
    number: int = 0
    stamp: Stamp = field(default_factory=lambda: Stamp("k1", "r1"))

    def begin(self, kind: RunKind = "crawl") -> Run:
        self.number += 1
        at = DAY + timedelta(days=self.number - 1)
        with self.desk.store.writing() as db:
            run = Run(f"run-{self.number}", kind, (self.source.id,), at, write_runs.next_fence(db))
            write_runs.write_run(db, run, [self.source], {})
        return run

    def show(
        self,
        run: Run,
        url: str,
        sentences: list[Any] | str,
        *,
        length: int | None = None,
        language="en",
        also: tuple[str, ...] = (),
        before: str = "",
        attitude: Attitude = "promotes",
        fetched_at: datetime | None = None,
        disclaimers: tuple[str, ...] = (),
        judge: Callable[[Claim, Attitude], list[Assessment]] = judged,
    ) -> Outcome:
        """One capture of one page. A string instead of sentences is a fitness code.

        ``also``: text of the page that is read as no claim; ``before``: what the page said in its last capture.
        """
        told = (
            [s if isinstance(s, (Claim, Statement)) else claim(s) for s in sentences if not isinstance(s, Study)]
            if isinstance(sentences, list)
            else []
        )
        told = [replace(one, locator=Locator(css=f"p:nth-of-type({n})")) for n, one in enumerate(told)]
        studies = tuple(s for s in sentences if isinstance(s, Study))
        text = "\n".join([*(one.quote.text for one in told), *(one.title for one in studies)]) + str(length or "")
        digest = hashlib.sha256((text + language).encode()).hexdigest()
        name = f"{run.id}:{url}"
        capture = Capture(
            id=hashlib.sha256(name.encode()).hexdigest()[:36],
            source_id=self.source.id,
            run_id=run.id,
            url=url,
            final_url=url,
            fetched_at=fetched_at or run.started_at,
            status=200,
            payload_digest=f"sha256:{digest}",
            content_digest=f"sha256:{digest}",
            warc=WarcPlace("a.warc.gz", abs(hash(name)) % 10**9),
        )
        code = sentences if isinstance(sentences, str) else "ok"
        blocks = tuple(Block(i, "paragraph", "body", text) for i, text in enumerate(also))
        page = Page(url, "text/html", url, language, blocks, Fitness(code), digest, text_length=length or 1000)
        claims = tuple(one for one in told if isinstance(one, Claim))
        reading = Reading(
            capture.id,
            self.stamp,
            page,
            claims=claims,
            statements=tuple(one for one in told if isinstance(one, Statement)),
            studies=studies,
            attitude=attitude,
            features=Features(
                disclaimers=disclaimers,
                places=tuple(
                    FeaturePlace("disclaimers", one, n, 0, len(one), "body", f"p:nth-of-type({n})")
                    for n, one in enumerate(disclaimers)
                ),
            ),
        )
        with self.desk.store.reading() as db:
            state = read_state.page_state(db, self.source.id, url)
        if state and state.content_digest == capture.content_digest and code == "ok":
            return _stands(self.desk, capture, run, state, "same-body")
        weighed = {i: judge(c, attitude) for i, c in enumerate(claims)}
        before = "\n".join([letters(line) for line in before.split("\n")])
        return _store(self.desk, capture, self.source, run, state, reading, weighed, before)

    def visit(self, pages: dict[str, Any], finish: str = "finished"):
        """A whole visit: every page shown, the run closed."""
        run = self.begin()
        for url, sentences in pages.items():
            self.show(run, url, sentences)
        return close_run(self.desk, run, {self.source.id: finish})[0]

    def flags(self) -> list[tuple[str, str]]:
        return [(row["change"], row["quote"]) for row in self.rows("flags", sort="id")]

    def changes(self, **asked: Any) -> list[tuple[str, str | None, str | None]]:
        return [(row["kind"], row["before"], row["after"]) for row in self.rows("changes", sort="id", **asked)]

    def news(self) -> list[tuple[str, str]]:
        return [flag for flag in self.flags() if flag[0] != "baseline"]

    def rows(self, name: str, **asked: Any) -> list[dict[str, Any]]:
        return listing(self.desk.store, name, Filter(**asked), DAY + timedelta(days=self.number))


def make_site(url: str, **source: Any) -> Site:
    """A site on a fresh database at ``url``."""
    store = ready_store(url)
    whole = Source("quay", "Quay Skin", "clinic", "IE", ("https://quay.example/",), **source)
    now = datetime(2026, 11, 24, tzinfo=UTC)
    return Site(Desk(Config(), store, load_knowledge(), lambda: now, True, Stamp("k1", "r1")), whole)


def visit_home(site: Site, sentences: list[Any], finish: str = "finished", **facts: Any) -> None:
    """A whole visit to the home page alone; ``facts`` as ``Site.show`` takes them."""
    run = site.begin()
    site.show(run, "https://quay.example/", sentences, **facts)
    close_run(site.desk, run, {site.source.id: finish})
