"""`alongside invite` as whoever runs an instance meets it."""

import re

import pytest
from sqlalchemy import select

from matcher.database import reading, sessions_of
from matcher.models import Invitation, Message
from matcher.tokens import hash_of
from tests.rows import make_group


@pytest.fixture
def harbour(instance):
    with sessions_of(instance).begin() as session:
        return make_group(session, name="Harbour").id


@pytest.fixture
def invited(instance):
    """The invitations there are."""

    def read() -> list[Invitation]:
        with reading(instance) as session:
            return list(session.scalars(select(Invitation).order_by(Invitation.id)))

    return read


def token_in(said) -> str:
    return re.search(r"http://localhost:8000/invitations/(\S+)", said.stdout)[1]


def test_without_a_group_the_link_is_for_somebody_who_will_make_one(alongside, instance, invited):
    said = alongside("invite")
    assert said.exit_code == 0, said.output
    assert said.stdout.startswith("Who opens it may make groups, and looks after those they make.\n")
    assert "This link is for whoever opens it first, once, within 14 days. It is shown only here" in said.stdout
    (invitation,) = invited()
    assert (invitation.group_id, invitation.to_coordinate, invitation.address) == (None, True, "")
    assert invitation.token_hash == hash_of(token_in(said))


@pytest.mark.parametrize(
    ("words", "to_coordinate", "sentence"),
    [
        ([], False, "Who opens it becomes a member of Harbour."),
        (["--coordinator"], True, "Who opens it looks after Harbour."),
    ],
)
def test_with_a_group_it_is_for_a_member_or_a_coordinator(alongside, harbour, invited, words, to_coordinate, sentence):
    said = alongside("invite", "ada@example.org", "--group", "harbour", *words)
    assert sentence in said.stdout
    assert "This link is for ada@example.org, once" in said.stdout
    (invitation,) = invited()
    assert (invitation.group_id, invitation.to_coordinate) == (harbour, to_coordinate)
    assert (invitation.address, invitation.token_hash) == ("ada@example.org", hash_of(token_in(said)))


@pytest.mark.parametrize("words", [[], ["--group", "Harbour"], ["--group", "Harbour", "--coordinator"]])
def test_by_mail_nothing_is_shown_that_opens_anything(alongside, instance, harbour, invited, words):
    said = alongside("invite", "ada@example.org", "--mail", *words)
    assert said.exit_code == 0, said.output
    assert "It is for ada@example.org, once, within 14 days, and goes out with the next mails" in said.stdout
    assert "/invitations/" not in said.stdout
    with reading(instance) as session:
        assert session.scalars(select(Message.invitation_id)).all() == [invited()[0].id]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--coordinator"], "Say which group they look after: --group NAME."),
        (["--mail"], "Write the address that the link is mailed to: alongside invite ADDRESS --mail"),
        (["ada"], '"ada" is no mail address'),
        (["--group", "Anchor"], 'There is no group "Anchor"; there are: Harbour.'),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_nobody_is_invited(alongside, harbour, invited, words, sentence):
    said = alongside("invite", *words)
    assert said.exit_code == 2
    assert sentence in said.stderr
    assert invited() == []
