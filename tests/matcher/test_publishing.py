"""How a night goes out: whom it asks, whom it tells, and what becomes of drafts that may not go out any more."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from matcher import blocks, leaving, publishing, rests
from matcher.errors import GroupError
from matcher.models import Answer, AuditEvent, Group, Hold, Member, Message, Notice, PairingRun
from matcher.pairing import plan
from matcher.runs import SET_FREE
from matcher.states import MemberState, RunState
from tests.nights import A_DAY, WEDNESDAY, Night
from tests.rows import NOW, make_group, make_run

ZONES = ("Europe/London", "America/St_Johns", "America/Los_Angeles", "Pacific/Kiritimati", "Pacific/Pago_Pago")
ZONES += ("Asia/Kathmandu", "Asia/Tokyo", "Australia/Adelaide", "Africa/Nairobi", "Europe/Lisbon")


@pytest.fixture
def night(sessions):
    return Night(sessions)


@pytest.fixture
def drafted(night):
    """Store a night of some members; gives the number of its run."""

    def run(*names, **changes):
        night.add(*names, **changes)
        gathered = night.gather()
        night.store(gathered)
        return gathered.run_id

    return run


def kinds(session, name, kind=Message):
    return session.scalars(select(kind.kind).join(Member, kind.member_id == Member.id).where(Member.name == name)).all()


# When


def test_drafts_go_out_by_themselves_at_noon_of_the_group_unless_held(night, drafted):
    drafted("ada", "bob")

    def look(session, _):
        group = session.get_one(Group, night.group_id)
        group.zone = "Asia/Tokyo"
        run = publishing.waiting_to_go_out(session, group)
        noon = datetime(2026, 1, 14, 3, tzinfo=UTC)
        assert [publishing.is_due(run, noon - A_DAY / 1440), publishing.is_due(run, noon)] == [False, True]
        assert publishing.hold(session, group, noon) is run
        assert publishing.hold(session, group, noon).state is RunState.HELD
        assert not publishing.is_due(run, noon + A_DAY)
        assert publishing.waiting_to_go_out(session, group) is run

    night.do(look)
    with night.sessions() as session:
        assert len(session.scalars(select(AuditEvent).where(AuditEvent.act == "run held")).all()) == 1


def test_drafts_that_are_held_while_the_freed_are_paired_anew_do_not_go_out(night, drafted):
    run_id = drafted("ada", "bob")

    def hold(session, _):
        publishing.hold(session, session.get_one(Group, night.group_id), NOW)

    assert night.publish(run_id, meanwhile=hold) is False
    assert night.publish(run_id) is False
    assert night.look()[:2] == (RunState.HELD, [["ada", "bob"]])
    with night.sessions() as session:
        assert session.scalars(select(Message)).all() == []
    assert night.publish(run_id, held=True) is True
    assert night.look()[:2] == (RunState.PUBLISHED, [["ada", "bob"]])


def test_where_nothing_waits_there_is_nothing_to_hold(night):
    def look(session, _):
        group = session.get_one(Group, night.group_id)
        make_run(session, group, WEDNESDAY)
        assert publishing.waiting_to_go_out(session, group) is None
        with pytest.raises(GroupError, match="has no drafts: its last night went out, or there was none"):
            publishing.hold(session, group, NOW)
        session.rollback()

    with night.sessions() as session:
        look(session, {})


# What


def test_a_night_goes_out_once(night, drafted):
    run_id = drafted("ada", "bob")
    assert night.publish(run_id) is True
    assert night.publish(run_id) is False
    assert night.look()[:3] == (RunState.PUBLISHED, [["ada", "bob"]], {})
    with night.sessions() as session:
        run = session.scalars(select(PairingRun)).one()
        assert (run.snapshot, run.published_at is None) == (None, False)
        for name in ("ada", "bob"):
            assert kinds(session, name) == kinds(session, name, Notice) == ["proposal"]
            assert session.scalars(select(Member).where(Member.name == name)).one().state is MemberState.PROPOSED


def test_everybody_may_answer_to_the_last_second_of_the_third_day_of_their_own(night):
    for number, zone in enumerate(ZONES):
        night.add(f"left {number}", f"right {number}", zone=zone, rhythm=zone, writing_is_enough=True)
    gathered = night.gather()
    night.store(gathered)
    at = datetime(2026, 1, 14, 12, tzinfo=UTC)
    night.publish(gathered.run_id, at)
    with night.sessions() as session:
        answers = session.scalars(select(Answer)).all()
        assert {each.member.zone for each in answers} == set(ZONES)
        for each in answers:
            own = ZoneInfo(each.member.zone)
            asked_on = at.astimezone(own).date()
            last = each.answer_by.astimezone(own)
            assert (last.date(), last.time()) == (asked_on + timedelta(days=3), time(23, 59, 59))


def test_no_mail_leaves_in_the_quiet_hours_of_its_reader(night):
    for number, zone in enumerate(ZONES):
        night.add(f"left {number}", f"right {number}", zone=zone, writing_is_enough=True)
    gathered = night.gather()
    night.store(gathered)
    night.publish(gathered.run_id, night.at(WEDNESDAY))
    with night.sessions() as session:
        found = session.execute(select(Member.zone, Message.send_after).join_from(Message, Member)).all()
        assert {zone for zone, _ in found} == set(ZONES)
        for zone, send_after in found:
            assert time(8) <= send_after.astimezone(ZoneInfo(zone)).time() < time(21)


def test_who_is_alone_is_told_when_the_next_pairing_is_and_goes_first(night, drafted):
    run_id = drafted("ada", "bob", "cyd")
    night.publish(run_id)
    (alone,) = night.look()[2]
    with night.sessions() as session:
        member = session.scalars(select(Member).where(Member.name == alone)).one()
        assert member.goes_first
        message = session.scalars(select(Message).where(Message.member_id == member.id)).one()
        assert (message.kind, message.values) == ("alone", {"next_pairing": "2026-01-18"})


def test_a_group_without_pairing_days_names_no_next_pairing(night, drafted):
    run_id = drafted("ada")
    night.do(lambda session, _: setattr(session.get_one(Group, night.group_id), "pairing_days", []))
    night.publish(run_id)
    with night.sessions() as session:
        assert session.scalars(select(Message.values)).all() == [{"next_pairing": None}]


@pytest.mark.parametrize("goes", [leaving.leave, rests.rest])
def test_who_was_alone_and_went_away_is_told_nothing(night, drafted, goes):
    run_id = drafted("ada")
    night.do(lambda session, by_name: goes(session, by_name["ada"], NOW))
    night.publish(run_id)
    assert night.look()[2] == {"ada": "no possible partner"}
    with night.sessions() as session:
        assert kinds(session, "ada") == []


# Looked at once more


def _split(night):
    """Ada with Bob, Cyd with Dee, whoever else would fit too."""

    def keep(session, by_name):
        for one, other in (("ada", "bob"), ("cyd", "dee")):
            ids = sorted((by_name[one].id, by_name[other].id))
            hold = Hold(group_id=night.group_id, first_id=ids[0], second_id=ids[1], together=True, made_at=NOW)
            session.add(hold)

    night.add("ada", "bob", "cyd", "dee")
    night.do(keep)
    gathered = night.gather()
    night.store(gathered)
    assert night.look()[1] == [["ada", "bob"], ["cyd", "dee"]]
    return gathered.run_id


def test_who_lost_a_draft_is_paired_anew_before_the_night_goes_out(night):
    run_id = _split(night)
    for name in ("bob", "dee"):
        night.do(lambda session, by_name, name=name: leaving.leave(session, by_name[name], NOW))
    night.publish(run_id)
    state, pairs, alone, told = night.look()
    assert (state, pairs, alone) == (RunState.PUBLISHED, [["ada", "cyd"]], {})
    assert (told["waiting"], told["gone"]) == (4, 2)


def test_who_goes_away_while_the_freed_are_paired_anew_leaves_the_figures_right(night):
    run_id = _split(night)
    for name in ("bob", "dee"):
        night.do(lambda session, by_name, name=name: leaving.leave(session, by_name[name], NOW))
    night.publish(run_id, meanwhile=lambda session, by_name: leaving.leave(session, by_name["cyd"], NOW))
    _, pairs, alone, told = night.look()
    assert (pairs, alone, told["gone"]) == ([], {"ada": SET_FREE, "cyd": SET_FREE}, 2)
    with night.sessions() as session:
        assert (kinds(session, "ada"), kinds(session, "cyd")) == (["alone"], [])


def test_who_was_set_free_when_the_night_was_stored_is_paired_anew_too(night):
    night.add("ada", "bob", "cyd")
    gathered = night.gather()
    night.do(lambda session, by_name: leaving.leave(session, by_name[_drafted_with("ada", gathered)], NOW))
    night.store(gathered)
    assert SET_FREE in night.look()[2].values()
    night.publish(gathered.run_id)
    assert len(night.look()[1]) == 1
    assert night.look()[2] == {}


def _drafted_with(name, gathered):
    found = plan(gathered.snapshot.candidates(gathered.policy), gathered.policy).pairs
    return next((other for each in found for other in each.ids if name in each.ids and other != name), "bob")


def test_who_is_set_free_and_finds_nobody_has_reasons_and_the_others_keep_theirs(night):
    night.add("ada", "bob")
    night.add("eve", windows=[[4, 600, 720]])
    gathered = night.gather()
    night.do(lambda session, by_name: leaving.leave(session, by_name["bob"], NOW))
    night.store(gathered)
    assert night.look()[2] == {"ada": SET_FREE, "eve": "no possible partner"}
    night.publish(gathered.run_id)
    assert night.look()[2] == {"ada": "no possible partner", "eve": "no possible partner"}
    with night.sessions() as session:
        assert kinds(session, "ada") == kinds(session, "eve") == ["alone"]


def test_a_night_in_which_everybody_went_away_goes_out_empty(night):
    night.add("ada", "bob")
    gathered = night.gather()
    night.do(lambda session, by_name: leaving.leave(session, by_name["bob"], NOW))
    night.store(gathered)
    night.do(lambda session, by_name: leaving.leave(session, by_name["ada"], NOW))
    assert night.publish(gathered.run_id)
    assert night.look()[:3] == (RunState.PUBLISHED, [], {"ada": SET_FREE})


def test_a_block_after_the_night_drops_the_draft_and_the_two_never_hear_of_it(night, drafted):
    run_id = drafted("ada", "bob")
    night.do(lambda session, by_name: blocks.block(session, by_name["ada"].account, by_name["bob"].account, NOW))
    night.publish(run_id)
    assert night.look()[1] == []
    with night.sessions() as session:
        assert kinds(session, "ada") == kinds(session, "bob") == ["alone"]


def test_a_draft_goes_out_with_the_newest_profiles(night, drafted):
    run_id = drafted("ada", "bob")
    night.do(lambda session, by_name: setattr(by_name["ada"], "windows", [[0, 1080, 1140]]))
    night.publish(run_id)
    with night.sessions() as session:
        run = session.scalars(select(PairingRun)).one()
        assert [each.overlap_minutes for each in run.proposals] == [60]


def test_a_night_without_its_snapshot_looks_at_everybody_as_they_are(night, drafted):
    run_id = drafted("ada", "bob")
    night.do(lambda session, _: setattr(session.get_one(PairingRun, run_id), "snapshot", None))
    night.publish(run_id)
    assert night.look()[1] == [["ada", "bob"]]


def test_of_one_group_nothing_goes_out_with_another(night, drafted):
    drafted("ada", "bob")
    with night.sessions() as session:
        assert publishing.waiting_to_go_out(session, make_group(session)) is None
