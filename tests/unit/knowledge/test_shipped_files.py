"""Files that no local folder replaces: a slip in them is told when they are loaded, with its line."""

from pathlib import Path

import pytest

from exowatch.errors import KnowledgeError
from exowatch.knowledge.positions import read_positions
from exowatch.knowledge.studies import STUDIES_FILE, load_studies
from exowatch.knowledge.support import read_support

POSITION = """\
- id: us-fda
  agency: FDA
  jurisdiction: US
  status: not_approved
  words: None is approved.
  url: https://www.fda.gov/
  dated_on: 2019-12-06
  checked: reported
"""


@pytest.mark.parametrize(
    ("text", "told", "line"),
    [
        (POSITION.replace("US", "ZZ"), "no place", 3),
        (POSITION.replace("not_approved", "aproved"), "approved", 4),
        (POSITION.replace("checked: reported", "cheked: reported"), "missing", 1),
        (POSITION + "  note: x\n", "unknown key", 9),
        (POSITION + POSITION, "two positions", 9),
        (POSITION + "  id: us\n", "stands twice", 9),
    ],
)
def test_a_position_that_is_misshapen_is_refused_with_its_line(text, told, line):
    with pytest.raises(KnowledgeError, match=told) as caught:
        read_positions(Path("positions.yml"), text)
    assert caught.value.line == line


@pytest.mark.parametrize("text", ["least_studies: 20\n", "least_studies: many\nleast_sources: 2\n", "[]"])
def test_a_file_of_support_that_lacks_a_part_is_refused(text):
    with pytest.raises(KnowledgeError):
        read_support(Path("support.yml"), text)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("levels:\n", "levels:\n  - {design: review, level: '', reason: x}\n", "two of these have this id"),
        (
            "cues:\n",
            "cues:\n  - {id: x, reason: x, terms: [x], examples: {match: [y], not: [z]}}\n",
            "an example fails: 'y'",
        ),
        ("levels:\n", "levles: []\nlevels:\n", "unknown key"),
    ],
)
def test_rules_for_studies_are_proven_when_they_are_loaded(tmp_path, old, new, told):
    text = STUDIES_FILE.read_text(encoding="utf-8")
    assert text.count(old) == 1
    (tmp_path / "studies.yml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=told) as caught:
        load_studies(tmp_path / "studies.yml")
    assert caught.value.line is not None
