import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exowatch.delivery.message import Attachment, Mail, enveloped
from exowatch.delivery.smtp import dotted
from exowatch.delivery.words import chat_words, subject_of
from exowatch.digest.render import as_mail
from exowatch.sections import Smtp
from tests.unit.digest.letters import DAY2, busy, flag, quiet

AT = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)
SMTP = Smtp(host="h", sender="ExoWatch Ärzte <watch@example.org>", reply_to="Desk <desk@example.org>")
HOSTILE = "x\r\nBcc: all@victim.example\r\n\r\n<script>alert(1)</script>\x1b[31m\u202e @everyone <!channel> https://evil.example"


def letter(**given):
    return replace(quiet(), **{"until": DAY2, "baseline": (), "baseline_count": 0, "jurisdiction": None} | given)


def read(mail: Mail, to="ann@mail.example", **how):
    made = enveloped(mail, to=to, smtp=SMTP, message_id="<one@example.org>", at=AT, **how)
    return made, email.message_from_bytes(made.body, policy=email.policy.default)


def test_a_letter_is_text_html_pictures_and_files_in_one_message():
    mail = Mail("Exosome: 2 kritisch – 面部", "Grüße\n.\n", "<p>Grüße <img src='cid:days'></p>", {"days": b"\x89PNG"})
    made, message = read(mail, attachments=[Attachment("letter.pdf", "pdf", b"%PDF"), Attachment("l.md", "md", b"#")])
    assert message.get_content_type() == "multipart/mixed"
    alternative, *files = message.iter_parts()
    text, related = alternative.iter_parts()
    html, picture = related.iter_parts()
    assert [part.get_content_type() for part in (alternative, text, related, html, picture, *files)] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "application/pdf",
        "text/markdown",
    ]
    assert text.get_content().splitlines() == ["Grüße", "."]
    assert html.get_content().strip() == mail.html
    assert picture["Content-ID"] == "<days>"
    assert message["Subject"] == mail.subject
    assert made.body.isascii()
    assert max(map(len, made.body.split(b"\r\n"))) <= 998


def test_its_headers_say_whose_it_is_and_that_a_machine_wrote_it():
    made, message = read(Mail("s", "t"))
    assert (made.sender, made.recipient) == ("watch@example.org", "ann@mail.example")
    assert {name: message[name] for name in ("From", "To", "Reply-To", "Date", "Message-ID")} == {
        "From": "ExoWatch Ärzte <watch@example.org>",
        "To": "ann@mail.example",
        "Reply-To": "Desk <desk@example.org>",
        "Date": "Thu, 26 Nov 2026 07:00:00 +0000",
        "Message-ID": "<one@example.org>",
    }
    assert message["List-Id"] == "ExoWatch letters <letters.exowatch.example.org>"
    assert message["List-Unsubscribe"] == "<mailto:desk@example.org?subject=unsubscribe>"
    assert message["Auto-Submitted"] == "auto-generated"


def test_hostile_words_make_no_header_of_their_own():
    _, message = read(Mail(HOSTILE, HOSTILE, HOSTILE), attachments=[Attachment(HOSTILE, "pdf", b"")])
    assert message["Bcc"] is None
    assert "\n" not in message["Subject"]
    assert "\u202e" not in message["Subject"]
    assert [part["Bcc"] for part in message.walk()] == [None] * 5


def test_half_a_letter_of_the_alphabet_can_be_sent():
    _, message = read(Mail("s\ud800", "t\ud800", "h\ud800"))
    assert message.get_body(("plain",)).get_content().strip() == "t?"


@pytest.mark.parametrize(
    ("to", "reached", "international"),
    [("a@müller.example", "a@xn--mller-kva.example", False), ("jürgen@mail.example", "jürgen@mail.example", True)],
)
def test_addresses_of_other_scripts_are_reached(to, reached, international):
    made, message = read(Mail("s", "t"), to=to)
    assert (made.recipient, made.international) == (reached, international)
    assert reached in str(message["To"])


def test_the_subject_tells_counts_and_places_and_no_words_of_a_page():
    rows = [
        flag(id=1, severity="high"),
        flag(id=2, severity="critical", jurisdiction="GB"),
        flag(id=3, severity="high"),
    ]
    rows = [row | {"trader": HOSTILE, "quote": HOSTILE, "page_title": HOSTILE} for row in rows]
    assert subject_of(letter(flags=rows)) == "ExoWatch 24 Nov: 1 critical, 2 high (IE, GB)"
    assert subject_of(letter(flags=[flag(jurisdiction=HOSTILE)])) == "ExoWatch 24 Nov: 1 medium"
    assert subject_of(letter()) == "ExoWatch 24 Nov: no new flags"


def test_the_day_of_the_subject_is_the_readers():
    late = letter(until=datetime(2026, 11, 24, 23, 30, tzinfo=UTC))
    assert subject_of(late, "Asia/Tokyo").startswith("ExoWatch 25 Nov")


def test_a_simulated_run_says_so_wherever_it_is_told():
    made = letter(simulated=True)
    assert subject_of(made).startswith("[simulated] ")
    assert "Simulated run" in chat_words(made)


def test_a_chat_gets_counts_and_the_gravest_and_nothing_that_it_obeys():
    rows = [flag(id=number, trader="Harbour @here", quote=HOSTILE) for number in range(5)]
    told = chat_words(letter(flags=rows))
    assert told.startswith("5 medium (IE); ")
    assert told.count("Harbour") == 3
    assert "+2 more in the letter" in told
    assert not set("@<>\x1b\r\u202e") & set(told)
    assert "://" not in told
    assert told.endswith("not a finding against anyone.")


def test_a_busy_letter_goes_out_whole_and_its_pictures_are_inside():
    made = as_mail(replace(busy(), simulated=True))
    _, message = read(Mail("s", made.text, made.html, dict(made.pictures)))
    html = message.get_body(("html",)).get_content()
    named = set(re.findall(r"cid:([^\"')\s]+)", html))
    assert named == {
        part["Content-ID"].strip("<>") for part in message.walk() if part.get_content_maintype() == "image"
    }
    assert html.split() == made.html.split()
    assert message.get_body(("plain",)).get_content().splitlines() == made.text.splitlines()
    for form in (html, made.text):
        assert "simulated run" in form.lower()
        assert "not a finding against anyone" in form
    assert not re.search(r"<script|<img[^>]+src=.?http|url\(http|<link|<iframe", html, re.IGNORECASE)


WILD = st.text(max_size=300) | st.text(alphabet="\r\n.:<>\x00\ud800\u202e\u2028 aé", max_size=60)


@given(WILD, WILD, WILD)
def test_no_words_make_a_header_or_end_a_letter_early(subject, text, name):
    made, message = read(Mail(subject, text, text), attachments=[Attachment(name, "json", b"{}")])
    assert {*message.keys()} == {*read(Mail("s", "t", "h"), attachments=[Attachment("n", "json", b"")])[1].keys()}
    wire = dotted(made.body)
    lines = wire.split(b"\r\n")
    assert [place for place, line in enumerate(lines) if line == b"."] == [len(lines) - 2]
    assert re.sub(rb"(?m)^\.\.", b".", wire.removesuffix(b".\r\n")) == made.body.removesuffix(b"\r\n") + b"\r\n"
    said = message.get_body(("plain",)).get_content()
    assert said.split() == re.sub("[\ud800-\udfff]", "?", text).split()
