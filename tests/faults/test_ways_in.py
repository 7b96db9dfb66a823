"""What opens something works once, also for two at the same moment: the database settles it, on both kinds."""

from datetime import date, timedelta

import pyotp
import pytest
from sqlalchemy import func, select

from matcher import accounts, codes, groups, invitations, links
from matcher.database import sessions_of
from matcher.errors import AddressError, LinkError
from matcher.models import Account, Group, Member
from matcher.states import LinkUse
from tests.faults.forks import at_once
from tests.rows import NOW, make_account, make_group

GOOD = "seven herons over the weir"
ROUNDS = 5
HALF_A_MINUTE = timedelta(seconds=30)


@pytest.fixture
def together(database_url):
    """Do several things at once, each in a process and a transaction of its own; what each gave, or its refusal."""

    def in_one(act):
        def done(engine):
            try:
                with sessions_of(engine).begin() as session:
                    return str(act(session))
            except (LinkError, AddressError) as problem:
                return type(problem).__name__

        return done

    return lambda *acts: sorted(at_once(database_url, [in_one(act) for act in acts], [0] * len(acts)))


def test_an_invitation_lets_one_in(together, sessions):
    for _ in range(ROUNDS):
        with sessions.begin() as session:
            group = make_group(session)
            group_id, token = group.id, invitations.invite(session, group, NOW)
            numbers = [make_account(session).id for _ in range(3)]

        def accept(session, number, token=token):
            invitations.accept(session, token, session.get_one(Account, number), NOW)

        came = together(*(lambda session, number=number: accept(session, number) for number in numbers))
        assert came == ["LinkError", "LinkError", "None"]
        with sessions() as session:
            assert session.scalar(select(func.count(Member.id)).where(Member.group_id == group_id)) == 1


def test_one_person_who_opens_two_invitations_at_once_is_one_member(together, sessions):
    for _ in range(ROUNDS):
        with sessions.begin() as session:
            group, number = make_group(session), make_account(session).id
            group_id, tokens = group.id, [invitations.invite(session, group, NOW) for _ in range(2)]

        def accept(session, token, number=number):
            invitations.accept(session, token, session.get_one(Account, number), NOW)

        came = together(*(lambda session, token=token: accept(session, token) for token in tokens))
        assert came == ["LinkError", "None"]
        with sessions() as session:
            assert session.scalar(select(func.count(Member.id)).where(Member.group_id == group_id)) == 1


def test_a_mailed_link_is_used_once(together, sessions):
    for _ in range(ROUNDS):
        with sessions.begin() as session:
            account = make_account(session)
            links.send(session, account, LinkUse.RESET, account.address, NOW)
            session.flush()
            newest = session.scalar(select(func.max(links.Link.id)))
            token = links.renew(session, newest, NOW)[1]

        def take(session, token=token):
            links.take(session, LinkUse.RESET, token, NOW)

        assert together(take, take, take) == ["LinkError", "LinkError", "None"]


def test_a_code_and_a_recovery_code_come_in_once(together, sessions):
    with sessions.begin() as session:
        account = make_account(session)
        seed, number = codes.begin(session, account, NOW), account.id
        recovery = codes.confirm(session, account, pyotp.TOTP(seed).at(NOW - HALF_A_MINUTE), NOW)
    for typed in (pyotp.TOTP(seed).at(NOW), *recovery[:ROUNDS]):

        def come_in(session, typed=typed):
            return codes.fits(session, session.get_one(Account, number), typed, NOW)

        assert together(come_in, come_in) == ["False", "True"], typed


def test_of_recovery_codes_made_twice_at_once_ten_work(together, sessions):
    with sessions.begin() as session:
        number = make_account(session).id

    def make(session):
        codes.new_recovery_codes(session, session.get_one(Account, number), NOW)

    for _ in range(ROUNDS):
        assert together(make, make) == ["None", "None"]
        with sessions() as session:
            assert codes.recovery_codes_left(session, session.get_one(Account, number)) == codes.RECOVERY_CODES


def test_of_two_who_say_the_crisis_lines_at_once_one_is_kept_whole(together, sessions):
    days = (date(2027, 1, 1), date(2027, 6, 1))
    for _ in range(ROUNDS):
        with sessions.begin() as session:
            group = make_group(session)
            groups.set_crisis_lines(session, group, [("as it was", "1")], days[0], NOW)
            number = group.id

        def say(session, day, number=number):
            group = session.get_one(Group, number)
            lines = [(f"{line} for {day}", "1") for line in range(3)]
            groups.set_crisis_lines(session, group, lines, day, NOW)

        assert together(*(lambda session, day=day: say(session, day) for day in days)) == ["None", "None"]
        with sessions() as session:
            group = session.get_one(Group, number)
            assert {line.name.split(" for ")[1] for line in group.crisis_lines} == {str(group.crisis_lines_review_on)}


def test_an_address_that_two_claim_is_one_accounts(together, sessions):
    for number in range(ROUNDS):
        address = f"new{number}@example.org"
        with sessions.begin() as session:
            claims = [accounts.open_by_invitation(session, address, GOOD, [], NOW) for _ in range(2)]
            found = session.scalars(select(links.Link).where(links.Link.address == address)).all()
            tokens = [links.renew(session, each.id, NOW)[1] for each in found]
            ids = [each.id for each in claims]

        def confirm(session, token, id_):
            accounts.confirm_here(session, token, session.get_one(Account, id_), NOW)

        acts = [lambda session, each=each: confirm(session, *each) for each in zip(tokens, ids, strict=True)]
        assert together(*acts) == ["AddressError", "None"]
        with sessions() as session:
            assert session.scalar(select(func.count(Account.id)).where(Account.address == address)) == 1


def test_of_two_who_sign_up_with_one_address_at_once_both_are_mailed_and_one_account_is_made(together, sessions):
    for number in range(ROUNDS):

        def sign_up(session, number=number):
            accounts.sign_up(session, f"up{number}@example.org", NOW)

        assert together(sign_up, sign_up) == ["None", "None"]
    with sessions() as session:
        assert session.scalar(select(func.count(Account.id))) == ROUNDS
