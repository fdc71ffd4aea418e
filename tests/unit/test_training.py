import json
import shutil
from pathlib import Path

import pytest

from exowatch.errors import SetupError
from exowatch.knowledge.load import load_knowledge
from exowatch.training import cross_validated, examples_of, main, train

pytestmark = pytest.mark.slow
GOLD = Path(__file__).parents[1] / "gold"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A few labelled pages: of each group some."""
    made = tmp_path_factory.mktemp("labelled")
    rows = [json.loads(line) for line in (GOLD / "pages.jsonl").read_text().splitlines()]
    rows = [row for row in rows if row["language"] == "en"]
    chosen = [
        row for group in ("clinic", "critical", "offtopic") for row in [r for r in rows if r["group"] == group][:2]
    ]
    (made / "pages.jsonl").write_text("".join(json.dumps(row) + "\n" for row in chosen))
    for name, end in (("pages", "txt"), ("labels", "jsonl")):
        (made / name).mkdir()
        for row in chosen:
            shutil.copy(GOLD / name / f"{row['slug']}.{end}", made / name)
    return made


def test_the_same_pages_give_the_same_weights(folder):
    examples = examples_of([folder], load_knowledge())
    first, again = train(examples, claim_cut=0.4), train(examples, claim_cut=0.4)
    assert first.as_bytes() == again.as_bytes()
    assert "6 pages" in first.trained_on


def test_of_a_claim_that_the_splitter_cuts_only_one_part_is_learned_from(folder):
    for example in examples_of([folder], load_knowledge()):
        labels = [id(one.label) for one in example.sentences if one.label and one.label["claim"]]
        assert len(labels) == len(set(labels))


def test_cross_validation_reads_no_page_with_weights_that_know_it(folder):
    report = cross_validated(folder, (), load_knowledge(), 2)
    score = report.scores["all"]["claims"]
    assert score.n > 10
    assert score.value < 0.95  # weights that had seen the page would find nearly all


def test_without_a_folder_the_command_says_what_to_name():
    with pytest.raises(SetupError, match="no folder"):
        main([])
