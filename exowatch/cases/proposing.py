"""A wrongly read flag as a change of rules for a person to weigh: the sentence as a counter-example of what fired.

Nothing is changed by it. The text says first whether the rules would still load, and which words have to be narrowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from exowatch.digest.safe import plain
from exowatch.errors import KnowledgeError, SetupError
from exowatch.extract.match import Matcher
from exowatch.extract.proof import failing_examples
from exowatch.extract.trial import load_with
from exowatch.knowledge.forms import Found, rule_forms
from exowatch.knowledge.load import HERE, LOCAL, READING, Knowledge
from exowatch.knowledge.regulation import is_law
from exowatch.knowledge.schema import PROMISING, Rule
from exowatch.store.read_misread import misread_flag
from exowatch.store.session import Store

Row = dict[str, Any]
_TURNING = ("negation", "hedge", "attribution", "disclosure", "pseudo")
#: Reason of the decision → roles of the rules that may be at fault.
_ROLES: dict[str, tuple[str, ...]] = {
    "not-a-claim": PROMISING,
    "not-exosome": ("subject", "source", "candidate"),
    "wrong-stance": _TURNING,
}
#: Letters of a sentence that are copied: an example shows words, and is no archive.
_LONGEST = 300
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_DIGITS = re.compile(r"\+?\d(?:[\s().-]?\d){6,}")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that a person may accept."""

    text: str
    """YAML of the local layer."""
    rules: tuple[str, ...]
    failing: tuple[str, ...]
    """Why today's rules refuse it as it stands; empty: it loads, and the counter-example holds already."""
    notes: tuple[str, ...]


def propose(store: Store, knowledge: Knowledge, flag_id: int) -> Proposal:
    """The proposal for a flag whose newest decision says that it was read wrongly, and why.

    SetupError where that is not so, or where no rule fired that a counter-example could narrow.
    """
    with store.reading() as db:
        flag = misread_flag(db, flag_id)
    because = _reason(flag_id, flag)
    assert flag is not None  # _reason refuses what there is none of
    sentence = _sentence(flag["quote"], [cue["text"] for cue in flag["cues"] or ()])
    rules = _at_fault(flag, because, knowledge)
    if not rules:
        raise SetupError(
            f"no rule that a counter-example could narrow fired in the sentence of flag {flag_id} ({because})",
            remedy=f'`exowatch knowledge explain "{plain(flag["quote"])[:80]}"` shows what weighed',
        )
    forms = {found.form.id: found for found in _forms(knowledge)}
    changed = [(forms[rule.id], _with_example(rule, sentence)) for rule in rules if rule.id in forms]
    rows = [_row(found, rule, flag_id, flag) for found, rule in changed]
    failing = [f"{rule.id}: {told}" for _, rule in changed for told in failing_examples(rule)]
    text = "".join(_head(flag_id, flag, because, failing)) + "".join(
        f"\n{_comments(rule, sentence)}{_yaml(row)}" for (_, rule), row in zip(changed, rows, strict=True)
    )
    _prove_shape(text, knowledge)
    return Proposal(text, tuple(rule.id for rule in rules), tuple(failing), tuple(_notes(flag, changed)))


def _reason(flag_id: int, flag: Row | None) -> str:
    """Why it was read wrongly. SetupError where nobody says so."""
    if flag is None:
        raise SetupError(f"there is no flag {flag_id}", remedy="`exowatch flags` shows them")
    if flag["reading"] == "wrong" and flag["because"] in _ROLES:
        return str(flag["because"])
    if flag["reading"] is None:
        told = "nobody has decided yet"
    elif flag["reading"] == "right":
        told = f"{plain(flag['by'])} holds that it was read rightly"
    else:
        told = f"it was read wrongly, {flag['because'] or 'and no reason is given'}"
    reasons = ", ".join(_ROLES)
    raise SetupError(
        f"flag {flag_id} gives no counter-example: {told}",
        remedy=f"`exowatch review {flag_id} --reading wrong --action no-action --because …` with one of {reasons}",
    )


def _at_fault(flag: Row, because: str, knowledge: Knowledge) -> list[Rule]:
    """Rules of today that fired in the sentence and may be at fault, in the order of the rule files."""
    fired = {*flag["rule_ids"], *(cue["rule_id"] for cue in flag["cues"] or ())}
    found = [rule for rule in knowledge.rules if rule.id in fired]
    mine = [rule for rule in found if rule.role in _ROLES[because]]
    return mine or ([rule for rule in found if rule.role in PROMISING] if because == "wrong-stance" else [])


def _forms(knowledge: Knowledge) -> Iterator[Found]:
    """Every rule as somebody wrote it; a local one comes after the shipped one that it replaces."""
    for name in READING:
        yield from rule_forms(HERE / name, knowledge.source_texts[name])
    for name, text in sorted(knowledge.source_texts.items()):
        if name.startswith(LOCAL) and not is_law(name.removeprefix(LOCAL)):
            yield from (found for found in rule_forms(Path(name), text) if not found.form.disable)


def _with_example(rule: Rule, sentence: str) -> Rule:
    return replace(rule, not_=tuple(dict.fromkeys((*rule.not_, sentence))))


def _row(found: Found, rule: Rule, flag_id: int, flag: Row) -> Row:
    """The rule as a local file holds it: whole, since it takes the place of the one before."""
    form = found.form.model_dump(exclude={"terms", "examples", "disable"}, exclude_none=True)
    return form | {
        "source": f"{found.form.source}; flag {flag_id}",
        "reviewer": plain(flag["by"]),
        "date": flag["at"].date(),
        "terms": {language: list(terms) for language, terms in rule.terms.items()},
        "examples": {"match": list(rule.match), "not": list(rule.not_)},
    }


def _yaml(row: Row) -> str:
    return yaml.safe_dump([row], allow_unicode=True, sort_keys=False, width=110, default_flow_style=None)


def _head(flag_id: int, flag: Row, because: str, failing: Sequence[str]) -> Iterator[str]:
    review = f"review {flag['review_id']}, {flag['at']:%Y-%m-%d}"
    yield f"# Proposed from flag {flag_id} ({review}): read wrongly, {because}.\n"
    yield "# Nothing is changed until a person puts this file into the folder [knowledge] dir.\n"
    if failing:
        yield "# AS IT STANDS IT DOES NOT LOAD: today's terms find the sentence. Narrow those named below first,\n"
        yield "# then run `exowatch knowledge check THIS-FILE`, which says how to accept it.\n"
    else:
        yield "# Today's rules no longer find anything in it: this keeps it so.\n"
    if because == "wrong-stance":
        yield "# If a word of it denies, doubts or attributes: add that word to a rule of the role negation, hedge or\n"
        yield "# attribution, and this sentence to its `match`, rather than narrowing the rules below.\n"


def _comments(rule: Rule, sentence: str) -> str:
    """Which terms find the sentence, and whether the rule's other examples would hold without them."""
    found = [
        (language, term)
        for language, terms in rule.terms.items()
        for term in terms
        if _hits(rule, language, term, sentence)
    ]
    if not found:
        return ""
    told = ", ".join(f"{language}: {plain(term)}" for language, term in found)
    left = {lang: tuple(t for t in terms if (lang, t) not in found) for lang, terms in rule.terms.items()}
    failing = failing_examples(replace(rule, terms={lang: terms for lang, terms in left.items() if terms}))
    after = f"examples would fail: {plain('; '.join(failing))}" if failing else "its other examples would still hold"
    return f"# {rule.id} ({rule.role}) finds it by {told}\n# Without that, {after}.\n"


def _hits(rule: Rule, language: str, term: str, sentence: str) -> bool:
    return bool(Matcher([replace(rule, terms={language: (term,)})]).hits(sentence))


def _sentence(quote: str, cues: Sequence[str]) -> str:
    """The sentence as an example: one line, without mail addresses and numbers of telephones, long ones cut."""
    told = _DIGITS.sub("000", _MAIL.sub("name@example.org", plain(quote)))
    if len(told) <= _LONGEST:
        return told
    at = next((place for cue in cues if (place := told.find(plain(cue))) >= 0), 0)
    start = max(0, min(at - _LONGEST // 2, len(told) - _LONGEST))
    return told[start : start + _LONGEST].strip()


def _prove_shape(text: str, knowledge: Knowledge) -> None:
    """Load the whole set with the proposal in it. KnowledgeError where it would not."""
    ours = {name.removeprefix(LOCAL): held for name, held in knowledge.source_texts.items() if name.startswith(LOCAL)}
    load_with({"proposed-here.yml": text}, ours)


def _notes(flag: Row, changed: Sequence[tuple[Found, Rule]]) -> Iterator[str]:
    for found, rule in changed:
        if found.path.as_posix().startswith(LOCAL):
            yield f"rule {rule.id} stands in your own {found.path.name}: replace it there (one id, one rule)"
    if "testimonial" in flag["kinds"]:
        yield "the sentence is a patient's: take out of it whatever tells who that is"
    if len(plain(flag["quote"])) > _LONGEST:
        yield f"the sentence was cut to {_LONGEST} letters"


def refuse_to_break(made: Proposal, file: Path, folder: Path | None) -> None:
    """KnowledgeError where a file that today's rules refuse would go where rules are read: every command would stop."""
    if made.failing and folder is not None and file.resolve().parent == folder.resolve():
        raise KnowledgeError(
            f"today's rules refuse the proposal: {plain(made.failing[0])}",
            file=str(file),
            remedy="write it elsewhere, narrow the terms, and move it there once `exowatch knowledge check FILE` holds",
        )
