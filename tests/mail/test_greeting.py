from exowatch.cli.daily_checks import daily_work
from exowatch.config import load_config
from tests.mail.servers import HOST, mail_server


def asked(tmp_path, port):
    text = f'[digest.smtp]\nhost = "{HOST}"\nport = {port}\nsecurity = "none"\nsender = "watch@example.org"\n'
    (tmp_path / "exowatch.toml").write_text(text)
    return [one for one in daily_work(load_config(tmp_path / "exowatch.toml", {}), True) if one.what.startswith("mail")]


def test_doctor_greets_the_mail_server_and_sends_nothing(tmp_path):
    with mail_server() as post:
        found = asked(tmp_path, post.port)
        port = post.port
    assert [(one.level, one.what) for one in found] == [("ok", f"mail: {HOST}:{port} answers; nothing was sent")]
    assert not post.counts


def test_doctor_tells_of_a_mail_server_that_is_not_there(tmp_path):
    with mail_server() as post:
        port = post.port
    (found,) = asked(tmp_path, port)
    assert found.level == "wrong"
    assert "[digest.smtp]" in found.remedy
