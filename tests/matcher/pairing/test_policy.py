from datetime import date, timedelta

import pytest

from matcher.errors import PolicyError
from matcher.pairing import Policy, Weight
from matcher.pairing.policy import DEFAULT_WEIGHTS, LIKENESS_TERMS
from matcher.vocabulary import Barrier, Likeness, Mode, Term

ON = date(2026, 1, 12)
WHOLE_NUMBERS = {
    "version": (1, 100_000_000),
    "floor_points": (0, 100_000_000),
    "block_minutes": (15, 1440),
    "least_blocks": (0, 100_000_000),
    "least_blocks_of_three": (0, 100_000_000),
    "term_weeks": (1, 520),
    "recent_partners_weeks": (0, 100_000_000),
    "unanswered_days": (0, 100_000_000),
    "shortlist": (1, 100_000_000),
    "whole_pool_pairs": (0, 100_000_000),
}


def test_the_defaults_are_those_of_the_rules():
    policy = Policy()
    assert (policy.mode, policy.floor_points) == (Mode.FEWEST_LEFT_OUT, 0)
    assert (policy.block_minutes, policy.least_blocks, policy.least_blocks_of_three) == (30, 2, 1)
    assert (policy.term_weeks, policy.recent_partners_weeks, policy.unanswered_days) == (12, 26, 28)
    common_time = policy.weights[Term.COMMON_TIME]
    assert common_time.at_most == 6 * common_time.each


def test_a_meeting_is_counted_in_quarter_hours_and_points_have_a_most():
    assert Policy(block_minutes=45).block_quarters == 3
    assert Policy().max_points == sum(weight.at_most for weight in DEFAULT_WEIGHTS.values()) == 365


@pytest.mark.parametrize(("name", "limits"), WHOLE_NUMBERS.items())
def test_a_limit_is_a_whole_number_in_its_range(name, limits):
    least, most = limits
    assert getattr(Policy(**{name: least}), name) == least
    assert getattr(Policy(**{name: most}), name) == most
    for bad in (least - 1, most + 1, 1.0, True, "2"):
        with pytest.raises(PolicyError, match=f"^{name} must be a whole number from {least} to {most}, not {bad!r}"):
            Policy(**{name: bad})


@pytest.mark.parametrize("name", WHOLE_NUMBERS)
def test_only_what_keeps_people_apart_may_last_for_ever(name):
    if name in {"recent_partners_weeks", "unanswered_days"}:
        assert getattr(Policy(**{name: None}), name) is None
    else:
        with pytest.raises(PolicyError, match=f"^{name} must be a whole number"):
            Policy(**{name: None})


def test_a_meeting_lasts_whole_quarter_hours():
    with pytest.raises(PolicyError, match="block_minutes must be whole quarter-hours, not 20"):
        Policy(block_minutes=20)


@pytest.mark.parametrize("bad", [-1, 10_001, 1.5, True, None])
@pytest.mark.parametrize("name", ["each", "at_most"])
def test_a_weight_is_a_whole_number_in_its_range(name, bad):
    weight = Weight(**{"each": 1, "at_most": 1} | {name: bad})
    with pytest.raises(PolicyError, match=rf"weights.channel.{name} must be a whole number from 0 to 10000, not {bad}"):
        Policy(weights={**DEFAULT_WEIGHTS, Term.CHANNEL: weight})


@pytest.mark.parametrize("term", Term)
def test_difference_can_be_asked_for_only_where_it_means_something(term):
    weights = {**DEFAULT_WEIGHTS, term: Weight(each=1, at_most=1, ask_for=Likeness.DIFFERENT)}
    if term in LIKENESS_TERMS:
        assert Policy(weights=weights).weights[term].ask_for is Likeness.DIFFERENT
    else:
        with pytest.raises(PolicyError, match=f"weights.{term} cannot ask for difference"):
            Policy(weights=weights)


@pytest.mark.parametrize("term", Term)
def test_every_term_needs_a_weight(term):
    weights = {each: weight for each, weight in DEFAULT_WEIGHTS.items() if each is not term}
    with pytest.raises(PolicyError, match=f"{term} is missing"):
        Policy(weights=weights)


# How long something keeps two people apart


@pytest.mark.parametrize(("barrier", "days"), [(Barrier.RECENT_PARTNERS, 26 * 7), (Barrier.UNANSWERED_RECENTLY, 28)])
def test_what_was_lately_bars_until_its_last_day_and_no_longer(barrier, days):
    assert Policy().still_bars(barrier, ON - timedelta(days=days - 1), ON)
    assert not Policy().still_bars(barrier, ON - timedelta(days=days), ON)
    assert Policy().still_bars(barrier, None, ON)


@pytest.mark.parametrize(
    ("name", "barrier"),
    [("recent_partners_weeks", Barrier.RECENT_PARTNERS), ("unanswered_days", Barrier.UNANSWERED_RECENTLY)],
)
def test_a_policy_may_bar_for_ever_for_ages_or_not_at_all(name, barrier):
    long_ago = date(1, 1, 1)
    assert Policy(**{name: None}).still_bars(barrier, long_ago, ON)
    assert Policy(**{name: 100_000_000}).still_bars(barrier, long_ago, ON)
    assert not Policy(**{name: 0}).still_bars(barrier, ON, ON)


@pytest.mark.parametrize("barrier", [Barrier.BLOCKED, Barrier.DECLINED_BEFORE, Barrier.HELD])
def test_a_block_a_no_and_a_hold_never_end_by_themselves(barrier):
    assert Policy().still_bars(barrier, date(1990, 1, 1), ON)


# A policy from a file


def test_an_empty_file_is_the_default_policy():
    assert Policy.from_mapping({}) == Policy()


def test_a_file_names_only_what_differs():
    policy = Policy.from_mapping(
        {
            "version": 3,
            "mode": "best_fit",
            "block_minutes": 60,
            "weights": {"goal_area": {"ask_for": "different"}, "channel": {"each": 2, "at_most": 4}},
        }
    )
    assert (policy.version, policy.mode, policy.block_minutes) == (3, Mode.BEST_FIT, 60)
    assert policy.weights[Term.GOAL_AREA] == Weight(each=30, at_most=60, ask_for=Likeness.DIFFERENT)
    assert policy.weights[Term.CHANNEL] == Weight(each=2, at_most=4)
    assert policy.weights[Term.STAGE] == DEFAULT_WEIGHTS[Term.STAGE]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"blocks": 3}, "blocks is no field of a policy; there are block_minutes, "),
        ({"mode": "fair"}, "mode must be fewest_left_out or best_fit, not 'fair'"),
        ({"mode": 1}, "mode must be fewest_left_out or best_fit, not 1"),
        ({"term_weeks": "12"}, "term_weeks must be a whole number from 1 to 520, not '12'"),
        ({"weights": 3}, r"weights must be tables, one for each term, such as \[weights.common_time\]"),
        ({"weights": {"goals": {}}}, "weights.goals is no term; there are common_time, "),
        ({"weights": {"stage": 3}}, "weights.stage takes each, at_most and ask_for, not 3"),
        ({"weights": {"stage": {"every": 3}}}, "weights.stage takes each, at_most and ask_for, not {'every': 3}"),
        ({"weights": {"stage": {"ask_for": "odd"}}}, "weights.stage.ask_for must be like or different, not 'odd'"),
        ({"weights": {"stage": {"each": "a"}}}, "weights.stage.each must be a whole number from 0 to 10000, not 'a'"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_by_the_field(values, sentence):
    with pytest.raises(PolicyError, match=sentence):
        Policy.from_mapping(values)


def test_a_file_can_say_for_ever():
    policy = Policy.from_mapping({"recent_partners_weeks": "for ever", "unanswered_days": 7})
    assert (policy.recent_partners_weeks, policy.unanswered_days) == (None, 7)
    with pytest.raises(PolicyError, match="term_weeks must be a whole number"):
        Policy.from_mapping({"term_weeks": "for ever"})


def test_plain_words_are_no_mode_and_no_likeness():
    with pytest.raises(PolicyError, match="mode must be a Mode, not 'best_fit'"):
        Policy(mode="best_fit")
    with pytest.raises(PolicyError, match=r"weights.stage.ask_for must be a Likeness, not 'like'"):
        Policy(weights={**DEFAULT_WEIGHTS, Term.STAGE: Weight(each=1, at_most=1, ask_for="like")})
