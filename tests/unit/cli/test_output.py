import csv
import io

from exowatch.cli.output import as_csv, plain, print_rows

EVIL = "\x1b[31mred\u202e \u2066 \x9b2J \u2028 \U000e0041"


def cells(rows, columns):
    return list(csv.reader(io.StringIO(as_csv(rows, columns))))


def test_what_a_spreadsheet_would_run_is_made_text_and_numbers_stay_numbers():
    told = cells([{"=a": "=1+1", "b": -5, "c": " @x", "d": "\t=1", "e": "－1"}], ["=a", "b", "c", "d", "e"])
    assert told == [["'=a", "b", "c", "d", "e"], ["'=1+1", "-5", "' @x", "' =1", "'－1"]]


def test_bytes_are_told_as_numbers_in_every_form():
    assert cells([{"a": b"\x01\xff"}], ["a"])[1] == [plain(memoryview(b"\x01\xff"))] == ["01ff"]


def test_a_table_shows_no_letter_that_steers_a_terminal_and_no_markup(capsys):
    print_rows([{"[red]a[/]": EVIL, "b": {"k": EVIL}, "c": "[bold]x"}], "table", ["[red]a[/]", "b", "c"])
    shown = capsys.readouterr().out
    assert not {"\x1b", "\u202e", "\u2066", "\x9b", "\u2028", "\U000e0041"} & set(shown)
    assert "[red]a[/]" in shown
    assert "[bold]x" in shown
