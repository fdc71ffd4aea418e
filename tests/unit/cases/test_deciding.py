import pytest

from exowatch.cases.deciding import decision, decisions_in, name_of
from exowatch.errors import SetupError


@pytest.mark.parametrize(
    ("reading", "action", "because"),
    [
        ("right", "act", None),
        ("right", "no-action", "trivial"),
        ("right", "no-action", None),
        ("right", "refer", "outside-jurisdiction"),
        ("right", "undecided", "needs-second-reader"),
        ("wrong", "no-action", "not-exosome"),
        ("wrong", "no-action", None),
        ("wrong", "undecided", "needs-second-reader"),
    ],
)
def test_decisions_that_make_sense_are_taken(reading, action, because):
    made = decision(reading, action, because, "so it is", "Ann Byrne")
    assert (made.reading, made.action, made.because) == (reading, action, because)
    assert made.closes == (reading == "wrong" or action == "no-action")


@pytest.mark.parametrize(
    ("reading", "action", "because", "said"),
    [
        ("wrong", "act", "not-a-claim", "no reason to act"),
        ("wrong", "refer", None, "no reason to refer"),
        ("wrong", "no-action", "substantiated", "read rightly"),
        ("right", "no-action", "not-exosome", "read wrongly"),
        ("right", "act", "trivial", "reason not to act"),
        ("rihgt", "act", None, "no such"),
        ("right", "", None, "no such"),
        ("right", "no-action", "bored", "no such"),
    ],
)
def test_decisions_that_contradict_themselves_are_refused_with_a_remedy(reading, action, because, said):
    with pytest.raises(SetupError, match=said) as told:
        decision(reading, action, because, "so it is", "Ann Byrne")
    assert told.value.remedy


@pytest.mark.parametrize("note", ["", "  ", "…", "a\0b", "x" * 4001, "\ud800 half"])
def test_a_note_says_something(note):
    with pytest.raises(SetupError, match="the note"):
        decision("right", "act", None, note, "Ann Byrne")


@pytest.mark.parametrize("by", ["", "42", "\x1b[31mAnn", "Ann\u202eByrne", "A" * 121, None])
def test_who_decides_has_a_name(by):
    with pytest.raises(SetupError, match="no name"):
        name_of(by)


@pytest.mark.parametrize("by", ["Ann Byrne", "O'Neill", "Łukasz", "安倍", "root"])
def test_names_of_all_scripts_are_names(by):
    assert name_of(f" {by} ") == by


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_decisions_are_read_from_a_spreadsheet(tmp_path, mark):
    file = tmp_path / "decided.csv"
    rows = [["Flag", "Reading", "Action", "Because", "Note", "By"]]
    rows += [["17", "right", "act", "", "no study", "Ann Byrne"], ["", "", "", "", "", ""]]
    rows += [["18", "wrong", "no-action", "not-exosome", '"a ""plant"" serum"', ""]]
    file.write_text("\ufeff" + "\n".join(mark.join(row) for row in rows), encoding="utf-8")
    found = decisions_in(file, "Bo Li")
    assert [(one.flag_id, one.line, one.decision.by, one.decision.note) for one in found] == [
        (17, 2, "Ann Byrne", "no study"),
        (18, 4, "Bo Li", 'a "plant" serum'),
    ]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("flag,reading\n", 1, "no column action, note"),
        ("flag,reading,action,note\nx,right,act,so\n", 2, "no number"),
        ("flag,reading,action,note\n99999999999999999999,right,act,so\n", 2, "no number"),
        ("flag,reading,action,note\n1,right,act,so\n1,right,act,so\n", 3, "stands in line 2"),
        ("flag,reading,action,note\n1,right,act,\n", 2, "says nothing"),
        ("flag,reading,action,note\n", None, "no decision"),
        ('flag,reading,action,note\n1,right,act,"so\n', 2, "no CSV"),
        ("", 1, "no column"),
    ],
)
def test_a_file_of_decisions_is_refused_with_its_line(tmp_path, text, line, said):
    file = tmp_path / "decided.csv"
    file.write_text(text)
    with pytest.raises(SetupError, match=said) as told:
        decisions_in(file, "Ann Byrne")
    assert (told.value.file, told.value.line) == (str(file), line)
