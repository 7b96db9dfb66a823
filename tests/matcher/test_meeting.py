"""Whether members may still meet, as the engine sees them now."""

import pytest

from matcher.meeting import Recheck, explained, explained_in, policy_of
from matcher.models import Block, PolicyVersion
from matcher.pairing import Policy
from matcher.pairing.candidate import Relation
from matcher.snapshots import Snapshot
from matcher.vocabulary import Barrier
from tests.builders import MONDAY, hours, make_candidate
from tests.rows import NOW, make_group, make_member

NIGHT = NOW.date()


def night_of(*people, **known) -> Snapshot:
    return Snapshot(on=MONDAY, people=tuple(people), **known)


def three(**changes):
    return [make_candidate(each, welcomes_three=True, **changes) for each in ("ada", "bob", "cyd")]


@pytest.fixture
def session(sessions):
    with sessions() as session:
        yield session


def test_members_are_explained_as_they_are_now(session):
    group = make_group(session)
    ada, bob = (make_member(session, group) for _ in range(2))
    found = explained(session, group, Policy(), NIGHT, [ada, bob])
    assert set(found.ids) == {ada.public_id, bob.public_id}
    assert found.overlap_minutes == 120
    session.add(Block(blocker_id=ada.account_id, blocked_id=bob.account_id, made_at=NOW))
    assert explained(session, group, Policy(), NIGHT, [ada, bob]) is None


def test_who_may_not_be_paired_is_explained_with_nobody(session):
    group = make_group(session)
    ada, bob = make_member(session, group), make_member(session, group, resting_from=NIGHT)
    assert explained(session, group, Policy(), NIGHT, [ada, bob]) is None


def test_the_policy_of_a_night_is_the_version_it_names(session):
    group = make_group(session)
    assert policy_of(session, group, 7) == Policy(version=7)
    session.add(PolicyVersion(group_id=group.id, version=7, rules={"term_weeks": 4}, made_at=NOW))
    assert policy_of(session, group, 7) == Policy(version=7, term_weeks=4)


def test_three_need_a_time_in_common_unless_writing_is_enough_for_all():
    mon, tue, wed = (f"{day} 18:00-19:00" for day in ("Mon", "Tue", "Wed"))
    evenings = (f"{mon}; {tue}", f"{tue}; {wed}", f"{wed}; {mon}")
    ids = ("ada", "bob", "cyd")
    for writing in (False, True):
        people = [
            make_candidate(each, windows=hours(when), writing_is_enough=writing, welcomes_three=True)
            for each, when in zip(ids, evenings, strict=True)
        ]
        found = explained_in(night_of(*people), Policy(), ids, joined_by="cyd")
        assert (found is not None) is writing
    assert found.joined_by == "cyd"


# Looking again


def test_what_has_not_changed_is_the_same_partnership_and_not_worked_out_again():
    before = night_of(*three())
    found = explained_in(before, Policy(), ["ada", "bob"])
    assert Recheck(before, night_of(*three()), Policy()).again(found) is found


def test_a_changed_profile_is_explained_anew_and_one_that_fits_no_more_is_none():
    before = night_of(*three())
    found = explained_in(before, Policy(), ["ada", "bob"])
    shorter = night_of(make_candidate("ada", windows=hours("Mon 18:00-19:00")), *three()[1:])
    assert Recheck(before, shorter, Policy()).again(found).overlap_minutes == 60
    elsewhere = night_of(make_candidate("ada", windows=hours("Sat 18:00-19:00")), *three()[1:])
    assert Recheck(before, elsewhere, Policy()).again(found) is None
    assert Recheck(before, night_of(*three()[1:]), Policy()).again(found) is None


def test_a_new_barrier_between_two_of_them_ends_it_and_one_that_was_there_does_not_count_twice():
    before = night_of(*three())
    found = explained_in(before, Policy(), ["ada", "bob"])
    barred = night_of(*three(), relations=(Relation("ada", "bob", Barrier.BLOCKED),))
    assert Recheck(before, barred, Policy()).again(found) is None
    with_others = night_of(*three(), relations=(Relation("cyd", "bob", Barrier.BLOCKED),))
    assert Recheck(before, with_others, Policy()).again(found) is found


def test_who_hosts_is_there_and_does_not_wait():
    hosts = {"open_pairs": (("ada", "bob"),)}
    before = night_of(*three(), **hosts)
    found = explained_in(before, Policy(), ["ada", "bob", "cyd"], joined_by="cyd")
    look = Recheck(before, night_of(*three(), **hosts), Policy())
    assert look.again(found) is found
    assert [each for each in ("ada", "bob", "cyd", "dee") if look.waits(each)] == ["cyd"]
    assert [each for each in ("ada", "bob", "cyd", "dee") if look.hosted(each)] == ["ada", "bob"]


def test_hosts_who_are_partners_no_more_welcome_nobody_and_did_not_wait_in_this_night():
    before = night_of(*three(), open_pairs=(("ada", "bob"),))
    found = explained_in(before, Policy(), ["ada", "bob", "cyd"], joined_by="cyd")
    look = Recheck(before, night_of(*three()), Policy())
    assert look.again(found) is None
    assert [each for each in ("ada", "bob", "cyd") if look.waits(each)] == ["cyd"]


def test_who_became_an_open_pair_meanwhile_is_paired_with_nobody_as_two():
    before = night_of(*three())
    found = explained_in(before, Policy(), ["ada", "cyd"])
    assert Recheck(before, night_of(*three(), open_pairs=(("ada", "bob"),)), Policy()).again(found) is None


def test_three_go_out_only_while_all_of_them_welcome_three():
    before = night_of(*three())
    trio, pair = (explained_in(before, Policy(), ids) for ids in (("ada", "bob", "cyd"), ("ada", "bob")))
    not_any_more = night_of(make_candidate("ada", welcomes_three=False), *three()[1:])
    look = Recheck(before, not_any_more, Policy())
    assert look.again(trio) is None
    assert look.again(pair) == pair
