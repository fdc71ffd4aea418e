"""What news of evidence costs: ``python -m bench.reassess [CLAIMS] [STUDIES]`` (100,000 claims, 10,000 studies).

A database is filled with claims and studies of many conditions; then one study is retracted, and one trial comes.
Printed is how many claims were touched, how many verdicts moved, and the time beside a reference (as many rows read
by number).
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from exowatch.assess import evidence_of, index_keys
from exowatch.config import Config
from exowatch.intake.desk import Desk
from exowatch.intake.evidence import reassess
from exowatch.knowledge.load import load_knowledge
from exowatch.model.findings import Study
from exowatch.model.readings import Stamp
from exowatch.model.sources import Run, Source
from exowatch.store import borne_on, held_evidence, write_runs
from exowatch.store import tables as t
from exowatch.store.migrate import ready_store

AT = datetime(2026, 11, 26, tzinfo=UTC)
ROUTES = ("injection", "topical", "intravenous", "topical_after_procedure")
SOURCES = ("human", "plant", "animal", "autologous")


def study(number: int, conditions: list[str], rng: random.Random) -> Study:
    """A made-up study of one condition."""
    key = f"doi:10.5555/bench.{number}"
    return Study(
        key=key,
        identifiers=(key,),
        title=f"Made-up study {number}",
        design=rng.choice(["rct", "split-face", "before-after", "cohort", "animal"]),
        subjects="human",
        participants=rng.randint(8, 200),
        material="exosome",
        source=rng.choice(SOURCES),
        route=rng.choice(ROUTES),
        conditions=(conditions[number % len(conditions)],),
        direction=rng.choice(["positive", "null", "mixed"]),
        level="2",
    )


def fill(db: Any, claims: int, families: list[tuple[str, str]], rng: random.Random) -> None:
    """Claims on pages of two hundred sites, each with what it asks for."""
    sites = [
        {
            "id": f"s{n}",
            "name": f"s{n}",
            "kind": "clinic",
            "jurisdiction": "IE",
            "via": "site",
            "start_urls": [],
            "max_pages": 9,
        }
        for n in range(200)
    ]
    db.execute(insert(t.sources), sites)
    pages = [
        {
            "id": n + 1,
            "source_id": f"s{n % 200}",
            "url": f"https://s.example/{n}",
            "kind": "clinic",
            "attitude": "promotes",
            "first_seen": AT,
            "first_run_id": "r",
        }
        for n in range(claims // 20 + 1)
    ]
    db.execute(insert(t.pages), pages)
    place = {
        "source_id": "s0",
        "run_id": "r",
        "url": "u",
        "final_url": "u",
        "redirect_chain": [],
        "fetched_at": AT,
        "status": 200,
        "payload_digest": "p",
        "size": 1,
        "warc_file": "f",
        "warc_offset": 0,
        "fitness": "ok",
        "rendered": False,
    }
    db.execute(insert(t.captures), [{"id": "c"} | place])
    for start in range(0, claims, 5000):
        numbers = range(start + 1, min(start + 5000, claims) + 1)
        asked = {n: families[n % len(families)] for n in numbers}
        db.execute(
            insert(t.lineages),
            [
                {
                    "id": n,
                    "source_id": f"s{(n // 20) % 200}",
                    "subject": "claim",
                    "state": "live",
                    "current_key": str(n),
                    "first_seen": AT,
                    "first_run_id": "r",
                }
                for n in numbers
            ],
        )
        db.execute(
            insert(t.claims),
            [
                {
                    "id": n,
                    "lineage_id": n,
                    "key": str(n),
                    "quote": f"Our exosomes improve {asked[n][1]}.",
                    "language": "en",
                    "kinds": ("efficacy",),
                    "stance": "asserted",
                    "subject": "exosome",
                    "source_material": rng.choice(SOURCES),
                    "material": "exosome",
                    "route": rng.choice(ROUTES),
                    "conditions": (asked[n][0],),
                    "conditions_full": [{"id": asked[n][0], "name": asked[n][1], "tier": "cosmetic", "mesh": None}],
                    "strength": 2,
                    "cues": [],
                    "knowledge": "k",
                    "reader": "r",
                }
                for n in numbers
            ],
        )
        db.execute(
            insert(t.appearances),
            [
                {
                    "lineage_id": n,
                    "page_id": n // 20 + 1,
                    "zone": "body",
                    "claim_id": n,
                    "visible": "yes",
                    "speaker": "trader",
                    "locator": {},
                    "context": "",
                    "heading_path": [],
                    "first_seen": AT,
                    "capture_id": "c",
                    "live": True,
                }
                for n in numbers
            ],
        )
        db.execute(
            insert(t.assessments),
            [
                {
                    "claim_id": n,
                    "jurisdiction": "IE",
                    "verdict": "partly",
                    "flag": True,
                    "severity": "medium",
                    "reasons": [],
                    "judging": "j",
                    "valid_from": AT,
                }
                for n in numbers
            ],
        )
        db.execute(insert(t.claim_keys), [{"key": f"condition:{asked[n][0]}", "claim_id": n} for n in numbers])


def main() -> None:
    """Fill, then retract one study and let one trial come."""
    claims = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    rng, knowledge = random.Random(7), load_knowledge()
    families = sorted(
        {(family, name) for name, family in knowledge.studies.families.items() if family not in ("other", "safety")}
    )
    conditions = [name for _, name in families]
    with tempfile.TemporaryDirectory() as folder:
        store = ready_store(f"sqlite:///{Path(folder)}/bench.db")
        desk = Desk(Config(), store, knowledge, lambda: AT, True, Stamp("k", "r"))
        with store.writing() as db:
            source = Source("s0", "s0", "clinic", "IE", ("https://s.example/",))
            run = Run("r", "crawl", ("s0",), AT, write_runs.next_fence(db))
            db.execute(
                insert(t.runs), [{"id": "r", "kind": "crawl", "started_at": AT, "fence": run.fence, "simulated": True}]
            )
            fill(db, claims, families, rng)
            assert source.id in run.source_ids
        made = [study(n, conditions, rng) for n in range(count)]
        with store.writing() as db:
            for one in made:
                what = evidence_of(one)
                held_evidence.hold(db, what, index_keys(what, knowledge), ("a", "b"), "r", AT)
            borne_on.settled(db, borne_on.waiting(db), AT)
        for told, changes in (
            ("one study retracted", {"retracted": True}),
            ("one trial more", {"key": "doi:10.5555/new"}),
        ):
            _news(desk, run, made[0], changes, told, knowledge)
        store.close()


def _news(desk: Desk, run: Run, one: Study, changes: dict[str, Any], told: str, knowledge: Any) -> None:
    from dataclasses import replace

    what = evidence_of(replace(one, **changes))
    with desk.store.writing() as db:
        held_evidence.hold(db, what, index_keys(what, knowledge), ("a", "b"), "r", AT)
        touched = borne_on.borne_on(db, {what.id})
    began = time.perf_counter()
    moved = reassess(desk, run)
    spent = time.perf_counter() - began
    began = time.perf_counter()
    with desk.store.reading() as db:
        for number in list(touched)[:2000]:
            db.execute(select(t.claims).where(t.claims.c.id == number)).first()
    reference = (time.perf_counter() - began) / max(1, min(len(touched), 2000)) * len(touched)
    each = spent / max(1, len(touched)) * 1000
    times = spent / max(reference, 1e-9)
    print(f"{told}: {len(touched)} claims touched, {moved} verdicts moved")
    print(f"    {spent:.1f} s, {each:.1f} ms a claim, {times:.1f} x reading them one by one")


if __name__ == "__main__":
    main()
