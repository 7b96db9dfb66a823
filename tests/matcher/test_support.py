import pytest

from matcher import proposals, support
from matcher.errors import ToldError, WouldCloseError
from matcher.models import PolicyVersion
from matcher.pairing.candidate import Wish
from matcher.profile import wishes_from_json
from matcher.spreadsheets.cells import wishes_in
from matcher.states import ProposalState
from matcher.support import WishTold
from matcher.vocabulary import SupportStyle
from tests.rows import NOW
from tests.stage import WEDNESDAY

NOTHING = {"support_style": None, "channels": [], "rhythm": "", "welcomes_three": False, "card": ""}


@pytest.fixture
def member(stage):
    return stage.people(1)[0]


def tell(stage, member, **told):
    support.set_support(stage.session, member, NOW, **NOTHING | told)
    stage.session.flush()
    stage.session.expire_all()


def wish(stage, member, wishes=(), preferences=(), about_me=None, **options):
    support.set_wishes(stage.session, member, NOW, wishes, preferences, about_me or {}, **options)
    stage.session.flush()
    stage.session.expire_all()


# Support


def test_what_is_told_is_kept_as_a_sheet_would_have_it(stage, member):
    style = SupportStyle.GENTLE
    tell(stage, member, support_style=style, channels=["Video ", "text", "video", " "], rhythm=" Twice a Week")
    assert (member.support_style, member.channels, member.rhythm) == (style, ["text", "video"], "twice a week")
    tell(stage, member, welcomes_three=True, card=" Ask me how I slept.\nNever mind the rest. ")
    assert (member.support_style, member.channels, member.rhythm) == (None, [], "")
    assert (member.welcomes_three, member.card) == (True, "Ask me how I slept.\nNever mind the rest.")
    tell(stage, member, card="  ")
    assert (member.welcomes_three, member.card) == (False, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("channels", ["c" * 41]),
        ("channels", [f"way {number}" for number in range(11)]),
        ("rhythm", "r" * 41),
        ("card", "c" * 1001),
    ],
)
def test_each_slip_is_said_beside_its_field_and_nothing_is_changed(stage, member, field, value):
    tell(stage, member, rhythm="weekly")
    with pytest.raises(ToldError) as problem:
        tell(stage, member, **{field: value})
    assert problem.value.field == field
    assert (member.channels, member.rhythm, member.card) == ([], "weekly", None)


def test_as_much_as_may_be_told_is_kept(stage, member):
    tell(stage, member, channels=[f"way {number}" for number in range(10)], rhythm="r" * 40, card="c" * 1000)
    assert (len(member.channels), len(member.rhythm), len(member.card)) == (10, 40, 1000)


def test_what_a_page_offers_can_be_told(stage, member):
    for rhythm in support.RHYTHMS:
        tell(stage, member, channels=support.CHANNELS, rhythm=rhythm)
        assert (member.channels, member.rhythm) == (sorted(support.CHANNELS), rhythm)


def test_what_is_shown_says_anew_why_and_three_who_were_asked_stay_so(stage):
    three = stage.people(3, welcomes_three=True)
    stage.night(WEDNESDAY)
    (proposal,) = stage.publish()
    for each in three:
        tell(stage, each, rhythm="weekly", welcomes_three=False)
    assert (proposal.state, len(proposal.answers)) == (ProposalState.OPEN, 3)
    assert "You like the same rhythm." in proposal.reasons


def test_what_lets_a_pair_fall_below_the_floor_is_asked_about_first(stage):
    one, other = stage.people(2, rhythm="weekly")
    proposal = stage.open(one, other)
    floor = {"floor_points": proposals.by_profiles(stage.session, proposal, NOW).points}
    stage.session.add(PolicyVersion(group_id=stage.group.id, version=1, rules=floor, made_at=NOW))
    with pytest.raises(WouldCloseError), stage.session.begin_nested():
        tell(stage, one)
    assert (proposal.state, one.rhythm) == (ProposalState.OPEN, "weekly")
    tell(stage, one, anyway=True)
    assert proposal.state is ProposalState.CLOSED


# Wishes


def test_wishes_are_the_same_as_from_a_sheet(stage, member):
    told = [WishTold("Gender", may_ask=True), WishTold("age", ["25-29", " 30-34", "30-34"]), WishTold(" ", [""])]
    wish(stage, member, told, about_me={"Gender ": "Female", "town": " "})
    assert member.about_me == {"gender": "female"}
    own = {"gender": "female", "age": ""}
    assert wishes_from_json(member.wishes) == wishes_in("same gender (may ask); age: 25-29|30-34", own)


def test_preferences_are_kept_apart_from_wishes(stage, member):
    wish(stage, member, [WishTold("town", ["leeds"])], [WishTold("town", ["york"], may_ask=True)])
    assert wishes_from_json(member.wishes) == (Wish("town", frozenset({"leeds"})),)
    assert wishes_from_json(member.preferences) == (Wish("town", frozenset({"york"})),)
    wish(stage, member)
    assert (member.wishes, member.preferences, member.about_me) == ([], [], {})


@pytest.mark.parametrize("field", ["wishes", "preferences"])
@pytest.mark.parametrize(
    "told",
    [
        [WishTold("gender")],
        [WishTold("", ["leeds"])],
        [WishTold("town", ["leeds"]), WishTold("Town", ["york"])],
        [WishTold(f"trait {number}", ["x"]) for number in range(11)],
        [WishTold("town", [f"town {number}" for number in range(21)])],
        [WishTold("t" * 41, ["x"])],
        [WishTold("town", ["x" * 41])],
        [WishTold("age", ["young"])],
        [WishTold("age", ["30-39", "39-30"])],
    ],
)
def test_a_wish_that_cannot_be_kept_is_said_beside_its_field(stage, member, field, told):
    with pytest.raises(ToldError) as problem:
        wish(stage, member, **{field: told})
    assert problem.value.field == field
    assert (member.wishes, member.preferences) == ([], [])


@pytest.mark.parametrize(
    "told",
    [
        {"age": "17"},
        {"age": "16-19"},
        {"age": "1990"},
        {"": "x"},
        {"t" * 41: "x"},
        {"town": "x" * 41},
        {f"trait {number}": "x" for number in range(21)},
    ],
)
def test_what_cannot_be_kept_about_oneself_is_said_beside_its_field(stage, member, told):
    with pytest.raises(ToldError) as problem:
        wish(stage, member, about_me=told)
    assert (problem.value.field, member.about_me) == ("about_me", {})


def test_an_adults_age_is_kept(stage, member):
    wish(stage, member, [WishTold("age")], about_me={"age": "30-34"})
    assert (member.about_me, member.wishes[0]["accepted"]) == ({"age": "30-34"}, ["30-34"])


def test_a_wish_that_keeps_two_apart_is_asked_about_before_their_proposal_closes(stage):
    one, other = stage.people(2)
    proposal = stage.open(one, other)
    with pytest.raises(WouldCloseError), stage.session.begin_nested():
        wish(stage, one, [WishTold("gender", ["female"])])
    assert (proposal.state, one.wishes) == (ProposalState.OPEN, [])
    wish(stage, one, [WishTold("gender", ["female"])], anyway=True)
    assert proposal.state is ProposalState.CLOSED


def test_what_one_says_about_oneself_may_be_what_another_wishes(stage):
    one, other = stage.people(2)
    wish(stage, one, [WishTold("gender", ["female"])])
    wish(stage, other, about_me={"gender": "Female"})
    stage.night(WEDNESDAY)
    assert len(stage.publish()) == 1
