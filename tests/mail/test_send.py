import pytest

from exowatch.delivery.queue import plan_letters
from exowatch.delivery.send import drop, resend, send_due, send_note, send_waiting
from exowatch.errors import BusyError, SetupError
from exowatch.sections import Recipient
from exowatch.store.write_outbox import Addressed, queue_letter
from tests.mail.servers import Post, mail_server


def at(name: str) -> str:
    return f"{name}@mail.example"


def test_each_recipient_gets_one_letter_and_sending_twice_sends_once(office):
    with mail_server() as post:
        here = office(post.port, ["ann", "bea", "cy"])
        first, second = send_due(here.desk), send_due(here.desk)
    assert (first.words, second.words) == ("3 sent", "0 sent")
    assert post.counts == {at("ann"): 1, at("bea"): 1, at("cy"): 1}
    assert post.connections == 1


def test_what_was_settled_since_is_in_the_next_letter_of_each(office):
    with mail_server() as post:
        here = office(post.port, ["ann"])
        send_due(here.desk)
        here.crawl()
        here.later(hours=1)
        assert send_due(here.desk).words == "1 sent"
    assert len({message["Message-ID"] for message in post.messages()}) == 2


def test_a_day_on_which_nothing_at_all_was_settled_is_told_once(office):
    with mail_server() as post:
        here = office(post.port, ["ann"])
        said = []
        for hours in (0, 1, 23, 1):
            here.later(hours=hours)
            said.append(send_due(here.desk).words)
    assert said == ["1 sent", "0 sent", "1 sent", "0 sent"]


@pytest.mark.parametrize(
    ("where", "answer", "state", "taken"),
    [
        ("at_rcpt", "450 come back", "waiting", 0),
        ("at_rcpt", "550 no such person", "refused", 0),
        ("at_data", "451 not now", "waiting", 0),
        ("at_data", "554 we do not like it", "refused", 0),
        ("at_data", "take-and-drop", "unclear", 1),
        ("at_data", "drop", "unclear", 0),
    ],
)
def test_one_letter_that_fails_does_not_stop_the_others(office, where, answer, state, taken):
    with mail_server(Post(**{where: {at("bea"): [answer]}})) as post:
        here = office(post.port, ["ann", "bea", "cy"], timeout=0.5)
        send_due(here.desk)
        assert [row["state"] for row in here.rows()] == ["sent", state, "sent"]
        assert post.counts == {at("ann"): 1, at("cy"): 1} | ({at("bea"): 1} if taken else {})
        here.later(minutes=6)
        send_waiting(here.desk)
    again = {"waiting": ["sent"] * 3}.get(state, ["sent", state, "sent"])
    assert [row["state"] for row in here.rows()] == again
    assert max(post.counts.values()) == 1


def test_a_dropped_connection_before_the_letter_is_tried_again_at_once(office):
    with mail_server(Post(at_rcpt={at("bea"): ["drop"], at("cy"): ["421 enough for one line"]})) as post:
        here = office(post.port, ["ann", "bea", "cy", "dan"])
        assert send_due(here.desk).words == "4 sent"
    assert set(post.counts.values()) == {1}
    assert post.connections == 3


def test_a_server_that_hangs_once_and_recovers_has_all_letters_in_the_end(office):
    with mail_server(Post(at_rcpt={at("bea"): ["hang"], at("cy"): ["hang", "hang"]})) as post:
        here = office(post.port, ["ann", "bea", "cy", "dan"], timeout=0.5)
        assert send_due(here.desk).words == "3 sent, 1 waiting (next try 2026-11-26 07:05 UTC)"
        here.later(minutes=5)
        assert send_waiting(here.desk).well
    assert set(post.counts.values()) == {1}


def test_a_letter_is_tried_later_and_later_then_given_up_and_told(office):
    with mail_server(Post(at_rcpt={at("bea"): ["450 no"] * 20})) as post:
        here = office(post.port, ["bea"])
        waits = []
        for _ in range(9):
            told = send_due(here.desk) if not waits else send_waiting(here.desk)
            assert send_waiting(here.desk).posted == ()
            if told.next_at is not None:
                waits.append((told.next_at - here.now).total_seconds() / 60)
                here.now = told.next_at
    assert waits == [5, 15, 60, 240, 720, 1440, 1440, 1440]
    assert here.states() == {"given-up": 1}
    assert [line.partition(":")[0] for line in here.issues()] == ["delivery-given-up"]


def test_a_server_that_is_down_is_left_alone_and_everybody_waits(office):
    with mail_server() as post:
        port = post.port
    here = office(port, ["ann", "bea"])
    told = send_due(here.desk)
    assert told.words == "0 sent, 2 waiting (next try 2026-11-26 07:05 UTC)"
    assert not told.well


def test_a_server_that_hangs_for_all_is_left_alone_after_three(office):
    names = ["ann", "bea", "cy", "dan", "eve"]
    with mail_server(Post(at_mail=["hang"] * 3)) as post:
        here = office(post.port, names, timeout=0.3)
        assert send_due(here.desk).count("waiting") == 5
        here.later(minutes=5)
        assert send_waiting(here.desk).words == "5 sent"
    assert post.counts == dict.fromkeys(map(at, names), 1)


def test_our_own_address_refused_is_nobodys_fault_and_all_wait(office):
    with mail_server(Post(at_mail=["550 who are you"])) as post:
        here = office(post.port, ["ann", "bea"])
        assert send_due(here.desk).count("waiting") == 2
        assert "refuses our sender" in here.rows()[0]["answer"]


def test_what_is_unclear_is_sent_again_when_a_person_says_so_under_the_same_number(office):
    with mail_server(Post(at_data={at("bea"): ["take-and-drop"]})) as post:
        here = office(post.port, ["ann", "bea"])
        assert send_due(here.desk).words == "1 sent, 1 unclear"
        assert send_due(here.desk).words == "0 sent"
        assert resend(here.desk, "bea").words == "1 sent"
    first, second = post.messages(at("bea"))
    assert first["Message-ID"] == second["Message-ID"]


def test_operators_are_told_once_what_was_not_delivered(office):
    boss = Recipient(id="boss", mail=at("boss"), operator=True)
    with mail_server(Post(at_rcpt={at("bea"): ["550 gone"]})) as post:
        here = office(post.port, ["bea", boss])
        told = send_due(here.desk)
        send_waiting(here.desk)
        assert told.words == "2 sent, 1 refused"
        assert send_note(here.desk, "note 2026-11-23", "The week", "All is quiet.").words == "1 sent"
        assert send_note(here.desk, "note 2026-11-23", "The week", "All is quiet.").words == "0 sent"
    _, note, week = post.messages(at("boss"))
    assert "bea: refused: 550 gone" in note.get_content()
    assert (week["Subject"], "All is quiet." in week.get_content()) == ("The week", True)


def test_all_that_was_refused_is_sent_again_once_the_server_is_mended(office):
    no = ["554 relay access denied"]
    with mail_server(Post(at_rcpt={at("ann"): list(no), at("bea"): list(no)})) as post:
        here = office(post.port, ["ann", "bea", "cy"])
        assert send_due(here.desk).words == "1 sent, 2 refused"
        assert resend(here.desk, "refused").words == "2 sent"
        with pytest.raises(SetupError, match="nothing of 'ann' waits for a decision"):
            resend(here.desk, "ann")
        with pytest.raises(SetupError, match="no delivery"):
            drop(here.desk, "nobody")


def test_what_a_person_leaves_is_spoken_of_no_more(office):
    with mail_server(Post(at_data={at("ann"): ["drop"]})) as post:
        here = office(post.port, ["ann"])
        send_due(here.desk)
        assert [row.name for row in drop(here.desk, "1")] == ["delivery 1 (letter 1)"]
        assert send_due(here.desk).well
    assert here.states() == {"dropped": 1}


def test_whoever_is_no_longer_in_the_configuration_gets_nothing(office):
    with mail_server() as post:
        send_due(office(1, ["ann", "bea"]).desk)
        here = office(post.port, ["bea"])
        here.later(minutes=5)
        assert send_waiting(here.desk).words == "1 sent, 1 refused"
    assert list(post.counts) == [at("bea")]


def test_a_new_address_is_used_for_what_waits(office):
    with mail_server() as post:
        send_due(office(1, ["ann"]).desk)
        here = office(post.port, [Recipient(id="ann", mail="moved@mail.example")])
        here.later(minutes=5)
        send_waiting(here.desk)
    assert list(post.counts) == [here.rows()[0]["address"]] == ["moved@mail.example"]


def test_equal_wishes_are_composed_once_and_a_changed_one_loses_nothing(office):
    irish = {"jurisdictions": ("IE",)}
    with mail_server() as post:
        people = [Recipient(id=name, mail=at(name), **irish) for name in ("ann", "bea")]
        send_due(office(post.port, [*people, "cy"]).desk)
        here = office(post.port, [people[0], "bea", "cy", "new"])
        here.crawl()
        here.later(hours=24)
        first = {row["recipient"]: row["digest_id"] for row in here.rows()}
        plan = plan_letters(here.desk)
        send_due(here.desk)
    assert first["ann"] == first["bea"] != first["cy"]
    assert [[one.id for one in group.recipients] for group in plan.groups] == [["ann"], ["bea", "cy", "new"]]
    assert len({group.after for group in plan.groups}) == 1
    assert {row["recipient"]: row["occasion"] for row in here.rows()[3:]} == {
        "ann": "after 1",
        "bea": "after 2",
        "cy": "after 3",
        "new": "after 0",
    }


def test_a_second_letter_about_one_window_is_refused_by_the_database(office):
    here = office(1, ["ann"])
    send_due(here.desk)
    again = [Addressed("ann", "mail", at("ann"), "<other@example.org>", "after 0")]
    with pytest.raises(BusyError), here.desk.store.writing() as db:
        queue_letter(db, 1, again, here.now)
    assert len(here.rows()) == 1


@pytest.mark.parametrize(("knows", "said"), [(True, "2 sent"), (False, "1 sent, 1 refused")])
def test_an_address_in_other_letters_is_reached_where_the_server_knows_them(office, knows, said):
    with mail_server(enable_SMTPUTF8=knows) as post:
        here = office(post.port, ["ann", Recipient(id="jurgen", mail="jürgen@mail.example")])
        assert send_due(here.desk).words == said
    assert set(post.counts) == ({at("ann"), at("jürgen")} if knows else {at("ann")})


def test_a_letter_that_cannot_be_made_keeps_no_other_back(office, monkeypatch, caplog):
    from exowatch.delivery import contents, queue

    def broken(made):
        def some(desk, wanted, *others):
            if wanted.jurisdictions == ("IE",):
                raise ZeroDivisionError
            return made(desk, wanted, *others)

        return some

    def not_pdf(digest, form):
        raise RuntimeError("a fault of a library")

    people = [
        Recipient(id="irish", mail=at("irish"), jurisdictions=("IE",)),
        Recipient(id="filed", mail=at("filed"), attach=("pdf",)),
        "ann",
    ]
    with mail_server() as post, monkeypatch.context() as patch:
        patch.setattr(queue, "compose_letter", broken(queue.compose_letter))
        patch.setattr(contents, "render", not_pdf)
        here = office(post.port, people)
        told = send_due(here.desk)
        assert told.words == "1 sent, 1 waiting (next try 2026-11-26 07:05 UTC), 1 not ready"
        assert told.not_ready == (("irish", "the letter could not be composed: ZeroDivisionError"),)
        patch.undo()
        here.later(minutes=5)
        assert send_due(here.desk).words == "2 sent"
    assert set(post.counts.values()) == {1}
