"""A night as rows: gathered, stored, failed, made up for, superseded."""

import pytest
from sqlalchemy import func, select, text

from matcher import blocks, leaving, rests, runs
from matcher.audit_trail import record
from matcher.errors import SpoiltError
from matcher.invariants import broken
from matcher.models import AuditEvent, Coordinator, Group, Hold, Message, PairingRun, PolicyVersion
from matcher.runs import SET_FREE
from matcher.states import Closing, Ending, PartnershipState, RunState
from tests.nights import A_DAY, SUNDAY, WEDNESDAY, Night
from tests.rows import NOW, make_account, make_member, make_partnership, make_run

FAR = WEDNESDAY + 1000 * A_DAY


@pytest.fixture
def night(sessions):
    return Night(sessions)


# Gather


def test_a_quiet_night_does_its_duties_once_and_pairs_nobody(night):
    night.add("ada", "bob")
    night.add("cyd", resting_from=SUNDAY - A_DAY, resting_until=WEDNESDAY - A_DAY)
    monday = SUNDAY + 2 * A_DAY
    night.do(lambda session, _: _make_quiet_run(session, night.group_id))
    assert night.gather(monday) is None
    assert night.gather(monday) is None
    assert night.look(monday)[:3] == (RunState.QUIET, [], {})
    night.do(lambda session, by_name: _assert_told(session, by_name["cyd"], ["rest_over"]))


def _make_quiet_run(session, group_id):
    group = session.get_one(Group, group_id)
    run = make_run(session, group, SUNDAY, state=RunState.QUIET, published_at=None, stored_at=None)
    record(session, NOW, "the night", "run stored", run, group)


def _assert_told(session, member, kinds):
    assert member.resting_from is None
    assert session.scalars(select(Message.kind).where(Message.member_id == member.id)).all() == kinds


def test_a_pairing_night_gathers_and_the_same_night_again_goes_on_with_the_same_snapshot(night):
    night.add("ada", "bob")
    first = night.gather()
    night.add("cyd")
    night.do(lambda session, _: session.add(_policy(night.group_id)))
    again = night.gather()
    assert again == first
    assert [person.id for person in again.snapshot.people] == ["ada", "bob"]
    assert again.policy.version == 1


def _policy(group_id):
    return PolicyVersion(group_id=group_id, version=2, rules={"term_weeks": 4}, made_at=NOW)


def test_a_night_that_is_done_is_left_alone(night):
    night.add("ada", "bob")
    gathered = night.gather()
    assert night.store(gathered)
    assert night.gather() is None
    assert night.store(gathered) is False
    assert night.look()[:3] == (RunState.DRAFTED, [["ada", "bob"]], {})


def test_a_first_pairing_on_a_date_pairs_nobody_before(night):
    night.add("ada", "bob")
    night.do(lambda session, _: setattr(session.get_one(runs.Group, night.group_id), "first_pairing_on", WEDNESDAY))
    assert night.gather(SUNDAY) is None
    assert night.gather(WEDNESDAY)


@pytest.mark.parametrize("how_far", ["nothing", "gathered", "failed", "drafted"])
def test_a_pairing_night_that_came_to_nothing_is_made_up_for_and_one_that_was_stored_is_not(night, how_far):
    night.add("ada", "bob")
    night.gather(SUNDAY - A_DAY)  # a quiet Saturday, so that the group has had nights
    if how_far != "nothing":
        gathered = night.gather(SUNDAY)
        if how_far == "failed":
            night.do(lambda session, _: runs.fail(session, gathered.run_id, "It broke.", NOW))
        elif how_far == "drafted":
            night.store(gathered, SUNDAY)
    made_up_for = night.gather(SUNDAY + A_DAY)
    assert (made_up_for is not None) is (how_far != "drafted")
    if made_up_for:
        night.store(made_up_for, SUNDAY + A_DAY)
        assert night.look(SUNDAY + A_DAY)[1] == [["ada", "bob"]]
        if how_far != "nothing":
            assert night.look(SUNDAY)[0] is RunState.SUPERSEDED


def test_drafts_that_never_went_out_are_superseded_by_the_next_pairing_night(night):
    night.add("ada", "bob")
    night.store(night.gather(SUNDAY), SUNDAY)
    night.store(night.gather())
    assert night.look(SUNDAY)[:2] == (RunState.SUPERSEDED, [])
    assert night.look()[:2] == (RunState.DRAFTED, [["ada", "bob"]])
    night.do(_assert_superseded)


def _assert_superseded(session, _):
    run = session.scalars(select(PairingRun).where(PairingRun.night == SUNDAY)).one()
    assert (run.snapshot, run.proposals[0].closing) == (None, Closing.SUPERSEDED)


def test_a_failed_night_keeps_its_error_tells_coordinators_once_and_works_when_run_again(night):
    night.add("ada", "bob")
    night.do(lambda session, _: session.add(Coordinator(group_id=night.group_id, account_id=make_account(session).id)))
    for _ in range(2):
        gathered = night.gather()
        night.do(lambda session, _, run_id=gathered.run_id: runs.fail(session, run_id, "It broke.", NOW))
        night.do(_assert_failed)
    assert night.look()[0] is RunState.FAILED
    night.store(night.gather())
    assert night.look()[0] is RunState.DRAFTED
    with night.sessions() as session:
        assert session.scalars(select(PairingRun.error)).all() == [""]
        assert session.scalar(select(func.count()).where(AuditEvent.act == "run failed")) == 2
    night.do(lambda session, _: runs.fail(session, gathered.run_id, "Too late.", NOW))
    assert night.look()[0] is RunState.DRAFTED


def _assert_failed(session, _):
    assert session.scalars(select(PairingRun.error)).all() == ["It broke."]
    assert session.scalars(select(Message.kind)).all() == ["failed_night"]


def test_a_night_made_up_for_that_fails_is_tried_again_until_somebody_is_paired(night):
    night.add("ada", "bob")
    night.gather(SUNDAY - A_DAY)
    for days in (0, 1, 1, 2):  # all Sunday, all Monday, Tuesday morning
        gathered = night.gather(SUNDAY + days * A_DAY)
        assert gathered
        night.do(lambda session, _, run_id=gathered.run_id: runs.fail(session, run_id, "It broke.", NOW))
        assert night.look(SUNDAY + days * A_DAY)[0] is RunState.FAILED
    assert night.look(SUNDAY + A_DAY)[0] is RunState.SUPERSEDED
    night.store(night.gather(SUNDAY + 2 * A_DAY), SUNDAY + 2 * A_DAY)
    assert night.look(SUNDAY + 2 * A_DAY)[1] == [["ada", "bob"]]


def test_the_very_first_night_of_a_group_is_made_up_for_too(night):
    night.add("ada", "bob")
    gathered = night.gather(SUNDAY)
    night.do(lambda session, _: runs.fail(session, gathered.run_id, "It broke.", NOW))
    assert night.gather(SUNDAY + A_DAY)


def test_a_night_that_could_not_be_gathered_keeps_its_error_and_has_its_duties_once_it_can(night):
    night.add("ada", "bob")
    night.add("cyd", resting_from=SUNDAY - A_DAY, resting_until=WEDNESDAY - A_DAY)
    night.do(lambda session, _: session.add(Coordinator(group_id=night.group_id, account_id=make_account(session).id)))
    for error in ("ValueError", "It broke otherwise."):
        night.do(lambda session, _, error=error: runs.fail_to_gather(session, night.group_id, WEDNESDAY, error, NOW))
    assert night.look()[0] is RunState.FAILED
    with night.sessions() as session:
        assert session.scalars(select(PairingRun.error)).all() == ["It broke otherwise."]
        assert session.scalars(select(Message.kind)).all() == ["failed_night"]
    night.store(night.gather())
    assert night.look()[0] is RunState.DRAFTED
    night.do(lambda session, by_name: _assert_told(session, by_name["cyd"], ["rest_over"]))


def test_what_was_gathered_and_cannot_be_read_any_more_is_gathered_anew(night):
    night.add("ada", "bob")
    night.gather()
    night.do(lambda session, _: session.execute(text("UPDATE pairing_runs SET snapshot = :cut"), {"cut": b"tests:"}))
    with pytest.raises(SpoiltError):
        night.gather()
    night.do(lambda session, _: runs.fail_to_gather(session, night.group_id, WEDNESDAY, "It was changed.", NOW))
    night.store(night.gather())
    assert night.look()[0] is RunState.DRAFTED


def test_the_duties_of_a_night_go_on_whatever_zone_somebody_is_in(night):
    night.add("ada", "bob")
    night.store(night.gather(SUNDAY - 4 * A_DAY), SUNDAY - 4 * A_DAY)
    run_id = night.do(lambda session, _: session.scalars(select(PairingRun.id)).one())
    night.publish(run_id, night.at(SUNDAY - 4 * A_DAY))
    night.do(lambda session, by_name: setattr(by_name["bob"], "zone", "Mars/Olympus"))
    gathered = night.gather(WEDNESDAY)
    assert [person.id for person in gathered.snapshot.people] == ["ada"]
    night.store(gathered)
    _, pairs, alone, told = night.look()
    assert (pairs, list(alone), told["waiting"], told["set_aside"]) == ([], ["ada"], 1, 1)


def test_a_failed_night_that_is_a_pairing_night_no_more_becomes_a_quiet_one(night):
    night.add("ada", "bob")
    gathered = night.gather()
    night.do(lambda session, _: runs.fail(session, gathered.run_id, "It broke.", NOW))
    night.do(lambda session, _: setattr(session.get_one(runs.Group, night.group_id), "pairing_days", ["Fri"]))
    assert night.gather() is None
    assert night.look()[0] is RunState.QUIET
    with night.sessions() as session:
        assert session.scalars(select(PairingRun.snapshot)).all() == [None]


def test_nights_of_a_clock_that_was_ahead_stop_nobody_and_their_drafts_are_overtaken(night):
    night.add("ada", "bob")
    ahead = WEDNESDAY + 364 * A_DAY
    night.store(night.gather(ahead), ahead)
    night.store(night.gather(WEDNESDAY), WEDNESDAY)
    assert night.look(WEDNESDAY)[:2] == (RunState.DRAFTED, [["ada", "bob"]])
    assert night.look(ahead)[0] is RunState.SUPERSEDED
    with night.sessions() as session:
        assert runs.last_night(session, session.get_one(Group, night.group_id), WEDNESDAY) == WEDNESDAY


def test_the_last_night_is_the_newest_that_did_not_fail(night):
    night.add("ada", "bob")

    def last():
        return night.do(lambda session, _: runs.last_night(session, session.get_one(runs.Group, night.group_id), FAR))

    assert last() is None
    night.gather(SUNDAY)
    assert last() == SUNDAY
    gathered = night.gather(WEDNESDAY)
    night.do(lambda session, _: runs.fail(session, gathered.run_id, "It broke.", NOW))
    assert last() == SUNDAY


# Store: what changed between deciding and storing


def _leaves(session, by_name):
    leaving.leave(session, by_name["bob"], NOW)


def _rests(session, by_name):
    rests.rest(session, by_name["bob"], NOW)


def _is_partnered(session, by_name):
    group = by_name["bob"].group
    runs.partnerships.begin(session, group, [by_name["bob"], make_member(session, group)], 12, NOW)


@pytest.mark.parametrize("goes", [_leaves, _rests, _is_partnered])
def test_who_goes_away_between_deciding_and_storing_is_gone_and_the_other_is_set_free(night, goes):
    night.add("ada", "bob")
    gathered = night.gather()
    night.do(goes)
    night.store(gathered)
    state, pairs, alone, told = night.look()
    assert (state, pairs, alone) == (RunState.DRAFTED, [], {"ada": SET_FREE})
    assert (told["waiting"], told["gone"]) == (2, 1)


def test_a_block_between_deciding_and_storing_sets_both_free(night):
    night.add("ada", "bob")
    gathered = night.gather()
    night.do(lambda session, by_name: blocks.block(session, by_name["ada"].account, by_name["bob"].account, NOW))
    night.store(gathered)
    assert night.look()[1:3] == ([], {"ada": SET_FREE, "bob": SET_FREE})


def test_who_is_alone_has_the_reasons_and_who_went_away_alone_is_gone(night):
    night.add("ada", windows=[[1, 600, 720]])
    night.add("bob", windows=[[2, 600, 720]])
    gathered = night.gather()
    night.do(_leaves)
    night.store(gathered)
    _, pairs, alone, told = night.look()
    assert (pairs, alone) == ([], {"ada": "no possible partner"})
    assert told["gone"] == 1


@pytest.fixture
def open_pair(night):
    """Ada and Bob welcome a third, and Cyd welcomes being one."""
    night.add("ada", "bob", "cyd", welcomes_three=True)

    def pair(session, by_name):
        partnership = make_partnership(session, [by_name["ada"], by_name["bob"]])
        for partner in partnership.partners:
            partner.welcomes_third = True
        subject = f"partnerships:{partnership.public_id}"
        session.add(AuditEvent(at=NOW, actor="a test", act="partnership begun", subject=subject))

    night.do(pair)


def test_a_third_is_drafted_to_an_open_pair(night, open_pair):
    night.store(night.gather())
    assert night.look()[1:3] == ([["ada", "bob", "cyd"]], {})
    night.do(_assert_joins)


def _assert_joins(session, by_name):
    (proposal,) = session.scalars(select(runs.proposals.Proposal))
    assert proposal.partnership.state is PartnershipState.ACTIVE
    assert [each.member.name for each in proposal.answers if each.joins] == ["cyd"]


def test_hosts_who_parted_meanwhile_are_in_no_figure_of_the_night(night, open_pair):
    gathered = night.gather()
    night.do(lambda session, by_name: runs.partnerships.part(session, by_name["ada"], Ending.TOGETHER, NOW))
    night.store(gathered)
    _, pairs, alone, told = night.look()
    assert (pairs, alone) == ([], {"cyd": SET_FREE})
    assert (told["waiting"], told["gone"]) == (1, 0)


def test_a_night_keeps_what_it_was_decided_from_until_it_goes_out(night):
    night.add("ada", "bob")
    night.store(night.gather())
    assert night.look()[0] is RunState.DRAFTED

    def forge(session, _):
        run = session.scalars(select(PairingRun)).one()
        run.snapshot = run.snapshot | {"people": run.snapshot["people"][:1]}

    night.do(forge)
    with night.sessions() as session:
        (sentence,) = broken(session, NOW)
    assert sentence.endswith("was decided from something else than the snapshot that it keeps.")

    def of_another_engine(session, _):
        run = session.scalars(select(PairingRun)).one()
        run.told = run.told | {"engine": "alongside 1 with others"}

    night.do(of_another_engine)
    with night.sessions() as session:
        assert list(broken(session, NOW)) == []  # it was told other things, so nobody can tell


def test_two_kept_together_are_drafted_together(night):
    night.add("ada", "bob", "cyd", "dee")

    def keep(session, by_name):
        one, other = sorted((by_name["ada"].id, by_name["dee"].id))
        session.add(Hold(group_id=night.group_id, first_id=one, second_id=other, together=True, made_at=NOW))

    night.do(keep)
    night.store(night.gather())
    assert night.look()[1] == [["ada", "dee"], ["bob", "cyd"]]
