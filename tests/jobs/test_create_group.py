"""`alongside create-group` and `alongside open-group` as whoever runs an instance meets them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from matcher.database import reading
from matcher.models import AuditEvent, Group, Invitation
from matcher.tokens import hash_of

MAKE = ("create-group", "Harbour", "--zone", "Europe/London", "--coordinator", "ada@example.org")
LINES = (
    "--crisis-line",
    "Samaritans: 116 123",
    "--crisis-line",
    "Chat: https://example.org",
    "--review-on",
    "2099-01-01",
)


@pytest.fixture
def groups(instance):
    """The groups there are, with their lines."""

    def read() -> list[Group]:
        with reading(instance) as session:
            found = list(session.scalars(select(Group).order_by(Group.id)))
            for group in found:
                list(group.crisis_lines)  # read while the session lives
            return found

    return read


def test_a_group_with_crisis_lines_is_made_and_opened(alongside, groups):
    said = alongside(*MAKE, *LINES, "--pairing-days", "fri, Mon", "--pairing-hour", "02:15", "--publish-at-once")
    assert said.exit_code == 0, said.output
    assert said.stdout.startswith("Harbour is open; it pairs people on Mon and Fri at 02:15 (Europe/London).\n")
    (group,) = groups()
    assert group.opened_at
    assert group.publishes_at_once
    assert [(line.name, line.reach) for line in group.crisis_lines] == [
        ("Samaritans", "116 123"),
        ("Chat", "https://example.org"),
    ]


def test_the_link_that_is_printed_is_the_invitation_and_is_kept_nowhere(alongside, instance, monkeypatch):
    monkeypatch.setenv("ALONGSIDE_ADDRESS", "https://alongside.example.org/")
    said = alongside(*MAKE)
    token = re.search(r"https://alongside\.example\.org/invitations/(\S+)", said.stdout)[1]
    with reading(instance) as session:
        invitation = session.scalars(select(Invitation)).one()
    assert invitation.token_hash == hash_of(token)
    assert (invitation.address, invitation.to_coordinate) == ("ada@example.org", True)


def test_a_group_without_crisis_lines_is_made_and_says_that_it_pairs_nobody(alongside, groups):
    said = alongside(*MAKE)
    assert said.exit_code == 0
    assert "Harbour is made and not open: it pairs nobody until it has crisis lines." in said.stdout
    assert 'alongside open-group "Harbour" --crisis-line "NAME: REACH" --review-on DATE' in said.stdout
    assert groups()[0].opened_at is None


def test_a_group_may_start_on_a_day(alongside, instance):
    soon = str(datetime.now(UTC).date() + timedelta(days=30))
    assert f"(Europe/London), from {soon} on." in alongside(*MAKE, *LINES, "--first-pairing-on", soon).stdout


def test_a_group_that_would_start_in_a_lifetime_is_refused(alongside, instance):
    said = alongside(*MAKE, *LINES, "--first-pairing-on", "2098-05-01")
    assert (said.exit_code, said.stderr) == (
        2,
        "Error: 2098-05-01 is far away. Choose a day within a year, or leave it empty.\n",
    )


def test_the_same_name_again_is_a_sentence_and_changes_nothing(alongside, instance):
    alongside(*MAKE)
    said = alongside(*MAKE, *LINES)
    assert (said.exit_code, said.stderr) == (2, "Error: There is a group Harbour already; choose another name.\n")
    with reading(instance) as session:
        assert session.scalars(select(Group.opened_at)).all() == [None]
        assert len(session.scalars(select(Invitation)).all()) == 1
        assert session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)).all() == ["group made", "invited"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--crisis-line", "Samaritans: 116 123"], "Give --crisis-line and --review-on together"),
        (["--review-on", "2099-01-01"], "Give --crisis-line and --review-on together"),
        (["--crisis-line", "Samaritans", "--review-on", "2099-01-01"], '"Samaritans" does not say how to reach it'),
        (["--crisis-line", "Samaritans: 1", "--review-on", "2020-01-01"], "on a day to come, and 2020-01-01 is none."),
        (["--coordinator", "ada"], '"ada" is no mail address'),
        (["--pairing-days", "Sun,Fooday"], '"Fooday" is no day of the week'),
        (["--zone", "Mars"], '"Mars" is no time zone'),
    ],
)
def test_what_cannot_be_made_is_one_sentence_and_nothing_is_changed(alongside, groups, words, sentence):
    said = alongside(*MAKE, *words)
    assert said.exit_code == 2
    assert sentence in said.stderr
    assert groups() == []


def test_a_group_is_opened_later_with_its_lines(alongside, groups):
    alongside(*MAKE)
    said = alongside("open-group", "Harbour", *LINES)
    assert said.stdout == "Harbour is open; it pairs people on Wed and Sun at 03:30 (Europe/London).\n"
    assert groups()[0].opened_at


def test_a_group_is_not_opened_without_lines(alongside, groups):
    alongside(*MAKE)
    said = alongside("open-group", "Harbour")
    assert said.exit_code == 2
    assert "Harbour cannot open yet: enter at least one crisis line" in said.stderr
    assert groups()[0].opened_at is None


def test_an_open_group_gets_new_lines_and_stays_open_since_when_it_was(alongside, groups):
    alongside(*MAKE, *LINES)
    before = groups()[0].opened_at
    said = alongside("open-group", "Harbour", "--crisis-line", "New: 111", "--review-on", "2099-06-01")
    assert said.exit_code == 0
    assert [(line.name, line.reach) for line in groups()[0].crisis_lines] == [("New", "111")]
    assert groups()[0].opened_at == before


def test_another_coordinator_can_be_invited_where_the_first_link_was_lost(alongside, instance):
    alongside(*MAKE)
    said = alongside("open-group", "Harbour", *LINES, "--coordinator", "bob@example.org")
    assert "This link is for bob@example.org, once, within 14 days." in said.stdout
    with reading(instance) as session:
        assert session.scalars(select(Invitation.address)).all() == ["ada@example.org", "bob@example.org"]


def test_a_group_that_is_not_there_is_told_with_those_that_are(alongside, instance):
    alongside(*MAKE)
    said = alongside("open-group", "Harbor", *LINES)
    assert (said.exit_code, said.stderr) == (2, 'Error: There is no group "Harbor"; there are: Harbour.\n')
