"""What assessing one claim costs, in memory, with 10,000 made-up studies and 500 rules of law.

Candidates are found by key, as the store finds them, and weighed together; then the rules of the claim's jurisdiction
are looked through. Processor milliseconds a claim; each claim is measured once, so nothing is remembered.
Run: ``python -m bench.assess``.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime

from exowatch.assess import asked_keys, assess, evidence_of, index_keys
from exowatch.assess.law import engaged_by, facts_of
from exowatch.extract.findings import findings
from exowatch.knowledge.load import Knowledge, load_knowledge
from exowatch.knowledge.regulation import Law
from exowatch.model.findings import Claim, Study
from exowatch.model.pages import Features
from exowatch.model.readings import Evidence, Search
from exowatch.model.sources import Source
from exowatch.pages.page import read_page

STUDIES = 10_000
RULES = 500
NOW = datetime(2026, 11, 26, tzinfo=UTC)
CLINIC = Source("a", "a", "clinic", "IE", ("https://a.example/",))
DONE = ("cure", "improve", "reduce", "may help with", "are clinically proven against")
WHAT = ("Adipose exosomes", "Umbilical cord exosome drips", "Rose exosome serums", "Our exosome injections")
CONCERNS = ("acne scars", "wrinkles", "hair loss", "melasma", "eczema", "knee osteoarthritis", "Alzheimer's disease")


def made_up(knowledge: Knowledge) -> list[Study]:
    """Studies that run through every condition, design, source and route in turn, so that no key holds them all."""
    turns = [
        list(knowledge.studies.families),
        ["rct", "split-face", "controlled", "before-after", "case-series", "animal", "in-vitro"],
        ["human", "plant", "autologous"],
        ["injection", "topical", "topical_after_procedure", "intravenous"],
        ["positive", "null", "mixed", "negative", "positive"],
    ]
    loops = [itertools.cycle(turn) for turn in turns]
    studies = []
    for number in range(STUDIES):
        condition, design, source, route, direction = (next(loop) for loop in loops)
        subjects = {"animal": "animal", "in-vitro": "in_vitro"}.get(design, "human")
        studies.append(
            Study(
                key=f"doi:10.5555/{number}",
                title=f"Study {number} of {condition}",
                design=design,
                subjects=subjects,  # type: ignore[arg-type]
                participants=number % 150,
                material="exosome",
                source=source,
                route=route,
                conditions=(condition,),
                direction=direction,
            )
        )
    return studies


def claims_of(knowledge: Knowledge) -> list[Claim]:
    """Claims of every kind of wording against every concern."""
    told = [f"<p>{what} {done} {of}.</p>" for what in WHAT for done in DONE for of in CONCERNS]
    body = f"<html lang=en><title>Exosome therapy</title><body>{''.join(told)}</body></html>".encode()
    page = read_page(
        body, url="https://a.example/", content_type="text/html", status=200, truncated=None, fitness=knowledge.fitness
    )
    return [claim for claim in findings(page, CLINIC, knowledge).claims if claim.zone != "title"]


def law_of(law: Law, many: int) -> Law:
    """The shipped rules, and copies of them under other ids in the same places, until there are so many."""
    copies, by_act = list(law.rules), {place: dict(acts) for place, acts in law.by_act.items()}
    for number in range(many - len(law.rules)):
        rule = law.rules[number % len(law.rules)]
        copy = replace(rule, id=f"{rule.id}-{number}")
        copies.append(copy)
        for acts in by_act.values():
            for act, rules in acts.items():
                if rule in rules:
                    acts[act] = (*rules, copy)
    return replace(law, rules=tuple(copies), by_act=by_act)


def main() -> None:
    knowledge = load_knowledge()
    by_key: dict[str, list[Evidence]] = defaultdict(list)
    for study in made_up(knowledge):
        what = evidence_of(study)
        for key in index_keys(what, knowledge):
            by_key[key].append(what)
    law = law_of(knowledge.law, RULES)
    search = Search(STUDIES, ("europepmc", "pubmed"), "2026-11-25")
    costs, sizes = [], []
    for claim in claims_of(knowledge):
        began = time.process_time()
        found = {one.id: one for key in asked_keys(claim) for one in by_key.get(key, ())}
        assess(
            claim,
            source=CLINIC,
            kind="clinic",
            attitude="promotes",
            jurisdiction="IE",
            evidence=list(found.values()),
            knowledge=knowledge,
            as_of=NOW,
            search=search,
        )
        engaged_by(facts_of(claim, Features()), "IE", NOW.date(), law)
        costs.append((time.process_time() - began) * 1000)
        sizes.append(len(found))
    costs.sort()
    middle = f"{statistics.median(sizes):.0f} (median), at most {max(sizes)}"
    print(f"{len(costs)} claims against {STUDIES} studies and {len(law.rules)} rules; candidates: {middle}")
    most = f"{costs[int(len(costs) * 0.95)]:.2f} ms (95 %), {costs[-1]:.2f} ms at most"
    print(f"a claim: {statistics.median(costs):.2f} ms (median; asked: 5), {most}")


if __name__ == "__main__":
    main()
