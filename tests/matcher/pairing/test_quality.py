import pytest

from matcher.pairing import Goal, Policy, plan
from matcher.pairing.quality import Turn, difference, quality
from matcher.vocabulary import Mode
from tests.builders import hours, make_candidate, make_pool
from tests.pools import invented_pool


def evening(id, day, *areas, **changes):
    return make_candidate(
        id, windows=hours(f"{day} 18:00-20:00"), goals=frozenset(Goal(area) for area in areas), **changes
    )


def night(*people, policy=Policy(), **known):  # noqa: B008  # frozen
    pool = make_pool(people, policy, **known)
    return pool, plan(pool, policy)


def test_the_figures_of_a_run():
    people = [
        evening("ada", "Mon", "a", "b", nights_waited=3),
        evening("bo", "Mon", "a", "b"),
        evening("cy", "Tue", "a"),
        evening("di", "Tue", "b"),
        evening("ed", "Wed", "a", nights_waited=2),
        evening("fi", "Thu", "a", nights_waited=5),
    ]
    figures = quality(*night(*people))
    assert (figures.waiting, figures.in_pairs, figures.in_trios, figures.alone) == (6, 4, 0, 2)
    assert figures.coverage == pytest.approx(2 / 3)
    assert (figures.total_points, figures.median_points) == (100 + 40, 70)
    assert figures.worst.ids == ("cy", "di")
    assert figures.distribution == {40: 1, 60: 0, 80: 0, 100: 1}
    assert (figures.longest_wait_served_nights, figures.longest_wait_alone_nights) == (3, 5)


def test_of_equally_weak_partnerships_the_first_by_id_is_the_worst():
    people = [evening(id, day, id) for id, day in zip("abcd", ["Mon", "Tue", "Mon", "Tue"], strict=True)]
    assert quality(*night(*people)).worst.ids == ("a", "c")


@pytest.mark.parametrize("people", [[], [evening("ada", "Mon", "a")]])
def test_a_run_without_partnerships_has_figures_too(people):
    figures = quality(*night(*people))
    assert (figures.in_pairs, figures.total_points, figures.median_points, figures.worst) == (0, 0, 0, None)
    assert figures.distribution == {}
    assert figures.coverage == (0 if people else 1)
    assert (figures.longest_wait_served_nights, figures.longest_wait_alone_nights) == (0, 0)


def test_partners_in_an_open_pair_were_not_waiting_and_are_not_counted():
    people = [evening(id, "Mon", "a", welcomes_three=True) for id in ("ada", "bo", "cy")]
    people += [evening("di", "Tue", "a", nights_waited=1), evening("ed", "Wed", "a")]
    figures = quality(*night(*people[:2], *people[2:], open_pairs=[("ada", "bo")]))
    assert (figures.waiting, figures.in_pairs, figures.in_trios, figures.alone) == (3, 0, 1, 2)


def test_who_served_longest_was_waiting():
    people = [evening(id, "Mon", "a", welcomes_three=True, nights_waited=len(id)) for id in ("a", "bo", "cyril")]
    figures = quality(*night(*people, open_pairs=[("bo", "cyril")]))
    assert (figures.in_trios, figures.longest_wait_served_nights) == (1, 1)


@pytest.mark.uncounted
@pytest.mark.parametrize("mode", Mode)
def test_whoever_waits_is_in_a_pair_in_a_trio_or_alone(mode):
    trios = 0
    for seed in range(60):
        invented = invented_pool(seed, mode)
        pool = invented.candidates()
        figures = quality(pool, plan(pool, invented.policy))
        assert figures.in_pairs + figures.in_trios + figures.alone == figures.waiting
        assert sum(figures.distribution.values()) == len(plan(pool, invented.policy).partnerships)
        trios += figures.in_trios
    assert trios


# The difference between two runs


def turns(first, second):
    """Everybody's turn, after checking that everybody of both runs has exactly one."""
    found = difference(first, second)
    assert list(found) == list(Turn)
    named = sorted(each for members in found.values() for each in members)
    everybody = {each for run in (first, second) for found in run.partnerships for each in found.ids}
    everybody |= {each.id for run in (first, second) for each in run.alone}
    assert named == sorted(everybody)
    return {turn: members for turn, members in found.items() if members}


def test_two_runs_differ_in_people():
    before = [
        evening("keeps-1", "Mon"),
        evening("keeps-2", "Mon"),
        evening("gains", "Tue"),
        evening("changes", "Wed"),
        evening("loses", "Wed"),
        evening("stays", "Thu"),
        evening("goes", "Fri"),
    ]
    after = {person.id: person for person in before if person.id != "goes"}
    after["changes"] = evening("changes", "Tue")
    after["comes"] = evening("comes", "Sat")
    _, first = night(*before)
    _, second = night(*after.values())
    assert turns(first, second) == {
        Turn.GAINS: ("gains",),
        Turn.LOSES: ("loses",),
        Turn.STAYS_ALONE: ("stays",),
        Turn.OTHER_PARTNER: ("changes",),
        Turn.SAME: ("keeps-1", "keeps-2"),
        Turn.COMES: ("comes",),
        Turn.GOES: ("goes",),
    }


def test_a_run_does_not_differ_from_itself():
    _, run = night(evening("ada", "Mon"), evening("bo", "Mon"), evening("cy", "Tue"))
    assert turns(run, run) == {Turn.SAME: ("ada", "bo"), Turn.STAYS_ALONE: ("cy",)}


def test_a_third_makes_other_partners_of_two():
    pair = [evening(id, "Mon", welcomes_three=True) for id in ("ada", "bo")]
    _, first = night(*pair)
    _, second = night(*pair, evening("cy", "Mon", welcomes_three=True))
    assert turns(first, second) == {Turn.OTHER_PARTNER: ("ada", "bo"), Turn.COMES: ("cy",)}


@pytest.mark.uncounted
def test_everybody_stands_at_exactly_one_turn():
    seen = set()
    for seed in range(80):
        invented = invented_pool(seed, Mode.FEWEST_LEFT_OUT)
        fewer = invented.candidates(invented.people[1:])
        first = plan(invented.candidates(), invented.policy)
        seen |= set(turns(first, plan(fewer, invented.policy)))
        seen |= set(turns(plan(fewer, invented.policy), first))
    assert seen == set(Turn)
