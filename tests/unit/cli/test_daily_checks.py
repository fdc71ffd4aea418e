import subprocess

import pytest

from exowatch.cli.daily_checks import daily_work
from exowatch.config import load_config

SMTP = '[digest.smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "watch@example.org"\n'


def told(tmp_path, text, *, mail=False):
    (tmp_path / "exowatch.toml").write_text(text)
    return [(one.level, one.what) for one in daily_work(load_config(tmp_path / "exowatch.toml", {}), mail)]


def test_recipients_without_an_operator_are_worth_a_word(tmp_path):
    one = '[[digest.recipients]]\nid = "anna"\nmail = "anna@example.org"\n'
    found = told(tmp_path, one + SMTP.format(port=25))
    assert found[0] == ("ok", "letters: 1 recipient")
    assert found[1][0] == "note"
    assert not [
        what for _, what in told(tmp_path, one + "operator = true\n" + SMTP.format(port=25)) if "nobody" in what
    ]


def test_the_mail_server_is_not_asked_unless_wanted(tmp_path):
    assert ("ok", "mail: 127.0.0.1:9 (none); `exowatch doctor --mail` asks it") in told(tmp_path, SMTP.format(port=9))


def test_a_script_without_a_font_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/fc-list")
    answers = {":lang=ja": b"Noto\n", ":lang=ko": b"", ":lang=zh": b"Noto\n"}
    monkeypatch.setattr(subprocess, "run", lambda args, **_: subprocess.CompletedProcess(args, 0, answers[args[1]]))
    assert [what for _, what in told(tmp_path, "") if "font" in what] == [
        "PDF: no font for Korean: such quotes print as boxes"
    ]


def test_a_chat_address_that_no_service_knows_is_wrong_and_its_secret_is_not_told(tmp_path):
    pytest.importorskip("apprise")
    one = '[[digest.recipients]]\nid = "{}"\nurl = "{}"\n'
    text = one.format("anna", "json://127.0.0.1/sesame") + one.format("bert", "slak://sesame/room")
    found = told(tmp_path, text)
    assert ("ok", "letters: anna by JSON (json)") in found
    (wrong,) = [what for level, what in found if level == "wrong"]
    assert wrong.startswith("letters: bert: no chat service")
    assert "sesame" not in str(found)
