from dataclasses import replace
from datetime import UTC, datetime

from exowatch.digest.law import law_lines, law_notes
from exowatch.knowledge.engaging import engaged_by, facts_of_example
from exowatch.knowledge.load import load_knowledge
from exowatch.knowledge.regulation import law_of
from exowatch.model.law import LawExample, Verification

LAW = load_knowledge().law
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
READ = Verification("text_read", "machine", NOW.date(), "https://law.example/", "capture", "digest")


def met(law, place):
    said = LawExample("Results guaranteed, and no side effects.", ("guarantee", "absolute-safety", "superiority"))
    return engaged_by(facts_of_example(said, law.rules[0]), place, NOW.date(), law)


def test_as_shipped_a_letter_names_no_provision_and_says_so_once_a_jurisdiction():
    flags = [met(LAW, "IE"), met(LAW, "IE"), met(LAW, "DE")]
    assert [law_lines(found, NOW) for found in flags] == [(), (), ()]
    german, irish = law_notes(flags, LAW, NOW, None)
    assert german.startswith("DE: no law hook can be printed yet (")
    assert irish.startswith("IE: no law hook can be printed yet (")
    assert irish.endswith("HPRA: no statement found as of 2026-11-22.")


def test_a_letter_for_one_jurisdiction_says_it_of_that_one():
    (note,) = law_notes([met(LAW, "IE"), met(LAW, "DE")], LAW, NOW, "DE")
    assert note.startswith("DE: ")


def test_a_flag_names_three_provisions_at_most_and_counts_the_rest():
    law = law_of([replace(rule, verification=READ) for rule in LAW.rules], LAW.places)
    lines = law_lines(met(law, "IE"), NOW)
    assert len(lines) == 4
    assert all("may engage" in line and "[https://law.example/]" in line for line in lines[:3])
    assert lines[3].startswith("and ")
    assert "no law hook" not in " ".join(law_notes([met(law, "IE")], law, NOW, None))
