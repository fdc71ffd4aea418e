"""Which provisions a claim on a page may engage in a jurisdiction, and which of them may be printed.

Found by jurisdiction and by what the claim does, never by going through all rules. A question or a denial engages
nothing; a claimed approval that is denied engages no provision on claimed approvals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from exowatch.knowledge.engaging import Facts, acts_of, engaged_by
from exowatch.knowledge.load import Knowledge
from exowatch.knowledge.regulation import Law
from exowatch.model.findings import Claim
from exowatch.model.law import Engaged, Feature, LawRule, Level, Printed
from exowatch.model.pages import Features
from exowatch.model.sources import Source

#: Pages of these advertise nothing.
NO_TRADERS = ("journal", "regulator", "register")
FEATURES: tuple[Feature, ...] = ("prices", "testimonials", "before_after", "endorsements", "required_missing")
#: A provision is looked at again after so many days.
GOOD_FOR = 180
NO_LAWYER = "machine-checked, not by a lawyer"
_IF = {"cosmetic": "if it is a cosmetic: ", "medicine": "if it is a medicine: ", "device": "if it is a device: "}


def engaged(
    claim: Claim, features: Features, source: Source, jurisdiction: str, as_of: datetime, knowledge: Knowledge
) -> tuple[Engaged, ...]:
    """The provisions that ``claim`` may engage in ``jurisdiction`` on that day: its own, then those of the EU."""
    if source.kind in NO_TRADERS:
        return ()
    return engaged_by(facts_of(claim, features), jurisdiction, as_of.date(), knowledge.law)


def facts_of(claim: Claim, features: Features) -> Facts:
    """What law asks about this claim on a page with these features."""
    shown = {name for name in FEATURES if getattr(features, name)}
    if "testimonial" in claim.kinds or claim.speaker == "customer":
        shown.add("testimonials")
    roles = {cue.role for cue in claim.cues}
    return Facts(
        quote=claim.quote.text,
        language=claim.language,
        acts=acts_of(claim.kinds, claim.status, absolute="absolute-safety" in roles),
        stance=claim.stance,
        status=claim.status,
        agencies=frozenset(claim.agencies),
        source=claim.intervention.source,
        route=claim.intervention.route,
        material=claim.intervention.material,
        tiers=frozenset(condition.tier for condition in claim.conditions),
        features=frozenset(shown),
        missing=features.required_missing,
        gate=features.gate is not None,
    )


def printable(found: Sequence[Engaged], on: date) -> tuple[Printed, ...]:
    """What a letter may print of them on that day.

    Only provisions whose own text was read on an official page, that bind the trader and that surely address this
    audience. A directive stands beside a provision that transposes it, and never alone.
    """
    read = {one.rule.id: one.rule for one in found if level_on(one.rule, on) == "text_read"}
    return tuple(
        _printed(one, on, read)
        for one in found
        if one.rule.id in read and one.rule.binds == "trader" and not one.rule.directive and not one.doubt
    )


def nothing_printed(found: Sequence[Engaged], jurisdiction: str) -> str:
    """What a letter says where no provision may be printed."""
    if not found:
        return f"{jurisdiction}: no provision in the rule base is met by this"
    many = f"{len(found)} provisions" if len(found) > 1 else "1 provision"
    return f"{jurisdiction}: no law hook can be printed yet ({many} noted, none read in its own text)"


def line_of(one: Printed) -> str:
    """One provision in one line, with the page of its text."""
    return f"{one.jurisdiction}: {one.words} [{one.url}]"


def told_by_place(found: Sequence[Engaged], home: str, on: date) -> list[str]:
    """For ``home`` and each other jurisdiction that is met: the provisions that may be printed, or that none may."""
    places: dict[str, list[Engaged]] = {home: []}
    for one in found:
        places.setdefault(one.jurisdiction, []).append(one)
    told = list[str]()
    for place, some in places.items():
        told += [line_of(one) for one in printable(some, on)] or [nothing_printed(some, place)]
    return told


def silence(law: Law, jurisdiction: str) -> tuple[str, ...]:
    """What is known of the regulators of a jurisdiction that have said nothing of exosomes."""
    place = law.places.get(jurisdiction)
    notes = place.notes if place else ()
    days = dict.fromkeys(note.as_of for note in notes if not note.found)
    silent = {day: ", ".join(note.regulator for note in notes if not note.found and note.as_of == day) for day in days}
    return tuple(f"{names}: no statement found as of {day}" for day, names in silent.items())


def desk_hooks(found: Sequence[Engaged], on: date) -> list[dict[str, object]]:
    """What the desk shows: everything above ``unchecked``, each with whether a letter prints it."""
    shown = {one.rule_id: one for one in printable(found, on)}
    return [_desk_row(one, on, shown.get(one.rule.id)) for one in found if level_on(one.rule, on) != "unchecked"]


def level_on(rule: LawRule, on: date) -> Level:
    """How far its text had been checked on that day: what was found later does not count."""
    check = rule.verification
    return check.level if check.checked_on is None or check.checked_on <= on else rule.shipped


def hook_words(rule: LawRule) -> str:
    """How a provision is named: never that it was broken."""
    return f"{_IF.get(rule.branch, '')}may engage {rule.hook} ({rule.words}); verify"


def _desk_row(one: Engaged, on: date, printed: Printed | None) -> dict[str, object]:
    rule, check = one.rule, one.rule.verification
    return {
        "rule": rule.id,
        "jurisdiction": one.jurisdiction,
        "law_of": rule.jurisdiction,
        "words": printed.words if printed else hook_words(rule),
        "branch": rule.branch,
        "level": level_on(rule, on),
        "checked_by": check.checked_by,
        "checked_on": check.checked_on.isoformat() if check.checked_on else None,
        "binds": rule.binds,
        "competent_body": one.body,
        "url": check.url,
        "doubt": one.doubt,
        "print": printed is not None,
    }


def _printed(one: Engaged, on: date, read: Mapping[str, LawRule]) -> Printed:
    rule, check = one.rule, one.rule.verification
    assert check.checked_on is not None  # read_law refuses text_read without either
    assert check.url is not None
    beside = [read[name].hook for name in rule.transposes if name in read and not _stale(read[name], on)]
    hook = f"{rule.hook}, transposing {' and '.join(beside)}" if beside else rule.hook
    who = f" ({NO_LAWYER})" if check.checked_by == "machine" else f" (checked by {check.checked_by})"
    again = _stale(rule, on)
    if again:
        words = f"recheck: {hook}, last checked on {check.checked_on}: {again}"
    else:
        words = f"{_IF.get(rule.branch, '')}may engage {hook} ({rule.words}); verify{who}"
    return Printed(rule.id, one.jurisdiction, words, check.url, check.checked_on, bool(again))


def _stale(rule: LawRule, on: date) -> str:
    """Why the text has to be looked at again; empty: it need not."""
    check = rule.verification
    if check.recheck:
        return check.recheck
    days = (on - check.checked_on).days if check.checked_on else GOOD_FOR
    return f"{days} days ago" if days >= GOOD_FOR else ""
