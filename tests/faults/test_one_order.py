"""What two people do at the same time, with every lock held a moment longer: one comes first, nobody is refused.

A lock that was taken in another order than everybody else's would be a deadlock here, and what is read before a lock
would be stale.
"""

import time
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from matcher import blocks, changes, farewell, leaving, publishing, rests, runs
from matcher.database import sessions_of
from matcher.enrolment import enrol
from matcher.errors import GroupError, StateError
from matcher.invariants import broken
from matcher.models import Account, AuditEvent, Coordinator, Group, Hold, Member, PairingRun, Partnership
from matcher.pairing import plan
from matcher.pairing.candidate import Candidate, Goal
from matcher.spreadsheets.person import Person, Sheet
from matcher.states import PartnershipState, RunState
from tests.faults.forks import at_once
from tests.nights import A_DAY, WEDNESDAY, Night
from tests.rows import NOW, make_account, make_group, make_member

A_MOMENT = 0.15
SUNDAY = WEDNESDAY + 4 * A_DAY


def in_one(act):
    """An act as one transaction that waits a moment after each of its first locks and changes."""

    def slowly(engine):
        seen = set()

        def wait(_connection, _cursor, words, *_):
            kind = "lock" if "FOR NO KEY UPDATE" in words else " ".join(words.split()[:2])
            if kind == "lock" or (kind.startswith("UPDATE") and kind not in seen):
                seen.add(kind)
                time.sleep(A_MOMENT)

        event.listen(engine, "after_cursor_execute", wait)
        with sessions_of(engine).begin() as session:
            return act(session)

    return slowly


@pytest.fixture
def together(database_url):
    """Do several things at once, each begun as many moments after the start as is said; gives what came of each."""
    return lambda *acts, after=None: at_once(
        database_url, [in_one(each) for each in acts], [A_MOMENT * each for each in after or [0] * len(acts)]
    )


@pytest.fixture
def night(sessions):
    return Night(sessions)


def assert_all_is_well(sessions):
    with sessions() as session:
        assert broken(session, NOW + 30 * A_DAY) == []


def named(session, name):
    return session.scalars(select(Member).where(Member.public_id == name)).one()


def drafted(night, *names):
    night.add(*names)
    gathered = night.gather()
    night.store(gathered)
    return gathered.run_id


def refusal(act, *problems):
    """What an act gives, or the name of the error that it is refused with."""

    def tried(session):
        try:
            with session.begin_nested():
                return act(session)
        except problems as problem:
            return type(problem).__name__

    return tried


# A night


@pytest.mark.parametrize("after", [(0, 1), (1, 0)])
def test_a_night_goes_out_or_is_held_and_never_both(together, night, sessions, after):
    run_id = drafted(night, "ada", "bob")

    def hold(session):
        return str(publishing.hold(session, session.get_one(Group, night.group_id), NOW).state)

    went_out, held = together(
        lambda session: publishing.publish(session, run_id, None, NOW), refusal(hold, GroupError), after=after
    )
    assert (went_out, held) in [(True, "GroupError"), (False, "held")]
    with sessions() as session:
        state = session.scalars(select(PairingRun.state)).one()
    assert state is (RunState.PUBLISHED if went_out else RunState.HELD)
    assert_all_is_well(sessions)


@pytest.mark.parametrize("after", [(0, 1), (1, 0)])
def test_the_next_night_and_the_drafts_of_the_last_do_not_wait_for_each_other(together, night, sessions, after):
    run_id = drafted(night, "ada", "bob", "cyd", "dee")
    together(
        lambda session: publishing.publish(session, run_id, None, NOW),
        lambda session: bool(runs.open_run(session, night.group_id, SUNDAY, night.at(SUNDAY))),
        after=after,
    )
    assert_all_is_well(sessions)


@pytest.mark.parametrize("after", [(0, 0), (0, 1), (1, 0)])
def test_a_changed_profile_and_a_night_do_not_wait_for_each_other(together, night, sessions, after):
    night.add("ada", "bob")
    night.do(lambda session, by_name: runs.partnerships.begin(session, by_name["bob"].group, _both(by_name), 12, NOW))

    def save(session):
        member = named(session, "bob")
        with changes.changing(session, member, NOW):
            member.windows = [[2, 0, 600]]

    together(
        save, lambda session: bool(runs.open_run(session, night.group_id, WEDNESDAY, night.at(WEDNESDAY))), after=after
    )
    with sessions() as session:
        assert named(session, "bob").windows == [[2, 0, 600]]
    assert_all_is_well(sessions)


def _both(by_name):
    return [by_name["ada"], by_name["bob"]]


def test_two_who_rest_while_a_night_pairs_them_anew_close_their_proposal_once(together, night, sessions):
    night.add("ada", "bob", "cyd", "dee")
    night.do(lambda session, by_name: session.add_all(_kept_together(by_name, night.group_id)))
    gathered = night.gather()
    night.store(gathered)
    for name in ("bob", "dee"):
        night.do(lambda session, by_name, name=name: leaving.leave(session, by_name[name], NOW))

    def go_out(session):
        found = publishing.prepare(session, gathered.run_id, NOW)
        return publishing.publish(
            session, gathered.run_id, (found, plan(found.snapshot.candidates(found.policy), found.policy)), NOW
        )

    assert together(
        go_out,
        lambda session: rests.rest(session, named(session, "ada"), NOW + timedelta(hours=1)),
        lambda session: rests.rest(session, named(session, "cyd"), NOW + timedelta(hours=1)),
        after=(0, 1, 1),
    ) == [True, None, None]
    assert_all_is_well(sessions)


def _kept_together(by_name, group_id):
    for one, other in (("ada", "bob"), ("cyd", "dee")):
        first, second = sorted((by_name[one].id, by_name[other].id))
        yield Hold(group_id=group_id, first_id=first, second_id=second, together=True, made_at=NOW)


# People


@pytest.fixture
def in_two_groups(sessions):
    """Two accounts who are partners in two groups, joined in the other order; the numbers of the accounts."""
    with sessions.begin() as session:
        here, there, x, y = make_group(session), make_group(session), make_account(session), make_account(session)
        x_here, y_there = make_member(session, here, account=x), make_member(session, there, account=y)
        x_there, y_here = make_member(session, there, account=x), make_member(session, here, account=y)
        runs.partnerships.begin(session, here, [x_here, y_here], 12, NOW)
        runs.partnerships.begin(session, there, [x_there, y_there], 12, NOW)
        return x.id, y.id


def erasing(account_id):
    return lambda session: leaving.erase(session, session.get_one(Account, account_id), NOW)


def assert_nobody_is_together(sessions):
    with sessions() as session:
        assert set(session.scalars(select(Partnership.state))) == {PartnershipState.ENDED}
    assert_all_is_well(sessions)


def test_two_who_share_two_groups_are_erased_at_once(together, in_two_groups, sessions):
    one, other = in_two_groups
    together(erasing(one), erasing(other))
    assert_nobody_is_together(sessions)


def test_who_is_erased_may_be_blocked_in_the_same_moment(together, in_two_groups, sessions):
    one, other = in_two_groups

    def block(session):
        blocks.block(session, session.get_one(Account, other), session.get_one(Account, one), NOW)

    together(erasing(one), block)
    assert_nobody_is_together(sessions)


def test_who_coordinates_one_group_and_is_in_another_is_erased_beside_who_has_it_the_other_way(together, sessions):
    with sessions.begin() as session:
        groups = [make_group(session), make_group(session)]
        accounts = [make_account(session), make_account(session)]
        for group, account, other in zip(groups, accounts, accounts[::-1], strict=True):
            make_member(session, group, account=other)
            session.add_all(Coordinator(group_id=group.id, account=each) for each in (account, make_account(session)))
        numbers = [account.id for account in accounts]
    together(*map(erasing, numbers))
    assert_all_is_well(sessions)


def test_leaving_twice_at_once_is_leaving_once(together, night, sessions):
    night.add("ada")
    leave = [lambda session: leaving.leave(session, named(session, "ada"), NOW)] * 2
    together(*leave)
    with sessions() as session:
        assert session.scalar(select(func.count()).where(AuditEvent.act == "left")) == 1


def test_of_two_last_coordinators_who_go_at_once_one_stays(together, sessions):
    with sessions.begin() as session:
        group, accounts = make_group(session), [make_account(session), make_account(session)]
        session.add_all(Coordinator(group_id=group.id, account=each) for each in accounts)
        numbers = [each.id for each in accounts]

    def go(number):
        def erase(session):
            assert session.scalars(select(Group)).one().coordinators  # read before the lock, as a page does
            erasing(number)(session)

        return refusal(erase, StateError)

    assert sorted(map(str, together(*map(go, numbers)))) == ["None", "StateError"]
    with sessions() as session:
        assert session.scalar(select(func.count(Coordinator.id))) == 1


def test_of_two_last_coordinators_who_ask_at_once_to_be_forgotten_one_is_refused(together, sessions):
    with sessions.begin() as session:
        group, accounts = make_group(session), [make_account(session), make_account(session)]
        session.add_all(Coordinator(group_id=group.id, account=each) for each in accounts)
        numbers = [each.id for each in accounts]

    def ask(number):
        def asking(session):
            farewell.ask_to_be_forgotten(session, session.get_one(Account, number), NOW)

        return refusal(asking, StateError)

    assert sorted(map(str, together(*map(ask, numbers)))) == ["None", "StateError"]


def test_who_asks_twice_at_once_is_told_once(together, sessions):
    with sessions.begin() as session:
        number = make_account(session).id

    def ask(session):
        farewell.ask_to_be_forgotten(session, session.get_one(Account, number), NOW)

    together(ask, ask)
    with sessions() as session:
        assert session.scalar(select(func.count()).where(AuditEvent.act == "erasure asked")) == 1


def test_who_keeps_the_account_while_it_is_forgotten_keeps_it_or_comes_too_late(together, night, sessions):
    night.add("ada")
    later = NOW + timedelta(days=7)
    with sessions.begin() as session:
        account = named(session, "ada").account
        number = account.id
        farewell.ask_to_be_forgotten(session, account, NOW)

    def keep(session):
        farewell.keep(session, session.get_one(Account, number), later)

    together(keep, lambda session: farewell.forget(session, number, later))
    with sessions() as session:
        account = session.get_one(Account, number)
        acts = set(session.scalars(select(AuditEvent.act).where(AuditEvent.subject == f"accounts:{account.public_id}")))
        assert acts in ({"erasure asked", "account kept"}, {"erasure asked", "erased"})
        assert (account.erased_at is None, account.erase_at) == ("account kept" in acts, None)
    assert_all_is_well(sessions)


def test_two_imports_of_somebody_with_an_account_make_one_member(together, sessions):
    with sessions.begin() as session:
        group_id = make_group(session).id
        make_account(session, address="ada@example.org")
    told = Candidate(
        id="ada",
        zone="Europe/London",
        languages=frozenset({"en"}),
        goals=frozenset({Goal("running")}),
        writing_is_enough=True,
    )
    people_ = (Person(told, "Ada", 2, "ada@example.org"),)
    sheet = Sheet(file_name="people.csv", people=people_, set_aside=(), stated=(), notes=())

    def join(session):
        joined = enrol(session, session.get_one(Group, group_id), sheet, NOW, agreed=True).joined
        time.sleep(A_MOMENT)
        return joined

    assert sorted(map(str, together(*[refusal(join, GroupError)] * 2))) in (["0", "1"], ["1", "GroupError"])
    with sessions() as session:
        assert session.scalar(select(func.count(Member.id))) == 1
