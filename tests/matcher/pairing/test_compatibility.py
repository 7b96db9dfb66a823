import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.pairing import Experience, Goal, Policy, Weight, Wish
from matcher.pairing.compatibility import points, points_by_term, reasons
from matcher.pairing.facing import Facing
from matcher.pairing.policy import DEFAULT_WEIGHTS, LIKENESS_TERMS
from matcher.vocabulary import Likeness, Stage, SupportStyle, Term
from tests.builders import hours, make_candidate, make_pool

THICK, STEADIER, BACK = Stage
GENTLE, FIRM = SupportStyle
NOTHING = {"windows": (), "goals": frozenset({Goal("baking")})}
WOMEN, OF_MY_AGE = Wish("gender", frozenset({"f"})), Wish("age", frozenset({"30s"}))
OTHER_GOAL = frozenset({Goal("python")})


def asking_for(likeness, term):
    """Every thing is worth one point, up to two, and this term asks for likeness or difference."""
    weights = dict.fromkeys(Term, Weight(each=1, at_most=2))
    return Policy(weights=weights | {term: Weight(each=1, at_most=2, ask_for=likeness)})


def facing(one, other, policy):
    pool = make_pool(
        [make_candidate("ada", **NOTHING | one), make_candidate("bo", **NOTHING | {"goals": OTHER_GOAL} | other)]
    )
    return Facing.pair(pool, policy, 0, 1)


def earned(one, other, policy=Policy()):  # noqa: B008  # frozen
    """The terms in which ada and bo have points."""
    found = {term: int(each[0, 0]) for term, each in points_by_term(facing(one, other, policy)).items()}
    return {term: each for term, each in found.items() if each}


def said(one, other, policy=Policy()):  # noqa: B008  # frozen
    return tuple(reasons(facing(one, other, policy)).values())


def lived(*tags, stage=None, shown=False):
    return {"experiences": tuple(Experience(tag, stage, shown) for tag in tags)}


def areas(*names, tag=""):
    return {"goals": frozenset(Goal(name, tag) for name in names)}


# Each term alone, up to its cap


def test_two_who_share_nothing_have_no_points():
    assert earned({}, {}) == {}


@pytest.mark.parametrize(
    ("term", "one", "other", "expected"),
    [
        (Term.COMMON_TIME, {"windows": hours("Mon 18:00-20:00")}, {"windows": hours("Mon 19:00-21:00")}, 20),
        (Term.COMMON_TIME, {"windows": hours("Mon 08:00-20:00")}, {"windows": hours("Mon 08:00-20:00")}, 60),
        (Term.GOAL_AREA, areas("baking"), areas("baking", "chess"), 30),
        (Term.GOAL_AREA, areas("baking", "chess", "golf"), areas("baking", "chess", "golf"), 60),
        (Term.EXPERIENCE, lived("grief"), lived("grief", "debt"), 15),
        (Term.EXPERIENCE, lived(*"abcd"), lived(*"abcd"), 45),
        (Term.SUPPORT_STYLE, {"support_style": GENTLE}, {"support_style": GENTLE}, 15),
        (Term.CHANNEL, {"channels": frozenset({"video"})}, {"channels": frozenset({"video", "text"})}, 10),
        (Term.CHANNEL, {"channels": frozenset({"video", "text"})}, {"channels": frozenset({"video", "text"})}, 10),
        (Term.RHYTHM, {"rhythm": "weekly"}, {"rhythm": "weekly"}, 10),
        (Term.PREFERENCE, {"preferences": (WOMEN,)}, {"traits": {"gender": "f"}}, 15),
        (Term.PREFERENCE, {"traits": {"gender": "f"}}, {"preferences": (WOMEN, OF_MY_AGE)}, 15),
        (
            Term.PREFERENCE,
            {"preferences": (WOMEN, OF_MY_AGE), "traits": {"gender": "f"}},
            {"preferences": (WOMEN,), "traits": {"gender": "f", "age": "30s"}},
            30,
        ),
        (Term.REQUEST, {"requests": frozenset({"bo"})}, {}, 40),
        (Term.REQUEST, {}, {"requests": frozenset({"ada", "zoe"})}, 40),
        (Term.REQUEST, {"requests": frozenset({"bo"})}, {"requests": frozenset({"ada"})}, 80),
    ],
)
def test_a_term_alone_counts_up_to_its_cap(term, one, other, expected):
    assert earned(one, other) == {term: expected}


def test_close_goals_lie_in_a_shared_area_and_count_beside_it():
    one, other = areas("baking", "chess", tag="bread"), areas("baking", "chess", tag="bread")
    assert earned(one, other) == {Term.GOAL_AREA: 60, Term.GOAL_CLOSENESS: 30}
    assert earned(areas("baking", tag="bread"), areas("baking", tag="cakes")) == {Term.GOAL_AREA: 30}
    assert earned(areas("baking", tag="bread"), areas("chess", tag="bread")) == {}
    five = areas(*"abcde", tag="x")
    assert earned(five, five)[Term.GOAL_CLOSENESS] == 45


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"support_style": GENTLE}, {"support_style": FIRM}),
        ({"support_style": GENTLE}, {}),
        ({"rhythm": "weekly"}, {"rhythm": "daily"}),
        ({"rhythm": "weekly"}, {}),
        ({"channels": frozenset({"video"})}, {"channels": frozenset({"text"})}),
        ({"requests": frozenset({"zoe"})}, {}),
        (lived("grief"), lived("debt")),
        (lived("grief"), {}),
        ({"preferences": (WOMEN,)}, {}),
        ({"preferences": (WOMEN,)}, {"traits": {"gender": "m"}}),
    ],
)
def test_what_is_not_shared_or_not_said_earns_nothing_and_costs_nothing(one, other):
    assert earned(one, other) == {}
    assert earned(other, one) == {}


# Alike or different


def test_by_default_a_road_is_shared_from_different_places():
    assert earned(lived("grief", stage=THICK), lived("grief", stage=BACK)) == {Term.EXPERIENCE: 15, Term.STAGE: 10}
    assert earned(lived("grief", stage=THICK), lived("grief", stage=THICK)) == {Term.EXPERIENCE: 15}


@pytest.mark.parametrize(
    ("term", "one", "other", "alike", "different"),
    [
        (Term.GOAL_AREA, areas("a", "b", "c"), areas("a", "b", "c"), 2, 0),
        (Term.GOAL_AREA, areas("a", "b"), areas("b", "c"), 1, 0),
        (Term.GOAL_AREA, areas("a", "b"), areas("c"), 0, 1),
        (Term.EXPERIENCE, lived("a", "b"), lived("a"), 1, 0),
        (Term.EXPERIENCE, lived("a"), lived("b"), 0, 1),
        (Term.EXPERIENCE, lived("a"), {}, 0, 0),
        (Term.EXPERIENCE, {}, {}, 0, 0),
        (Term.STAGE, lived("a", "b", stage=BACK), lived("a", "b", stage=BACK), 2, 0),
        (Term.STAGE, lived("a", "b", stage=BACK), lived("a", "b", stage=STEADIER), 0, 2),
        (Term.STAGE, lived("a", stage=BACK), lived("b", stage=STEADIER), 0, 0),
        (Term.STAGE, lived("a", stage=BACK), lived("a"), 0, 0),
        (Term.STAGE, lived("a"), lived("a"), 0, 0),
        (Term.SUPPORT_STYLE, {"support_style": FIRM}, {"support_style": FIRM}, 1, 0),
        (Term.SUPPORT_STYLE, {"support_style": FIRM}, {"support_style": GENTLE}, 0, 1),
        (Term.SUPPORT_STYLE, {"support_style": FIRM}, {}, 0, 0),
        (Term.SUPPORT_STYLE, {}, {}, 0, 0),
    ],
)
def test_a_group_may_ask_for_likeness_or_for_difference(term, one, other, alike, different):
    for likeness, expected in ((Likeness.LIKE, alike), (Likeness.DIFFERENT, different)):
        assert earned(one, other, asking_for(likeness, term)).get(term, 0) == expected
        assert earned(other, one, asking_for(likeness, term)).get(term, 0) == expected


# Whatever people say


def people():
    tags = st.sampled_from(["grief", "debt", "move"])
    roads = st.lists(
        st.builds(Experience, tags, st.none() | st.sampled_from(Stage)), max_size=3, unique_by=lambda each: each.tag
    )
    goals = st.frozensets(st.builds(Goal, st.sampled_from("abc"), st.sampled_from(["", "x", "y"])), min_size=1)
    said = {
        "windows": st.sampled_from(["Mon 18:00-20:00", "Mon 18:30-23:00; Sat 08:00-12:00", ""]).map(hours),
        "goals": goals,
        "experiences": roads.map(tuple),
        "support_style": st.none() | st.sampled_from(SupportStyle),
        "channels": st.frozensets(st.sampled_from(["video", "text", "phone"])),
        "rhythm": st.sampled_from(["", "weekly", "daily"]),
        "requests": st.frozensets(st.sampled_from("0123")),
    }
    return st.lists(st.fixed_dictionaries(said), min_size=2, max_size=4)


@settings(max_examples=60)
@given(people(), st.sets(st.sampled_from(sorted(LIKENESS_TERMS))))
def test_points_are_symmetric_capped_the_sum_of_their_terms_and_those_of_each_pair(said, different):
    weights = {
        term: Weight(
            each=weight.each, at_most=weight.at_most, ask_for=Likeness.DIFFERENT if term in different else Likeness.LIKE
        )
        for term, weight in DEFAULT_WEIGHTS.items()
    }
    policy = Policy(weights=weights)
    pool = make_pool(make_candidate(str(number), **each) for number, each in enumerate(said))
    everybody = np.arange(len(pool))
    block = Facing(pool, policy, everybody, everybody)
    terms, total = points_by_term(block), points(block)
    assert list(terms) == list(Term)
    assert (total == total.T).all()
    assert (total == sum(terms.values())).all()
    assert total.dtype == np.int32
    for term, each in terms.items():
        assert (each >= 0).all()
        assert (each <= weights[term].at_most).all()
    for row, column in np.ndindex(total.shape):
        pair = Facing.pair(pool, policy, row, column)
        assert points(pair).tolist() == [[total[row, column]]]
        assert {term: each.item() for term, each in points_by_term(pair).items()} == {
            term: each[row, column] for term, each in terms.items()
        }


# What the two are told


def test_two_who_share_nothing_are_told_nothing():
    assert said({}, {}) == ()


def test_what_both_chose_to_show_is_named():
    assert said(areas("baking", "chess", "golf"), areas("golf", "baking", "chess")) == (
        "Your goals meet here: baking, chess and golf.",
    )
    assert said(lived("grief", "debt", shown=True), lived("debt", "grief", shown=True)) == (
        "You both know this road: debt and grief.",
    )


def test_a_road_that_one_of_them_does_not_show_is_never_told():
    quiet, open_ = lived("grief", stage=THICK), lived("grief", stage=BACK, shown=True)
    assert earned(quiet, open_) == {Term.EXPERIENCE: 15, Term.STAGE: 10}
    for one, other in ((quiet, open_), (open_, quiet), (quiet, quiet)):
        assert said(one, other) == ()


def test_only_the_shown_part_of_what_they_share_is_named():
    one = {"experiences": (Experience("debt", BACK, True), Experience("grief", BACK, True))}
    other = {"experiences": (Experience("debt", THICK, False), Experience("grief", THICK, True))}
    assert said(one, other) == (
        "You both know this road: grief.",
        "You stand at different places on this road: grief.",
    )


def test_where_they_stand_is_said_as_the_group_asked():
    one = {
        "experiences": (Experience("debt", BACK, True), Experience("grief", BACK, True), Experience("loss", None, True))
    }
    other = {
        "experiences": (
            Experience("debt", BACK, True),
            Experience("grief", THICK, True),
            Experience("loss", BACK, True),
        )
    }
    assert "You stand at different places on this road: grief." in said(one, other)
    assert "You stand at the same place on this road: debt." in said(one, other, asking_for(Likeness.LIKE, Term.STAGE))


def test_a_request_is_told_only_where_both_asked():
    asks = {"requests": frozenset({"bo"})}
    assert said(asks, {}) == ()
    assert said(asks, {"requests": frozenset({"ada"})}) == ("You asked for each other.",)


def test_difference_that_was_asked_for_is_told_without_a_name():
    assert said(areas("a"), areas("b"), asking_for(Likeness.DIFFERENT, Term.GOAL_AREA)) == (
        "Your goals lie in different areas, so that each brings something new.",
    )
    shown = lived("a", shown=True), lived("b", shown=True)
    policy = asking_for(Likeness.DIFFERENT, Term.EXPERIENCE)
    assert earned(*shown, policy) == {Term.EXPERIENCE: 1}
    assert said(*shown, policy) == ()


def test_goal_tags_and_the_support_card_are_silent_until_both_have_said_yes():
    one = {"goals": frozenset({Goal("health", "sleep")}), "support_style": FIRM}
    assert earned(one, one) == {Term.GOAL_AREA: 30, Term.GOAL_CLOSENESS: 15, Term.SUPPORT_STYLE: 15}
    assert said(one, one) == ("Your goals meet here: health.",)


def test_everything_else_is_a_plain_sentence_in_the_order_of_the_terms():
    one = {
        "windows": hours("Mon 18:00-20:00"),
        "goals": frozenset({Goal("baking", "bread")}),
        "support_style": FIRM,
        "channels": frozenset({"video"}),
        "rhythm": "weekly",
    }
    assert said(one, one) == (
        "You have time in common in every week of the term.",
        "Your goals meet here: baking.",
        "You like to be in touch in the same way.",
        "You like the same rhythm.",
    )


def test_a_term_that_is_worth_nothing_is_not_told():
    weights = {**DEFAULT_WEIGHTS, Term.RHYTHM: Weight(each=0, at_most=10)}
    assert said({"rhythm": "weekly"}, {"rhythm": "weekly"}, Policy(weights=weights)) == ()
