import pytest

from exowatch.errors import KnowledgeError
from exowatch.extract.proof import check_examples, load_proven
from exowatch.knowledge.load import load_knowledge

RULE = """
- id: {id}
  role: effect
  kind: efficacy
  reason: a local word
  source: us
  reviewer: house
  date: 2026-11-24
  terms: {{en: [gleam*]}}
  examples: {{match: [Skin gleams.], not: [Skin is dull.]}}
"""


def local(folder, text):
    (folder / "ours.yml").write_text(text)
    return load_knowledge(folder)


def test_every_shipped_example_holds():
    assert check_examples(load_knowledge()) == []


def test_a_local_rule_is_added_and_another_one_put_out_of_use(tmp_path):
    why = "reason: too wide for us, source: us, reviewer: us, date: 2026-11-24"
    disabled = f"- {{id: hedge, role: hedge, {why}, disable: true}}\n"
    found = local(tmp_path, RULE.format(id="gleam") + disabled)
    ids = {rule.id for rule in found.rules}
    assert "gleam" in ids
    assert "hedge" not in ids
    assert "local/ours.yml" in found.source_texts


def test_the_reading_digest_moves_with_a_local_rule_and_the_judging_digest_does_not(tmp_path):
    shipped, ours = load_knowledge(), local(tmp_path, RULE.format(id="gleam"))
    assert ours.reading_digest != shipped.reading_digest
    assert ours.judging_digest == shipped.judging_digest


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (RULE.format(id="gleam").replace("reason:", "raeson:"), "gleam"),
        (RULE.format(id="gleam").replace("  examples: {match: [Skin gleams.], not: [Skin is dull.]}", ""), "examples"),
        (RULE.format(id="gleam").replace("not: [Skin is dull.]", "not: []"), "gleam"),
        ("- id: [a\n", "not YAML"),
        (RULE.format(id="gleam") + "  kind: safety\n", "'kind' stands twice"),
        (RULE.format(id="gleam") * 2, "two local rules"),
        (RULE.format(id="gleam").replace("kind: efficacy", "kind: eficacy"), "gleam: kind"),
        (RULE.format(id="gleam").replace("role: effect", "role: status"), "approved, not_approved"),
        (RULE.format(id="gleam").replace("en:", "klingon:"), "no language"),
        (RULE.format(id="gleam").replace("2026-11-24", "2026-02-30"), "gleam: date"),
        (RULE.format(id="gleam") + "  jurisdiction: ZZ\n", "no place"),
        (RULE.format(id="gleam") + "  disable: true\n", "nothing to put out of use"),
        ("gleam: 1\n", "list of rules"),
        (RULE.format(id="''"), "id"),
        (RULE.format(id="gleam").replace("[gleam*]", "[gleam*, '!!']"), "no letter"),
    ],
)
def test_a_rule_that_is_misshapen_or_unproven_is_refused_with_its_file_and_line(tmp_path, text, told):
    with pytest.raises(KnowledgeError, match=told) as caught:
        local(tmp_path, text)
    assert caught.value.file.endswith("ours.yml")
    assert caught.value.line is not None


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(KnowledgeError, match=r"knowledge\.dir"):
        load_knowledge(tmp_path / "none")


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [("Skin gleams.", "Skin shines.", 10), ("Skin is dull.", "Skin gleams too.", 10)],
)
def test_a_local_rule_whose_example_fails_is_refused_with_its_line(tmp_path, right, wrong, line):
    (tmp_path / "ours.yml").write_text(RULE.format(id="gleam").replace(right, wrong))
    with pytest.raises(KnowledgeError, match="should") as caught:
        load_proven(tmp_path)
    assert (caught.value.key, caught.value.line) == ("gleam", line)


@pytest.mark.parametrize("name", ["ours.yaml", "words/de.yml"])
def test_a_local_file_that_would_be_passed_over_is_told(tmp_path, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(RULE.format(id="gleam"))
    with pytest.raises(KnowledgeError, match="not read"):
        load_knowledge(tmp_path)


def test_a_local_file_in_other_letters_is_told(tmp_path):
    (tmp_path / "ours.yml").write_bytes("# é".encode("latin-1"))
    with pytest.raises(KnowledgeError, match="UTF-8"):
        load_knowledge(tmp_path)
