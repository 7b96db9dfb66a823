from dataclasses import replace
from itertools import combinations
from random import Random

import pytest

from matcher.errors import PoolError
from matcher.pairing import Goal, Policy, Relation
from matcher.pairing.trios import join_pairs
from matcher.vocabulary import Barrier
from tests import second_opinion
from tests.builders import MONDAY, hours, make_candidate, make_pool

HOSTS = ("ada", "bo")


def welcoming(id, **changes):
    return make_candidate(id, **{"welcomes_three": True} | changes)


def seats(*people, pairs=(HOSTS,), policy=Policy(), **known):  # noqa: B008  # frozen
    """Who joins which pair, by ids; everybody who is in no pair is alone."""
    pool = make_pool(people, policy, **known)
    row = pool.ids.index
    paired = {each for pair in pairs for each in pair}
    alone = [row(each) for each in pool.ids if each not in paired]
    found = join_pairs(pool, policy, [(row(one), row(other)) for one, other in pairs], alone)
    return {pool.ids[guest]: pairs[seat] for guest, seat in found}


def test_who_is_alone_joins_a_pair_if_all_three_welcome_three():
    three = [welcoming("ada"), welcoming("bo"), welcoming("cy")]
    assert seats(*three) == {"cy": HOSTS}
    for shy in range(3):
        people = [replace(person, welcomes_three=place != shy) for place, person in enumerate(three)]
        assert seats(*people) == {}


def test_without_guests_or_without_pairs_nobody_is_seated():
    assert seats(welcoming("ada"), welcoming("bo")) == {}
    assert seats(welcoming("cy"), pairs=()) == {}


@pytest.mark.parametrize("barred", list(combinations(["ada", "bo", "cy"], 2)))
def test_a_barrier_between_any_two_of_the_three_keeps_the_seat_empty(barred):
    three = [welcoming("ada"), welcoming("bo"), welcoming("cy")]
    assert seats(*three, relations=[Relation(*barred, Barrier.BLOCKED)]) == {}


def test_who_is_kept_together_is_joined_by_nobody():
    three = [welcoming("ada"), welcoming("bo"), welcoming("cy")]
    assert seats(*three, together=[HOSTS]) == {}


def test_three_need_time_in_common_and_not_only_each_two_of_them():
    one = welcoming("ada", windows=hours("Mon 18:00-19:00; Tue 18:00-19:00"))
    other = welcoming("bo", windows=hours("Tue 18:00-19:00; Wed 18:00-19:00"))
    guest = welcoming("cy", windows=hours("Mon 18:00-19:00; Wed 18:00-19:00"))
    assert seats(one, other, guest) == {}
    half_an_hour = replace(guest, windows=hours("Mon 18:00-19:00; Wed 18:00-19:00; Tue 18:30-19:00"))
    assert seats(one, other, half_an_hour) == {"cy": HOSTS}
    assert seats(one, other, half_an_hour, policy=Policy(least_blocks_of_three=2)) == {}


def test_three_who_find_writing_enough_need_no_time():
    three = [welcoming(each, windows=(), writing_is_enough=True) for each in ("ada", "bo", "cy")]
    assert seats(*three) == {"cy": HOSTS}
    assert seats(*three[:2], welcoming("cy", writing_is_enough=False)) == {}


def test_a_floor_holds_for_each_two_of_three():
    three = [welcoming("ada"), welcoming("bo"), welcoming("cy")]
    assert seats(*three, policy=Policy(floor_points=70)) == {"cy": HOSTS}
    assert seats(*three, policy=Policy(floor_points=71)) == {}


def test_each_pair_is_joined_by_one_and_who_comes_first_in_waiting_goes_first():
    hosts = [welcoming("ada"), welcoming("bo")]
    guests = [welcoming("cy"), welcoming("di", nights_waited=3), welcoming("ed", nights_waited=1)]
    assert seats(*hosts, *guests) == {"di": HOSTS}
    assert seats(*hosts, *guests, welcoming("fi", goes_first=True)) == {"fi": HOSTS}


def test_waiting_comes_before_points_and_more_seats_before_both():
    """Only the pair of di and ed is free in the week of cy, who waited least and fits worst."""
    evening, morning = hours("Mon 18:00-20:00"), hours("Mon 18:00-20:00; Sat 09:00-12:00")
    people = [
        welcoming("ada", windows=evening),
        welcoming("bo", windows=evening),
        welcoming("cy", windows=hours("Sat 09:00-10:00"), goals=frozenset()),
        welcoming("di", windows=morning),
        welcoming("ed", windows=morning),
        welcoming("fi", windows=morning, nights_waited=9),
    ]
    assert seats(*people, pairs=(HOSTS, ("di", "ed"))) == {"cy": ("di", "ed"), "fi": HOSTS}
    assert seats(*people, pairs=(("di", "ed"),)) == {"fi": ("di", "ed")}


def test_three_fit_as_well_as_their_weakest_pair():
    """cy fits ada best of all and bo not at all; with di and ed the fit is even."""
    close = {"channels": frozenset({"video"})}
    people = [
        welcoming("ada", **close, requests=frozenset({"cy"})),
        welcoming("bo"),
        welcoming("cy", **close),
        welcoming("di", **close),
        welcoming("ed", **close),
    ]
    assert seats(*people, pairs=(HOSTS, ("di", "ed"))) == {"cy": ("di", "ed")}


def test_more_than_the_numbers_can_hold_is_refused():
    pool = make_pool([welcoming("ada"), welcoming("bo"), welcoming("cy"), welcoming("di", nights_waited=1)])
    with pytest.raises(PoolError, match="Too many members are left over to seat them in trios at once"):
        join_pairs(pool, Policy(), [(0, 1)], [2, 3] * 60_000)


def invented(seed):
    """Up to nine people, most of whom welcome three and are free on one or two of two evenings; and some barriers."""
    chance = Random(seed)
    people = [
        make_candidate(
            id,
            welcomes_three=chance.random() < 0.9,
            windows=hours(chance.choice(["Mon 18:00-20:00", "Mon 18:00-20:00; Tue 18:00-19:30", "Tue 18:00-20:00"])),
            goals=frozenset(Goal(area) for area in chance.sample("abc", 2)),
            channels=frozenset(chance.sample(["video", "text"], chance.randint(0, 2))),
            writing_is_enough=chance.random() < 0.3,
            nights_waited=chance.choice([0, 0, 1, 2]),
        )
        for id in "abcdefghi"[: chance.randint(3, 9)]
    ]
    ids = [person.id for person in people]
    relations = [Relation(*chance.sample(ids, 2), Barrier.BLOCKED) for _ in range(chance.randint(0, 4))]
    shuffled = chance.sample(ids, len(ids))
    pairs = [tuple(sorted(shuffled[at : at + 2])) for at in range(0, 2 * min(len(ids) // 3, chance.randint(1, 3)), 2)]
    return people, relations, pairs, sorted(shuffled[2 * len(pairs) :])


def fit_of_three(people, relations, policy):
    """The points of the weakest two of three, None if they may not sit together; by the plain rules."""
    couples = list(combinations(sorted(people, key=lambda person: person.id), 2))
    if not all(each.welcomes_three for each in people):
        return None
    if any(second_opinion.barrier(*two, relations, [], policy, MONDAY) for two in couples):
        return None
    enough = second_opinion.blocks(people, policy, MONDAY) >= policy.least_blocks_of_three
    if not enough and not all(each.writing_is_enough for each in people):
        return None
    return min(sum(second_opinion.points(*two, policy, MONDAY).values()) for two in couples)


@pytest.mark.parametrize("part", range(4))
def test_seats_at_given_pairs_are_the_best_of_all_seatings(part):
    seated = empty = 0
    for seed in range(part, 400, 4):
        people, relations, pairs, guests = invented(seed)
        policy = Policy(term_weeks=1, least_blocks_of_three=seed % 4)
        by_id = {person.id: person for person in people}
        three = {(guest, pair): [by_id[each] for each in (guest, *pair)] for guest in guests for pair in pairs}
        fits = {seat: fit_of_three(people, relations, policy) for seat, people in three.items()}
        allowed = [
            seating
            for seating in second_opinion.every_seating(guests, pairs)
            if all(fits[seat] is not None for seat in seating)
        ]
        best = max(worth_of(seating, by_id, fits) for seating in allowed)
        found = list(seats(*people, pairs=pairs, policy=policy, relations=relations).items())
        assert found in allowed, seed
        assert worth_of(found, by_id, fits) == best, seed
        seated += len(found)
        empty += len(guests) - len(found)
    assert min(seated, empty) > 40


def worth_of(seating, by_id, fits):
    waited = sorted((by_id[guest].place_in_waiting for guest, _ in seating), reverse=True)
    return len(seating), waited, sum(fits[seat] for seat in seating)
