from datetime import date

import pytest

from matcher.models import Goal, Milestone, Step
from matcher.states import Visibility
from tests.rows import NOW, make_group, make_member


@pytest.mark.parametrize(
    ("changes", "is_open"), [({}, True), ({"reached_at": NOW}, False), ({"let_go_at": NOW}, False)]
)
def test_a_goal_is_open_until_it_is_reached_or_let_go(changes, is_open):
    assert Goal(area="running", **changes).is_open is is_open


def test_the_words_of_a_goal_go_to_partners_unless_its_owner_says_otherwise(sessions):
    with sessions.begin() as session:
        member = make_member(session, make_group(session))
    assert member.goals[0].visibility is Visibility.PARTNER


def test_milestones_and_steps_stand_in_their_order(sessions):
    with sessions.begin() as session:
        goal = make_member(session, make_group(session)).goals[0]
        goal.milestones.extend(Milestone(place=place, words=f"{place}") for place in (2, 1))
        goal.steps.extend(Step(week=date(2026, 1, day), words=f"{day}") for day in (19, 12))
    with sessions() as session:
        stored = session.get(Goal, goal.id)
        assert [each.words for each in stored.milestones] == ["1", "2"]
        assert [each.words for each in stored.steps] == ["12", "19"]
