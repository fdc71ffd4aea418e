import pytest

from exowatch.mailbox import named_address, one_address, server_name


@pytest.mark.parametrize(
    "text",
    [
        "anna@example.org",
        "o'brien+exo@mail-1.example.org",
        f"{'a' * 64}@example.org",
        "ännä@müller.example",
        "root@localhost",
        "anna@[127.0.0.1]",
    ],
)
def test_an_address_that_a_server_takes_is_kept_as_it_is(text):
    assert one_address(text) == text


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\u2066", "\u00ad", "\x1b", "\n", "\x00", "\ufeff"])
def test_a_sign_that_nobody_sees_is_refused_wherever_it_stands_and_is_not_printed(sign):
    for text in (f"an{sign}na@example.org", f"anna@exa{sign}mple.org", f"{sign}anna@example.org"):
        for read in (one_address, named_address):
            with pytest.raises(ValueError, match="nobody sees") as told:
                read(text)
            assert sign not in str(told.value)
    with pytest.raises(ValueError, match="nobody sees"):
        named_address(f"Exo{sign}Watch <watch@example.org>")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "one mail address"),
        ("anna", "one mail address"),
        ("anna@", "one mail address"),
        ("a@b@c.example", "one mail address"),
        ("a@b.example, c@d.example", "one mail address"),
        (f"{'a' * 65}@example.org", "64 letters"),
        (f"{'ä' * 33}@example.org", "64 letters"),
        (f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 20}", "254 letters"),
        ("anna@example..org", "mail domain"),
        ("anna@-example.org", "mail domain"),
        ("anna@example.org.", "mail domain"),
        ("anna@[127.0.0.1", "mail domain"),
    ],
)
def test_what_no_server_takes_is_told_with_what_to_write(text, words):
    with pytest.raises(ValueError, match=words):
        one_address(text)


def test_a_name_may_stand_before_the_address_of_the_sender():
    assert named_address("Exo Watch, Dublin <watch@example.org>") == "Exo Watch, Dublin <watch@example.org>"
    for text in ("ExoWatch <watch>", "<a@b.example> <c@d.example>", "ExoWatch watch@example.org"):
        with pytest.raises(ValueError, match="with or without a name"):
            named_address(text)


@pytest.mark.parametrize("text", ["mail.example.org", "127.0.0.1", "::1", "relay", "müller.example"])
def test_a_server_has_a_name_or_a_number(text):
    assert server_name(text) == text


@pytest.mark.parametrize(
    "text", ["", " ", "smtp://mail.example", "user@mail.example", "mail example", "mail\u202e.example"]
)
def test_what_is_no_server_is_told_with_what_to_write(text):
    with pytest.raises(ValueError, match=r'host = "mail\.example\.org"'):
        server_name(text)
