"""TLS, logins, chat services and the monitor, each against a real server on loopback."""

import json
import logging
import ssl
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from aiosmtpd.smtp import AuthResult

from exowatch.delivery.send import send_due, send_waiting
from exowatch.errors import SetupError
from exowatch.sections import Recipient
from tests.mail.servers import HOST, Post, mail_server
from tests.secure import certificate_for

SECRET = "hunter2-verysecret"


@pytest.fixture
def trusted(tmp_path, monkeypatch):
    """A certificate of the mail server, trusted here; its context."""
    file, _ = certificate_for(tmp_path, HOST)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return context


def login(post: Post):
    """How aiosmtpd asks for user and password."""

    def check(server, session, envelope, mechanism, data):
        post.logins.append((data.login, data.password))
        return AuthResult(success=data.password == SECRET.encode(), handled=False)

    return {"authenticator": check, "auth_required": True, "auth_exclude_mechanism": ["LOGIN"]}


def test_starttls_and_a_login_are_used_before_anything_is_said(office, trusted):
    with mail_server(post := Post(), tls_context=trusted, require_starttls=True, **login(post)):
        here = office(post.port, ["ann"], security="starttls", user="watch", password=SECRET)
        assert send_due(here.desk).words == "1 sent"
    assert post.logins == [(b"watch", SECRET.encode())]


def test_tls_from_the_first_word(office, trusted):
    with mail_server(ssl_context=trusted) as post:
        assert send_due(office(post.port, ["ann"], security="tls").desk).words == "1 sent"


def test_a_server_without_tls_gets_nothing_where_it_is_asked_for(office):
    with mail_server() as post:
        here = office(post.port, ["ann"], security="starttls")
        assert send_due(here.desk).count("waiting") == 1
    assert post.taken == []
    assert "STARTTLS" in here.rows()[0]["answer"]


def test_a_certificate_that_nobody_vouches_for_is_refused(office, trusted, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with mail_server(post := Post(), tls_context=trusted, **login(post)):
        here = office(post.port, ["ann"], security="starttls", user="watch", password=SECRET)
        send_due(here.desk)
    assert post.logins == post.taken == []
    assert "not trusted" in here.rows()[0]["answer"]


def test_a_wrong_password_keeps_all_waiting_and_stands_nowhere(office, trusted, caplog):
    caplog.set_level(logging.DEBUG)
    with mail_server(post := Post(), tls_context=trusted, **login(post)):
        here = office(post.port, ["ann", "bea"], security="starttls", user="watch", password="wrong-" + SECRET)
        assert send_due(here.desk).count("waiting") == 2
    assert len(post.logins) == 1
    assert "refuses user or password" in here.rows()[0]["answer"]
    assert SECRET not in caplog.text + str(here.rows()) + str(here.desk.config.digest)


@contextmanager
def web_server(*answers):
    """Answers in turn by status (0: hangs up), then 200; gives the port and what was asked."""
    asked, waiting = [], list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.append((self.path, json.loads(body) if body else None))
            status = waiting.pop(0) if waiting else 200
            if status:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self.connection.close()

        do_GET = do_POST

        def log_message(self, *_):
            pass

    class Server(HTTPServer):
        def handle_error(self, request, client_address):
            pass

    server = Server((HOST, 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def room(port: int) -> Recipient:
    return Recipient(id="room", url=f"json://{HOST}:{port}/hook?+X-Token={SECRET}")


def test_a_chat_service_gets_a_few_lines_once(office):
    with web_server() as (port, asked):
        here = office(1, [room(port)])
        assert (send_due(here.desk).words, send_due(here.desk).words) == ("1 sent", "0 sent")
    ((_, said),) = asked
    assert said["title"] == "ExoWatch 26 Nov: no new flags"
    assert said["message"].endswith("not a finding against anyone.")
    assert SECRET not in str(here.rows())


@pytest.mark.parametrize(
    ("status", "state", "again"), [(503, "waiting", "sent"), (404, "refused", "refused"), (0, "unclear", "unclear")]
)
def test_a_chat_service_that_fails_is_tried_again_only_where_nothing_can_have_arrived(office, status, state, again):
    with web_server(status) as (port, asked):
        here = office(1, [room(port)])
        send_due(here.desk)
        states = [here.rows()[0]["state"]]
        here.later(minutes=5)
        send_waiting(here.desk)
    assert [*states, here.rows()[0]["state"]] == [state, again]
    assert len(asked) == (2 if again == "sent" else 1)


def test_an_address_that_names_no_service_keeps_nobody_else_from_a_letter(office):
    with mail_server() as post:
        here = office(post.port, ["ann", Recipient(id="room", url=f"nosuch://{SECRET}")])
        told = send_due(here.desk)
    assert told.words == "1 sent, 1 not ready"
    assert SECRET not in str(told.not_ready)
    assert [row["recipient"] for row in here.rows()] == ["ann"]


def test_apprise_that_is_missing_is_said_with_how_to_get_it(monkeypatch):
    from exowatch.delivery.chat import service_of

    monkeypatch.setitem(__import__("sys").modules, "apprise", None)
    with pytest.raises(SetupError, match=r"exowatch\[chat\]"):
        service_of("json://h.example")


def test_the_monitor_is_asked_after_all_was_sent_and_only_then(office):
    with mail_server(Post(at_rcpt={"bea@mail.example": ["450 no"]})) as post, web_server() as (port, asked):
        here = office(post.port, ["ann", "bea"], ping_url=f"http://{HOST}:{port}/ping")
        send_due(here.desk)
        assert asked == []
        here.later(minutes=5)
        send_due(here.desk)
        assert [path for path, _ in asked] == ["/ping"]


def test_the_monitor_is_asked_on_quiet_days_too(office):
    with mail_server() as post, web_server() as (port, asked):
        here = office(post.port, ["ann"], ping_url=f"http://{HOST}:{port}/ping")
        for round_ in range(1, 4):
            assert send_due(here.desk).well
            assert len(asked) == round_
            here.later(days=1)


def test_a_monitor_that_does_not_answer_is_an_issue_and_no_error(office):
    with mail_server() as post, web_server(500) as (port, _):
        here = office(post.port, ["ann"], ping_url=f"http://{HOST}:{port}/ping?{SECRET}")
        assert send_due(here.desk).well
    (issue,) = here.issues()
    assert issue.startswith("ping-failed")
    assert SECRET not in issue
