import pytest

from matcher.errors import ToldError
from matcher.experiences import ExperienceTold, set_experiences
from matcher.pools import candidate_of
from matcher.states import Consent, Visibility
from matcher.vocabulary import Stage
from tests.rows import NOW
from tests.stage import DAY

HOW = "on their own page"


@pytest.fixture
def member(stage):
    return stage.people(1)[0]


def tell(stage, member, *told, agrees=True, now=NOW):
    set_experiences(stage.session, member, now, [ExperienceTold(*each) for each in told], agrees=agrees, how=HOW)
    stage.session.flush()


def kept(member):
    return [(each.tag, each.stage, each.visibility) for each in member.experiences]


def used(stage, member):
    return [(each.tag, each.shown) for each in candidate_of(member, stage.group, NOW.date()).experiences]


def test_what_is_told_is_kept_and_used_as_its_visibility_says(stage, member):
    tell(
        stage,
        member,
        (" Grief ", Stage.STEADIER, Visibility.PROPOSED),
        ("carer",),
        ("burnout", None, Visibility.ONLY_ME),
        ("",),
    )
    assert kept(member) == [
        ("grief", Stage.STEADIER, Visibility.PROPOSED),
        ("carer", None, Visibility.FOR_MATCHING),
        ("burnout", None, Visibility.ONLY_ME),
    ]
    assert used(stage, member) == [("carer", False), ("grief", True)]


def test_without_a_yes_nothing_is_used_and_a_yes_can_be_taken_back(stage, member):
    tell(stage, member, ("grief", None, Visibility.PROPOSED), agrees=False)
    assert used(stage, member) == []
    tell(stage, member, ("grief", None, Visibility.PROPOSED))
    assert used(stage, member) == [("grief", True)]
    given = next(each for each in member.consents if each.consent is Consent.EXPERIENCES)
    assert (given.how, given.given_at) == (HOW, NOW)
    tell(stage, member, ("grief", None, Visibility.PROPOSED), agrees=False, now=NOW + DAY)
    assert (used(stage, member), given.withdrawn_at) == ([], NOW + DAY)


def test_what_is_told_anew_takes_the_place_of_what_was_told_before(stage, member):
    tell(stage, member, ("grief",), ("carer",))
    grief = member.experiences[0]
    tell(stage, member, ("carer", Stage.LOOKING_BACK), ("burnout",))
    assert sorted(kept(member)) == [
        ("burnout", None, Visibility.FOR_MATCHING),
        ("carer", Stage.LOOKING_BACK, Visibility.FOR_MATCHING),
    ]
    assert grief not in stage.session
    tell(stage, member)
    assert kept(member) == []


def test_the_words_of_an_open_proposal_follow(stage):
    one, other = stage.people(2)
    tell(stage, other, ("grief", None, Visibility.PROPOSED))
    proposal = stage.open(one, other)
    tell(stage, one, ("grief", None, Visibility.PROPOSED))
    assert "You both know this road: grief." in proposal.reasons
    tell(stage, one)
    assert not any("road" in reason for reason in proposal.reasons)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ([("g" * 101,)], "has 101 signs; write it in at most 100"),
        ([("grief",), (" GRIEF ",)], "stands there twice"),
        ([(f"road {number}",) for number in range(11)], "at most 10 experiences"),
        ([("grief", None, Visibility.PARTNER)], "Choose who may see each"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_changes(stage, member, told, sentence):
    tell(stage, member, ("carer",))
    with pytest.raises(ToldError, match=sentence) as problem:
        tell(stage, member, *told)
    assert problem.value.field == "experiences"
    assert kept(member) == [("carer", None, Visibility.FOR_MATCHING)]
