"""Inviting people: a list is looked at before anything is sent, is sent whole or not at all, and tells nothing."""

import re

import pytest
from sqlalchemy import func, select

from matcher import invitations
from matcher.models import Coordinator, Group, Invitation, Message
from matcher.states import MessageState
from matcher.tokens import hash_of
from tests.rows import make_account, make_member
from tests.web.pages import parsed, words_in, words_of
from tests.web.test_every_page import dump
from tests.web.typed import send_file, slips, typed, without_tokens

GOOD = "ada@example.org\nbo@example.org"


@pytest.fixture
def coordinator(visits):
    return visits.by("coordinator")


@pytest.fixture
def at(visits):
    """An address under the group's invitations."""
    return lambda path="", group="{group}": visits.path(f"/desk/{group}/invitations{path}")


def typed_list(text):
    return {"addresses": text}


def mailed(rows):
    """How many invitations wait to be mailed, and how many there are."""
    with rows() as session:
        waiting = select(func.count(Message.id)).where(Message.kind == "invitation")
        waiting = waiting.where(Message.state == MessageState.WAITING)
        return session.scalar(waiting), session.scalar(select(func.count(Invitation.id)))


def cards(answer):
    return [words_in(each) for each in parsed(answer).iter("li") if each.get("class") == "card"]


# A link to hand over


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"address": ""}, "handed over Open to the end of 27 January 2026"),
        ({"address": " Ada@Example.org "}, "a…@e….org Open to the end of 27 January 2026"),
        (
            {"address": "", "to_coordinate": "y"},
            "handed over (to look after the group) Open to the end of 27 January 2026",
        ),
    ],
)
def test_a_link_is_shown_once_and_opens_the_invitation(coordinator, visits, rows, at, fields, words):
    answer = coordinator.post(at("/link"), fields)
    assert answer.status_code == 200
    assert "It works once, for 14 days." in words_of(answer)
    token = re.search(r"https://localhost/invitations/([\w-]+)", answer.text)[1]
    with rows() as session:
        found = session.scalars(select(Invitation).where(Invitation.token_hash == hash_of(token))).one()
        assert found.to_coordinate is ("to_coordinate" in fields)
    assert visits.by().get(f"/invitations/{token}").status_code == 200
    there = coordinator.get(at())
    assert any(card.startswith(words) for card in cards(there))
    assert token not in there.text


def test_what_is_no_address_is_said_beside_it_and_both_fields_are_kept(coordinator, rows, at):
    before = mailed(rows)
    answer = coordinator.post(at("/link"), {"address": "ada at example", "to_coordinate": "y"})
    assert answer.status_code == 422
    assert list(slips(answer)) == ["address"]
    assert '"ada at example" is no mail address; write one such as name@example.org.' in slips(answer)["address"]
    assert (typed(answer)["address"], typed(answer)["to_coordinate"]) == ("ada at example", ["y"])
    assert mailed(rows) == before


# Looking at a list


def test_a_list_is_read_and_shown_and_nothing_is_sent_or_kept(coordinator, rows, at):
    before = dump(rows)
    answer = coordinator.post(
        at("/look"), typed_list("ADA@example.org\nada@example.org\nnobody\nbo@example.org\n=cmd@x\n")
    )
    words = words_of(answer)
    assert answer.status_code == 200
    assert "2 people to invite Nothing was sent yet." in words
    assert "Row 2 The same address as in row 1, which counts; this row is not needed." in words
    assert "Row 3 No address; write one such as name@example.org, or take the row out." in words
    assert 'Row 5 "=cmd@x" is no mail address;' in words
    assert typed(answer)["addresses"].split() == ["ada@example.org", "bo@example.org"]
    assert dump(rows) == before


@pytest.mark.parametrize(
    "content",
    [
        b"name;email\nAda;ada@example.org\nBo;bo@example.org\n",
        b"name\temail\nAda\tada@example.org\nBo\tbo@example.org\n",
        b"\xef\xbb\xbfemail\r\nada@example.org\r\n\r\n\r\nbo@example.org\r\n",
        b"email\rada@example.org\rbo@example.org",
        "email\nada@example.org\nbo@example.org\n".encode("utf-16"),
        b"email,where\nada@example.org,K\xf6ln\nbo@example.org,Bonn\n",
        b"name,email\n=1+1,ada@example.org\n@SUM(A1),bo@example.org\n",
        b"ada@example.org\nAda@Example.org\nADA@EXAMPLE.ORG\nbo@example.org\n",
        b"email,name\nada@example.org\nbo@example.org,Bo\n",
    ],
    ids=[
        "semicolons",
        "tabs",
        "mark and empty rows",
        "CR only",
        "UTF-16",
        "Latin-1",
        "formulas",
        "thrice",
        "short row",
    ],
)
def test_a_file_as_spreadsheets_write_it_is_read(coordinator, rows, at, content):
    before = dump(rows)
    answer = send_file(coordinator, at("/look"), content)
    assert answer.status_code == 200
    assert typed(answer)["addresses"].split() == ["ada@example.org", "bo@example.org"]
    assert dump(rows) == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "people.csv is empty"),
        (b"\n\n,,\n", "people.csv is empty"),
        (b'email\n"ada@example.org\nbo@example.org\n', "quotation mark"),
        (b"PK\x03\x04 a workbook", "is not a CSV file but a workbook"),
        (b"%PDF-1.7 a list", "is not a CSV file but a PDF"),
        (b"\x1f\x8b\x08 packed", "is a .gz file; unpack it"),
        (b"<html><table>", "is not a CSV file but a web page"),
        (b"ada@example.org\0\n", "is not a CSV file, or in an unusual encoding"),
        (b"\xff\xfea\xd8", "is not text in a known encoding"),
        (b"," * 199_000, "people.csv"),
        (b"a@example.org\n" * 400_000, None),
        (b"x" * 1_199_000, "is larger than 200 kB"),
        (b"x" * 50_000_000, None),
        (b"email\n" + b"a@example.org\n" * 501, "has 501 rows; at most 500 are read at once. Send two lists."),
    ],
    ids=[
        *("empty", "only commas", "open quotes", "workbook", "PDF", "gz", "web page", "NUL", "cut UTF-16"),
        *("many columns", "400,000 rows", "too large", "50 MB", "501 rows"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_sentence_and_nothing_changes(coordinator, rows, at, content, sentence):
    before = dump(rows)
    answer = send_file(coordinator, at("/look"), content)
    if sentence is None:
        assert answer.status_code == 413
        assert "send less: a sheet of at most 1 MB" in words_of(answer)
    else:
        assert answer.status_code == 422
        assert sentence in slips(answer)[""]
        assert "Look at the list" in words_of(answer)
    assert dump(rows) == before


def test_a_header_twice_takes_the_first_and_one_that_is_missing_looks_everywhere(coordinator, at):
    twice = send_file(coordinator, at("/look"), b"email,email\nada@example.org,bo@example.org\n")
    assert typed(twice)["addresses"].split() == ["ada@example.org"]
    assert "The addresses are those of column 1, as row 1 says." in words_of(twice)
    missing = send_file(coordinator, at("/look"), b"Ada,ada@example.org\nBo,bo@example.org\n")
    assert typed(missing)["addresses"].split() == ["ada@example.org", "bo@example.org"]
    assert "is no header that is known here" in words_of(missing)


def test_neither_a_file_nor_an_address_is_a_sentence_and_typed_words_are_kept(coordinator, at):
    nothing = coordinator.post(at("/look"), {"addresses": "  \n"})
    assert (nothing.status_code, "Choose a file, or write at least one address." in slips(nothing)[""]) == (422, True)
    broken = coordinator.post(at("/look"), typed_list("ada@example.org\nb\ufffd@example.org"))
    assert broken.status_code == 422
    assert "There is a sign in this that no page can show." in slips(broken)["addresses"]
    assert "ada@example.org" in typed(broken)["addresses"]


def test_the_name_of_a_file_stands_in_sentences_alone(coordinator, at):
    answer = send_file(coordinator, at("/look"), b"", "../../<b>x</b>.csv")
    assert "../" not in slips(answer)[""]
    assert "<b>x" not in answer.text


# Sending


def test_a_list_that_was_looked_at_is_sent_and_each_stands_among_the_invited(coordinator, rows, at):
    waiting, there = mailed(rows)
    looked = coordinator.post(at("/look"), typed_list(GOOD))
    answer = coordinator.post(at("/send"), {"addresses": typed(looked)["addresses"]})
    assert (answer.status_code, answer.location) == (303, at())
    assert mailed(rows) == (waiting + 2, there + 2)
    page = coordinator.get(at())
    assert "2 invitations will go out, outside of quiet hours." in words_of(page)
    assert cards(page)[0].startswith("b…@e….org Open to the end of 27 January 2026; its mail is waiting")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"{GOOD}\nno address", "Row 3: No address; write one such as name@example.org"),
        (f"{GOOD}\nada@example.org", "Row 3: The same address as in row 1"),
        (f"{GOOD}\na@b@c.org", 'Row 3: "a@b@c.org" is no mail address'),
        (f"{GOOD}\ncy@example.org, dee@example.org", "Row 3: More than one address"),
        (f'{GOOD}\n"cy@example.org', "quotation mark"),
        ("", "There is nobody to invite."),
    ],
)
def test_it_is_all_or_nothing_and_the_list_is_still_in_the_page(coordinator, rows, at, text, sentence):
    before = dump(rows)
    answer = coordinator.post(at("/send"), typed_list(text))
    assert answer.status_code == 422
    assert sentence in words_of(answer)
    assert typed(answer)["addresses"] == text
    assert dump(rows) == before


def test_one_more_than_the_days_mails_sends_none_of_them(coordinator, rows, at):
    most = invitations.MOST_MAILED_A_DAY
    answer = coordinator.post(at("/send"), typed_list("\n".join(f"p{each}@example.org" for each in range(most - 1))))
    assert answer.status_code == 303  # with the one that the house has sent, these are all of today's
    looked = coordinator.post(at("/look"), typed_list(GOOD))
    assert "Only 0 mails can still go out today. Take some out, or send the rest tomorrow." in words_of(looked)
    before, number = dump(rows), mailed(rows)
    answer = coordinator.post(at("/send"), typed_list(GOOD))
    assert answer.status_code == 422
    assert (
        f"At most {most} invitations are mailed in a day, and these would be more. None of them was sent."
        in slips(answer)[""]
    )
    assert typed(answer)["addresses"] == GOOD
    assert (dump(rows), mailed(rows)) == (before, number)
    assert "0 mails can still go out today" in words_of(coordinator.get(at()))


def test_a_list_that_is_too_long_for_today_uses_nothing_up(coordinator, at):
    text = "\n".join(f"p{each}@example.org" for each in range(invitations.MOST_MAILED_A_DAY))
    assert coordinator.post(at("/send"), typed_list(text)).status_code == 422
    assert "199 mails can still go out today" in words_of(coordinator.get(at()))


def test_tomorrow_mails_go_out_again(coordinator, rows, at, clock, visits):
    text = "\n".join(f"p{each}@example.org" for each in range(invitations.MOST_MAILED_A_DAY - 1))
    assert coordinator.post(at("/send"), typed_list(text)).status_code == 303
    with rows() as session:
        group = session.scalars(select(Group).where(Group.public_id == visits.house.ids["group"])).one()
        assert invitations.mails_left(session, group, clock.now) == 0
        tomorrow = clock.now.replace(day=clock.now.day + 1, hour=23)
        assert invitations.mails_left(session, group, tomorrow) == invitations.MOST_MAILED_A_DAY


KINDS = ("unknown", "account", "here", "elsewhere", "coordinates", "claimed")


@pytest.fixture
def known(rows, visits):
    """Addresses that differ in one thing: what is known of them here. They are as long, and masked alike."""
    with rows.begin() as session:
        here, elsewhere = (
            session.scalars(select(Group).where(Group.public_id == visits.house.ids[name])).one()
            for name in ("group", "other_group")
        )
        accounts = {kind: make_account(session, address=address_of(kind)) for kind in KINDS if kind != "unknown"}
        accounts["claimed"].address, accounts["claimed"].claimed_address = None, address_of("claimed")
        make_member(session, here, account=accounts["here"])
        make_member(session, elsewhere, account=accounts["elsewhere"])
        session.add(Coordinator(group_id=here.id, account=accounts["coordinates"]))
    return {kind: address_of(kind) for kind in KINDS}


def address_of(kind):
    return f"p{KINDS.index(kind)}@example.org"


def test_the_answer_to_a_list_tells_nothing_of_whom_it_names(coordinator, rows, at, known):
    looked, sent, listed, kept = {}, {}, {}, {}
    for kind, address in known.items():
        looked[kind] = without_tokens(coordinator.post(at("/look"), typed_list(address))).replace(address, "X")
        answer = coordinator.post(at("/send"), typed_list(address))
        sent[kind] = (answer.status_code, sorted(answer.headers), answer.data)
        listed[kind] = cards(coordinator.get(at()))[0]
        with rows() as session:
            newest = session.scalars(select(Message).order_by(Message.id.desc())).first()
            kept[kind] = (newest.kind, newest.state, newest.account_id, newest.member_id)
    for found in (looked, listed, kept):
        assert {str(each) for each in found.values()} == {str(found["unknown"])}
    headers = [[each for each in told if each[0] != "Set-Cookie"] for _, told, _ in sent.values()]
    assert all(each == headers[0] for each in headers)
    assert len({(status, body) for status, _, body in sent.values()}) == 1


def test_all_of_them_in_one_list_are_invited_alike(coordinator, at, rows, known):
    _, before = mailed(rows)
    text = "\n".join(known.values())
    assert f"{len(known)} people to invite" in words_of(coordinator.post(at("/look"), typed_list(text)))
    assert coordinator.post(at("/send"), typed_list(text)).status_code == 303
    assert mailed(rows)[1] == before + len(known)


# Taking one back


def withdrawals(answer):
    return re.findall(r'action="(/desk/[\w-]+/invitations/[\w-]+/withdraw)"', answer.text)


def test_an_invitation_is_taken_back_and_its_mail_does_not_go_out(coordinator, visits, rows, at):
    way = withdrawals(coordinator.get(at()))[0]
    with rows() as session:
        newest = session.scalars(select(Invitation).where(Invitation.address == "invited@example.org")).one()
        assert newest.public_id in way
    answer = coordinator.post(way)
    assert (answer.status_code, answer.location) == (303, at())
    page = coordinator.get(at())
    assert "That invitation does not work any more." in words_of(page)
    assert way not in withdrawals(page)
    assert cards(page)[0] == "i…@e….org Over"
    with rows() as session:
        message = session.scalars(select(Message).where(Message.invitation_id == newest.id)).one()
        assert message.state is MessageState.DROPPED
    assert coordinator.post(way).status_code == 404


def test_a_link_that_was_taken_back_opens_nothing(coordinator, visits, at):
    token = re.search(r"/invitations/([\w-]{20,})", coordinator.post(at("/link"), {"address": ""}).text)[1]
    assert coordinator.post(withdrawals(coordinator.get(at()))[0]).status_code == 303
    assert visits.by().get(f"/invitations/{token}").status_code == 410


def test_an_invitation_of_another_group_is_taken_back_by_nobody_else(coordinator, visits, rows, at):
    id_ = withdrawals(coordinator.get(at()))[0].split("/")[-2]
    founder = visits.by("founder")
    assert founder.post(at(f"/{id_}/withdraw", "{new_group}")).status_code == 404
    assert founder.post(at(f"/{id_}/withdraw")).status_code == 404
    assert len(withdrawals(coordinator.get(at()))) == 3


def test_where_nobody_was_invited_it_says_what_will_stand_there(visits, at):
    words = words_of(visits.by("founder").get(at(group="{new_group}")))
    assert "Nobody yet. Whom you invite stands here, with how far it has come." in words
    assert "200 mails can still go out today" in words
