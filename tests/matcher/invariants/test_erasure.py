"""I11: who was erased is gone."""

import pytest

from matcher.invariants.erasure import erased_for_good
from matcher.models import Experience, Goal
from tests.rows import NOW


def sentences(session):
    session.flush()
    return list(erased_for_good(session, NOW))


def test_whoever_is_there_keeps_what_is_theirs(session, world):
    assert sentences(session) == []


def test_an_erased_account_has_no_address(session, world):
    world.gone.account.address = "gone@example.org"
    assert sentences(session) == [f"The erased account {world.gone.account.public_id} has an address."]


@pytest.mark.parametrize(
    "kept",
    [
        {"name": "Gone"},
        {"windows": [[0, 0, 60]]},
        {"wishes": [{"same": "gender"}]},
        {"preferences": [1]},
        {"about_me": {"gender": "a"}},
    ],
)
def test_an_erased_member_keeps_nothing_of_their_own(session, world, kept):
    ((name, value),) = kept.items()
    setattr(world.gone, name, value)
    assert sentences(session) == [
        f"The erased member {world.gone.public_id} has a name, hours, wishes, or words of their own."
    ]


def test_an_erased_member_keeps_no_words_of_a_goal(session, world):
    world.gone.goals.append(Goal(area="running", words="to run"))
    assert len(sentences(session)) == 1


def test_an_erased_member_is_called_a_former_member(session, world):
    world.gone.name = "former member"
    assert sentences(session) == []


def test_an_erased_member_has_lived_nothing(session, world):
    world.gone.experiences.append(Experience(tag="grief", tag_mark="m"))
    assert sentences(session) == [f"The erased member {world.gone.public_id} has experiences."]
