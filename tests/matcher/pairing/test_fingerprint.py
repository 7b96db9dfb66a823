from dataclasses import replace
from datetime import date, timedelta

import pytest

from matcher.pairing import Experience, Goal, Policy, Relation, Weight, Wish
from matcher.pairing.fingerprint import fingerprint
from matcher.pairing.policy import DEFAULT_WEIGHTS
from matcher.vocabulary import Barrier, Likeness, Stage, Term
from tests.builders import MONDAY, hours, make_candidate, make_pool

PEOPLE = [
    make_candidate("ada", experiences=(Experience("grief", Stage.STEADIER, True),), traits={"age": "30s", "sex": "f"}),
    make_candidate("bo", wishes=(Wish("age", frozenset({"30s", "40s"})),), requests=frozenset({"ada", "cy"})),
    make_candidate("cy", goals=frozenset({Goal("chess", "openings"), Goal("python")})),
    make_candidate("di"),
]
KNOWN = {"relations": [Relation("ada", "di", Barrier.RECENT_PARTNERS, date(2025, 12, 1))], "together": [("bo", "cy")]}


def named(people=PEOPLE, policy=Policy(), engine="engine 1", on=MONDAY, **known):  # noqa: B008  # frozen
    return fingerprint(make_pool(people, policy, on, **KNOWN | known), policy, engine)


def test_a_fingerprint_is_64_hexadecimal_digits():
    assert len(named()) == 64
    assert int(named(), 16) > 0


def test_the_same_night_has_the_same_fingerprint_in_whatever_order_it_was_told():
    again = [
        replace(person, traits=dict(reversed(person.traits.items())), goals=frozenset(sorted(person.goals)[::-1]))
        for person in reversed(PEOPLE)
    ]
    assert named(again, together=[("cy", "bo")]) == named()


def test_what_no_longer_stands_changes_nothing():
    long_ago = Relation("ada", "bo", Barrier.UNANSWERED_RECENTLY, MONDAY - timedelta(days=28))
    assert named(relations=[*KNOWN["relations"], long_ago]) == named()


@pytest.mark.parametrize(
    "change",
    [
        {"id": "al"},
        {"zone": "Europe/Lisbon"},
        {"languages": frozenset({"English", "Urdu"})},
        {"goals": frozenset({Goal("python", "tests")})},
        {"windows": hours("Mon 18:00-20:15")},
        {"writing_is_enough": True},
        {"experiences": (Experience("grief", Stage.STEADIER, False),)},
        {"support_style": "gentle"},
        {"channels": frozenset({"video"})},
        {"rhythm": "weekly"},
        {"welcomes_three": True},
        {"traits": {"age": "30s", "sex": "m"}},
        {"wishes": (Wish("age", frozenset({"30s"}), True),)},
        {"requests": frozenset({"bo"})},
        {"past_promise": True},
        {"goes_first": True},
        {"nights_waited": 1},
    ],
)
def test_anything_about_a_person_changes_it(change):
    assert named([replace(PEOPLE[0], **change), *PEOPLE[1:]]) != named()


@pytest.mark.parametrize(
    "change",
    [
        {"people": PEOPLE[:3]},
        {"engine": "engine 2"},
        {"on": MONDAY + timedelta(days=1)},
        {"relations": []},
        {"relations": [Relation("ada", "di", Barrier.BLOCKED)]},
        {"together": []},
        {"open_pairs": [("ada", "di")]},
        {"policy": Policy(version=2)},
        {"policy": Policy(shortlist=2)},
        {"policy": Policy(weights={**DEFAULT_WEIGHTS, Term.CHANNEL: Weight(each=1, at_most=10)})},
        {
            "policy": Policy(
                weights={**DEFAULT_WEIGHTS, Term.STAGE: Weight(each=10, at_most=10, ask_for=Likeness.LIKE)},
            )
        },
    ],
)
def test_anything_about_the_night_changes_it(change):
    assert named(**change) != named()


def test_other_rules_for_the_clocks_change_it():
    pool = make_pool(PEOPLE)
    moved = replace(pool, clocks=(pool.clocks + 4) % 672)
    assert fingerprint(moved, Policy(), "engine 1") != fingerprint(pool, Policy(), "engine 1")
