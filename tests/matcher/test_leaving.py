from datetime import time
from itertools import chain

import pyotp
import pytest
from sqlalchemy import func, select

from matcher import (
    blocks,
    codes,
    invitations,
    leaving,
    links,
    partnerships,
    people,
    proposals,
    publishing,
    sign_ins,
)
from matcher.errors import StateError
from matcher.models import (
    AuditEvent,
    Base,
    Block,
    Coordinator,
    Experience,
    Goal,
    Hold,
    Link,
    Milestone,
    PairingRun,
    RecoveryCode,
    Request,
    SignIn,
    Step,
)
from matcher.states import Consent, LinkUse, RunState, Visibility
from matcher.vocabulary import SupportStyle
from tests.nights import A_DAY, WEDNESDAY, Night
from tests.rows import NOW, make_account, make_member

CANARY = "canary"


def test_who_leaves_takes_their_consents_and_the_requests_about_them_along(stage):
    one, other = stage.people(2)
    for asks, asked in ((one, other), (other, one)):
        stage.session.add(Request(member_id=asks.id, asked_id=asked.id, made_at=NOW))
    leaving.leave(stage.session, one, NOW)
    assert (one.waiting_since, one.left_at) == (None, NOW)
    assert {each.withdrawn_at for each in one.consents} == {NOW}
    assert stage.session.scalar(select(func.count(Request.id))) == 0


def test_leaving_twice_is_leaving_once(stage):
    (one,) = stage.people(1)
    for _ in range(2):
        leaving.leave(stage.session, one, NOW)
    assert stage.session.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.act == "left")) == 1


def test_an_erased_person_leaves_nothing_but_their_blocks(stage):
    awake = {"quiet_from": time(23), "quiet_until": time(5), "mails_off": ["partner"], "card": "Ask how I slept."}
    one, other = stage.people(2, about_me={"gender": "female"}, **awake)
    one.account.erase_at = NOW
    one.experiences.append(Experience(tag="grief", tag_mark="mark"))
    goal = Goal(area="reading", tag="poems", words="a poem a day", if_this="I wake up", then_that="I read")
    goal.milestones.append(Milestone(place=1, words="ten poems"))
    goal.steps.append(Step(week=NOW.date(), words="three poems"))
    one.goals.append(goal)
    blocks.block(stage.session, one.account, other.account, NOW)
    leaving.erase(stage.session, one.account, NOW)
    stage.session.flush()
    assert (one.name, one.zone, one.languages, one.windows, one.about_me) == ("former member", "", [], [], {})
    assert (one.account.address, one.account.erased_at, one.account.erase_at) == (None, NOW, None)
    assert (one.quiet_from, one.quiet_until, one.mails_off, one.card) == (time(21), time(8), [], None)
    own_words = [goal.tag, goal.words, goal.if_this, goal.then_that, goal.milestones[0].words, goal.steps[0].words]
    assert own_words == [""] * 6
    assert stage.session.scalar(select(func.count(Experience.id))) == 0
    assert stage.session.scalar(select(func.count(Block.id))) == 1


def test_the_last_coordinator_cannot_be_erased_without_naming_another(stage):
    member = make_member(stage.session, stage.group, account=stage.coordinator)
    with pytest.raises(StateError, match=r"You are the last coordinator of .+\. Name another") as problem:
        leaving.erase(stage.session, stage.coordinator, NOW)
    assert (problem.value.subject, member.left_at) == (stage.coordinator, None)
    second = make_account(stage.session)
    stage.session.add(Coordinator(group_id=stage.group.id, account=second))
    stage.session.flush()
    stage.session.expire_all()
    leaving.erase(stage.session, stage.coordinator, NOW)
    stage.session.expire_all()
    assert [each.account for each in stage.group.coordinators] == [second]


def with_words(session, member):
    """Let a member tell their canary wherever one can tell anything."""
    member.name = member.rhythm = CANARY
    member.languages, member.channels = ["en", CANARY], [CANARY]
    member.card, member.mails_off = CANARY, [CANARY]
    member.support_style = SupportStyle.FIRM
    member.about_me, member.wishes = {CANARY: CANARY}, [{"trait": CANARY, "accepted": [CANARY], "may_ask": True}]
    member.preferences = member.wishes
    goal = Goal(area=f"{CANARY} area", tag=CANARY, words=CANARY, if_this=CANARY, then_that=CANARY)
    goal.milestones.append(Milestone(place=1, words=CANARY))
    goal.steps.append(Step(week=NOW.date(), words=CANARY))
    member.goals.append(goal)
    member.experiences.append(Experience(tag=CANARY, tag_mark="mark", visibility=Visibility.PROPOSED))
    people.agree(session, member, Consent.EXPERIENCES, "in a test", NOW)
    session.flush()


def rows_with_the_canary(session):
    session.flush()
    session.expire_all()
    rows = [row for mapper in Base.registry.mappers for row in session.scalars(select(mapper))]
    return {
        f"{row.__tablename__}.{column.key}"
        for row in rows
        for column in row.__table__.columns
        if CANARY in str(getattr(row, column.key))
    }


def test_no_column_of_any_table_keeps_a_word_of_an_erased_person(stage):
    session = stage.session
    one, _ = two = stage.people(2)
    for each in two:
        with_words(session, each)
    for each in two:
        each.wishes = []  # they rule each other out
    one.account.address = f"{CANARY}@example.org"
    invitations.invite(session, stage.group, NOW, address=f"{CANARY}@example.org")
    (lonely,) = stage.people(1, account=make_account(session), languages=["pl"])
    lonely.wishes = [{"trait": CANARY, "accepted": [CANARY], "may_ask": True}]
    stage.night(WEDNESDAY)
    (proposal,) = stage.publish()
    assert any(CANARY in reason for reason in proposal.reasons)
    proposals.answer(session, proposal, one, False, NOW, reason=CANARY)
    stage.night(WEDNESDAY + 4 * A_DAY)  # the other waits, with this one in what the night keeps
    publishing.hold(session, stage.group, NOW)
    stage.coordinator.address = "somebody@example.org"
    assert len(rows_with_the_canary(session)) > 12
    for each in (*two, lonely):
        leaving.erase(session, each.account, NOW)
    assert rows_with_the_canary(session) == set()


def test_nothing_that_opened_an_account_is_left_of_it(stage):
    (one,) = stage.people(1)
    account, session = one.account, stage.session
    account.password_hash = "a hash"
    codes.confirm(session, account, pyotp.TOTP(codes.begin(session, account, NOW)).at(NOW), NOW)
    token = sign_ins.begin(session, account, NOW)
    links.send(session, account, LinkUse.RESET, account.address, NOW)
    leaving.erase(session, account, NOW)
    assert sign_ins.find(session, token, NOW) is None
    assert (account.password_hash, account.code_seed, account.code_confirmed_at) == (None, None, None)
    for kind in (SignIn, Link, RecoveryCode):
        assert session.scalars(select(kind)).all() == []


def test_being_erased_twice_is_being_erased_once(stage):
    (one,) = stage.people(1)
    for _ in range(2):
        leaving.erase(stage.session, one.account, NOW)
    assert stage.session.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.act == "erased")) == 1


# In the middle of a night


def erase(name):
    return lambda session, members: leaving.erase(session, members[name].account, NOW)


@pytest.fixture
def night(sessions):
    """Four who wait, and tell their traits; two of them are kept together."""
    night = Night(sessions)
    night.add("ada", "bob", "cyd", "dee", about_me={"gender": CANARY})

    def hold_together(session, members):
        first, second = sorted((members["ada"].id, members["cyd"].id))
        session.add(Hold(group_id=night.group_id, first_id=first, second_id=second, together=True, made_at=NOW - A_DAY))

    night.do(hold_together)
    return night


def kept_words(night):
    with night.sessions() as session:
        snapshot = session.scalars(select(PairingRun)).one().snapshot
        return {person["id"] for person in snapshot["people"] if CANARY in str(person)}


def test_a_night_that_was_killed_goes_on_without_the_words_of_an_erased_member(night):
    night.gather()
    night.do(erase("ada"))
    assert kept_words(night) == {"bob", "cyd", "dee"}
    gathered = night.gather()
    assert night.store(gathered)
    state, pairs, alone, told = night.look()
    assert state is RunState.DRAFTED
    assert len(pairs) == 1
    assert "ada" not in {*alone, *pairs[0]}
    assert (told["waiting"], told["gone"]) == (4, 1)
    assert night.publish(gathered.run_id)
    assert night.look()[0] is RunState.PUBLISHED


def test_a_night_that_was_being_decided_while_somebody_was_erased_ends_well(night):
    gathered = night.gather()
    night.do(erase("ada"))
    assert night.store(gathered)
    assert kept_words(night) == {"bob", "cyd", "dee"}
    night.look()
    assert night.publish(gathered.run_id)
    _, pairs, alone, _ = night.look()
    assert sorted([*chain(*pairs), *alone]) == ["bob", "cyd", "dee"]


def test_drafts_that_wait_keep_no_words_of_an_erased_member_and_go_out_to_the_others(night):
    gathered = night.gather()
    assert night.store(gathered)
    night.do(erase("ada"))
    assert kept_words(night) == {"bob", "cyd", "dee"}
    night.look()
    assert night.publish(gathered.run_id)
    _, pairs, alone, _ = night.look()
    assert sorted([*chain(*pairs), *alone]) == ["bob", "cyd", "dee"]


def test_a_host_of_an_open_pair_who_is_erased_before_the_night_is_decided_leaves_it_well(sessions):
    night = Night(sessions)
    night.add("ada", "bob", "cyd", welcomes_three=True)
    night.do(open_pair("ada", "bob"))
    night.gather()
    night.do(erase("ada"))
    gathered = night.gather()
    assert night.store(gathered)
    assert night.publish(gathered.run_id)
    assert night.look()[1:3] == ([], {"cyd": "no possible partner"})


def open_pair(*names):
    def begin(session, members):
        hosts = [members[name] for name in names]
        partnerships.begin(session, hosts[0].group, hosts, 12, NOW - A_DAY)
        for host in hosts:
            partnerships.welcome_third(session, host, NOW - A_DAY)

    return begin
