"""A labelled folder that is broken is told with file and line, and nothing is measured."""

import json

import pytest

from exowatch.errors import SetupError
from exowatch.evaluate import evaluate
from exowatch.knowledge.load import load_knowledge
from exowatch.labelled import labelled_pages

PAGE = {"slug": "a", "url": "https://a.example/", "title": "t", "language": "en", "group": "clinic"}
LABEL = {
    "text": "Exosomes cure eczema.",
    "claim": True,
    "kinds": ["disease"],
    "stance": "asserted",
    "flag": True,
    "severity": "high",
}


def folder(path, pages=(PAGE,), labels=(LABEL,), **others):
    for name in ("pages", "labels"):
        (path / name).mkdir()
    (path / "pages" / "a.txt").write_text("Exosomes cure eczema.\n")
    files = {"pages": pages, "labels/a": labels, **others}
    for name, rows in files.items():
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        (path / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="latin-1")
    return path


def test_a_sound_folder_is_measured_and_blank_lines_are_passed_over(tmp_path):
    report = evaluate(folder(tmp_path, pages=(PAGE, "")), load_knowledge())
    assert report.scores["all"]["claims"].value == 1.0


@pytest.mark.parametrize(
    ("files", "line", "told"),
    [
        ({"pages": ("[1]",)}, 1, "dictionary"),
        ({"pages": ({"slug": "a", "language": "en"},)}, 1, "url"),
        ({"pages": ({**PAGE, "slug": "../../a"},)}, 1, "slug"),
        ({"pages": ({**PAGE, "jurisdiction": 5},)}, 1, "jurisdiction"),
        ({"pages": (PAGE, PAGE)}, None, "twice"),
        ({"pages": ()}, None, "no pages"),
        ({"pages": ("{\xff",)}, None, "utf-8"),
        ({"pages": ("{",)}, 1, "not JSON"),
        ({"labels": (LABEL, {"claim": True})}, 2, "text"),
        ({"labels": ({"text": "x"},)}, 1, "claim"),
        ({"labels": ('"x"',)}, 1, "dictionary"),
        ({"labels": ({**LABEL, "stance": "assrted"},)}, 1, "stance"),
        ({"labels": ({"text": "x", "claim": True},)}, 1, "needs kinds, stance and flag"),
        ({"labels": ({**LABEL, "severity": None},)}, 1, "severity"),
        ({"studies": ({"slug": "s"},)}, 1, "language"),
        ({"pairs": ({"x": 1},)}, 1, "id"),
    ],
)
def test_a_broken_folder_is_refused_with_file_and_line(tmp_path, files, line, told):
    with pytest.raises(SetupError, match=told) as caught:
        evaluate(folder(tmp_path, **files), load_knowledge())
    assert caught.value.file.endswith(".jsonl")
    assert caught.value.line == line


def test_a_sentence_belongs_to_the_unit_it_is_most_alike_and_not_to_a_heading_that_lies_in_it(tmp_path):
    heading = {"text": "Exosome therapy", "claim": False}
    claim = LABEL | {"text": "Exosome therapy cures eczema of the hands for good."}
    place = folder(tmp_path, labels=(heading, claim))
    (page,) = labelled_pages(place)
    laid = page.labels_of(["Exosome therapy", claim["text"], "cures eczema of the hands", "Parking is free."])
    assert laid == [heading, claim, claim, None]
