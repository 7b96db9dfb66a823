import pytest
from sqlalchemy import func, select

from matcher import blocks, leaving
from matcher.errors import StateError
from matcher.models import AuditEvent, Block, Coordinator, Experience, Goal, Milestone, Request, Step
from tests.rows import NOW, make_account, make_member


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
    one, other = stage.people(2, about_me={"gender": "female"})
    one.experiences.append(Experience(tag="grief", tag_mark="mark"))
    goal = Goal(area="reading", tag="poems", words="a poem a day", if_this="I wake up", then_that="I read")
    goal.milestones.append(Milestone(place=1, words="ten poems"))
    goal.steps.append(Step(week=NOW.date(), words="three poems"))
    one.goals.append(goal)
    blocks.block(stage.session, one.account, other.account, NOW)
    leaving.erase(stage.session, one.account, NOW)
    stage.session.flush()
    assert (one.name, one.zone, one.languages, one.windows, one.about_me) == ("former member", "", [], [], {})
    assert (one.account.address, one.account.erased_at) == (None, NOW)
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
