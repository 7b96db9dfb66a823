"""Sabotage: an honest assignment, one lie at a time, and the audit turns red with a sentence that names it."""

import ast
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from matcher.pairing import Goal, Policy, Relation, audit, plan
from matcher.pairing.audit import later_than
from matcher.pairing.explanation import explain
from matcher.pairing.forest import bits_of
from matcher.pairing.shortlist import candidate_graph
from matcher.pairing.watch import Unwatched
from matcher.vocabulary import Barrier, Mode, Term
from tests.builders import MONDAY, hours, make_candidate, make_pool
from tests.pools import invented_pool

POLICY = Policy()


def welcoming(id, **changes):
    return make_candidate(id, **{"welcomes_three": True} | changes)


def honest_pool(policy=POLICY, **changes):
    """ada and bo are an open pair that cy joins; di and ed pair, fi and gus do; hal has no common language."""
    tuesday = {"windows": hours("Tue 18:00-20:00")}
    people = {
        "ada": welcoming("ada"),
        "bo": welcoming("bo"),
        "cy": welcoming("cy"),
        "di": make_candidate("di", **tuesday),
        "ed": make_candidate("ed", nights_waited=2, **tuesday),
        "fi": make_candidate("fi", windows=hours("Wed 18:00-20:00; Thu 18:00-19:00")),
        "gus": make_candidate("gus", windows=hours("Wed 18:00-20:00")),
        "hal": make_candidate("hal", languages=frozenset({"Urdu"}), nights_waited=1),
    } | changes
    return make_pool(people.values(), policy, open_pairs=[("ada", "bo")])


POOL = honest_pool()
HONEST = plan(POOL, POLICY)
ADJACENCY = candidate_graph(POOL, POLICY, Unwatched()).adjacency


def findings(pool=POOL, policy=POLICY, adjacency=ADJACENCY, **lies):
    return audit.audit(pool, policy, replace(HONEST, **lies), adjacency)


def pair_with(pair, **lies):
    """The honest pairs, but for one."""
    return tuple(replace(each, **lies) if each.ids == pair else each for each in HONEST.pairs)


def test_an_honest_assignment_has_no_findings():
    assert [each.ids for each in HONEST.partnerships] == [("di", "ed"), ("fi", "gus"), ("ada", "bo", "cy")]
    assert [each.id for each in HONEST.alone] == ["hal"]
    assert findings() == []


@pytest.mark.uncounted
@pytest.mark.parametrize("mode", Mode)
def test_no_night_has_findings(mode):
    for seed in range(100):
        invented = invented_pool(seed, mode)
        pool = invented.candidates()
        adjacency = candidate_graph(pool, invented.policy, Unwatched()).adjacency
        assert audit.audit(pool, invented.policy, plan(pool, invented.policy), adjacency) == [], seed


@pytest.mark.parametrize(
    ("relation", "name"),
    [
        (Relation("di", "ed", Barrier.BLOCKED), "BLOCKED"),
        (Relation("ed", "di", Barrier.RECENT_PARTNERS, MONDAY), "RECENT_PARTNERS"),
    ],
)
def test_a_pair_with_a_barrier(relation, name):
    pool = make_pool(POOL.people, open_pairs=[("ada", "bo")], relations=[relation])
    assert f"di and ed are partners in spite of {name}." in findings(pool)


def test_a_trio_with_a_barrier_between_any_two():
    for two in (("ada", "bo"), ("ada", "cy"), ("bo", "cy")):
        pool = make_pool(POOL.people, open_pairs=[("ada", "bo")], relations=[Relation(*two, Barrier.HELD)])
        assert "ada and bo and cy are partners in spite of HELD." in findings(pool)


def test_a_pair_below_the_floor():
    policy = Policy(floor_points=200)
    assert "di and ed are partners in spite of BELOW_FLOOR." in findings(policy=policy)


def test_a_person_used_twice():
    both = (*HONEST.pairs, explain(POOL, POLICY, [POOL.ids.index("di"), POOL.ids.index("gus")]))
    assert "di has 2 places." in findings(pairs=both)
    assert "gus has 2 places." in findings(pairs=both)
    assert "ed has 2 places." in findings(alone=(*HONEST.alone, replace(HONEST.alone[0], id="ed")))


def test_a_person_paired_with_themselves():
    assert "di and di are not 2 different members." in findings(pairs=pair_with(("di", "ed"), ids=("di", "di")))


def test_a_missing_member():
    assert "hal waits and has no place." in findings(alone=())
    assert "fi waits and has no place." in findings(pairs=HONEST.pairs[:1])


def test_a_stranger():
    assert findings(alone=(*HONEST.alone, replace(HONEST.alone[0], id="zoe"))) == ["zoe is nobody in this pool."]
    assert findings(pairs=pair_with(("di", "ed"), ids=("di", "zoe"))) == ["zoe is nobody in this pool."]


def test_a_wrong_total():
    total = HONEST.total_points
    assert findings(total_points=total + 1) == [f"The points add up to {total}, not {total + 1}."]


def test_wrong_points():
    pair = HONEST.pairs[0]
    lie = replace(pair, points=pair.points + 1)
    wrong = findings(pairs=(lie, *HONEST.pairs[1:]), total_points=HONEST.total_points + 1)
    assert wrong == [f"di and ed have {pair.points} points, not {lie.points}."]


def test_points_that_are_not_the_sum_of_their_terms():
    pair = HONEST.pairs[0]
    lie = pair_with(pair.ids, terms={**pair.terms, Term.CHANNEL: 10})
    assert findings(pairs=lie) == [f"di and ed have {pair.points} points, not {pair.points}."]


def test_wrong_minutes():
    assert findings(pairs=pair_with(("fi", "gus"), overlap_minutes=180)) == ["fi and gus share 120 minutes, not 180."]


def test_unsorted_input():
    wrong = findings(replace(POOL, people=POOL.people[::-1], ids=POOL.ids[::-1]))
    assert len(wrong) == 7
    assert wrong[0] == "hal stands before gus: the input is not sorted."


def test_an_id_that_stands_twice_in_the_pool():
    twice = (POOL.ids[0], *POOL.ids[:-1])
    assert "ada stands before ada: the input is not sorted." in findings(replace(POOL, ids=twice))


@pytest.mark.parametrize(
    "other",
    [
        {"pool": honest_pool(gus=make_candidate("gus", windows=hours("Wed 18:00-20:00"), rhythm="weekly"))},
        {"policy": Policy(shortlist=7)},
        {"engine": "another engine"},
        {"fingerprint": "0" * 64},
    ],
)
def test_a_wrong_fingerprint(other):
    assert findings(**other) == ["The fingerprint belongs to other people, another policy or another engine."]


@pytest.mark.parametrize("lie", [{"on": MONDAY + timedelta(days=1)}, {"mode": Mode.BEST_FIT}, {"policy_version": 2}])
def test_another_night_than_it_says(lie):
    wrong = "The assignment is for another date, another mode or another version of the policy."
    assert findings(**lie) == [wrong]


def test_wrong_counts():
    alone = HONEST.alone[0]
    sentence = "The counts for hal do not add up to the 5 others."
    assert findings(alone=(replace(alone, barriers={Barrier.NO_COMMON_LANGUAGE: 4}),)) == [sentence]
    assert findings(alone=(replace(alone, barriers={}, possible_partners=5),)) == [sentence]
    assert findings(possible_pairs=3) == ["There are 2 possible pairs, not 3."]
    assert findings(waiting=7) == ["6 members wait, not 7."]


# Trios and open pairs


def trio_of(**lies):
    return (replace(HONEST.trios[0], **lies),)


def test_a_split_open_pair():
    """bo is taken out of the open pair, to pair with cy."""
    pair = explain(POOL, POLICY, [POOL.ids.index("bo"), POOL.ids.index("cy")])
    wrong = findings(pairs=(*HONEST.pairs, pair), trios=(), total_points=0)
    assert "bo has a partner already." in wrong


def test_an_open_pair_that_is_alone():
    wrong = findings(alone=(*HONEST.alone, replace(HONEST.alone[0], id="ada")), trios=(), total_points=0)
    assert "ada has a partner already." in wrong


def test_a_third_who_was_one_of_the_open_pair():
    wrong = findings(trios=trio_of(joined_by="ada"))
    assert "ada has a partner already." in wrong
    assert "bo has a partner already." in wrong


@pytest.mark.parametrize("joined_by", ["", "ed", "zoe"])
def test_a_trio_that_nobody_in_it_has_joined(joined_by):
    sentence = f"ada and bo and cy are joined by {joined_by or 'nobody'}, and are 3."
    assert sentence in findings(trios=trio_of(joined_by=joined_by))


def test_a_pair_that_somebody_has_joined():
    assert findings(pairs=pair_with(("di", "ed"), joined_by="di")) == ["di and ed are joined by di, and are 2."]


def test_a_pair_among_the_trios_and_a_trio_among_the_pairs():
    pair, trio = HONEST.pairs[0], HONEST.trios[0]
    wrong = findings(pairs=(*HONEST.pairs[1:], trio), trios=(pair,))
    assert "di and ed are not 3 different members." in wrong
    assert "ada and bo and cy are not 2 different members." in wrong


def test_a_trio_of_people_who_do_not_all_welcome_three():
    for id in ("ada", "bo", "cy"):
        assert "ada and bo and cy do not all welcome three." in findings(honest_pool(**{id: make_candidate(id)}))


def test_a_trio_with_too_little_time_unless_all_find_writing_enough():
    together = {"windows": ()}
    write = {id: welcoming(id, writing_is_enough=True, **together) for id in ("ada", "bo", "cy")}
    assert not any("too little time" in wrong for wrong in findings(honest_pool(**write)))
    for id in write:
        changed = write | {id: welcoming(id, **together)}
        assert "ada and bo and cy have too little time as three." in findings(honest_pool(**changed))


def test_three_who_share_less_than_the_policy_asks_of_three():
    assert findings(policy=Policy(least_blocks_of_three=5))[0] == "ada and bo and cy have too little time as three."


# Who is left over


def assignment_of(pool, policy, pairs):
    """An assignment that is right in all but whom it covers."""
    row = pool.ids.index
    partnerships = tuple(explain(pool, policy, [row(one), row(other)]) for one, other in pairs)
    honest = plan(pool, policy)
    adjacency = candidate_graph(pool, policy, Unwatched()).adjacency
    taken = {each for pair in pairs for each in pair}
    template = plan(make_pool(["zoe"]), POLICY).alone[0]
    alone = tuple(
        replace(
            template,
            id=each,
            possible_partners=adjacency[row(each)].bit_count(),
            barriers={Barrier.HELD: len(pool) - 1 - adjacency[row(each)].bit_count()},
        )
        for each in pool.ids
        if each not in taken
    )
    total = sum(each.points for each in partnerships)
    return replace(honest, pairs=partnerships, alone=alone, total_points=total), adjacency


def test_two_left_over_who_could_be_a_pair():
    pool = make_pool(["ada", "bo"])
    assignment, adjacency = assignment_of(pool, POLICY, [])
    assert audit.audit(pool, POLICY, assignment, adjacency) == [
        "ada is left over, although a partner could have been found.",
        "bo is left over, although a partner could have been found.",
    ]


def evening(id, *days, **changes):
    return make_candidate(id, windows=hours("; ".join(f"{day} 18:00-20:00" for day in days)), **changes)


def test_more_could_be_covered_by_an_alternating_path():
    pool = make_pool([evening("a", "Mon"), evening("b", "Mon", "Tue"), evening("c", "Tue", "Wed"), evening("d", "Wed")])
    assignment, adjacency = assignment_of(pool, POLICY, [("b", "c")])
    assert len(audit.audit(pool, POLICY, assignment, adjacency)) == 2


def test_somebody_left_over_in_favour_of_one_who_comes_later():
    people = [evening("first", "Mon", nights_waited=2), evening("hub", "Mon"), evening("later", "Mon", nights_waited=1)]
    pool = make_pool(people)
    assignment, adjacency = assignment_of(pool, POLICY, [("hub", "later")])
    sentence = "first is left over, although a partner could have been found."
    assert audit.audit(pool, POLICY, assignment, adjacency) == [sentence]
    honest, adjacency = assignment_of(pool, POLICY, [("first", "later")])
    assert audit.audit(pool, POLICY, honest, adjacency) == []


def test_in_the_mode_best_fit_fewer_pairs_are_no_fault():
    policy = Policy(mode=Mode.BEST_FIT)
    pool = make_pool(["ada", "bo"], policy)
    assignment, adjacency = assignment_of(pool, policy, [])
    assert audit.audit(pool, policy, assignment, adjacency) == []


def test_later_are_those_who_waited_less_and_not_those_who_waited_alike():
    nights = {"ada": 1, "bo": 3, "cy": 1, "di": 0}
    pool = make_pool(make_candidate(each, nights_waited=waited) for each, waited in nights.items())
    assert [later_than(pool, row) for row in range(4)] == [bits_of([3]), bits_of([0, 2, 3]), bits_of([3]), 0]


def test_the_audit_imports_no_solver():
    tree = ast.parse(Path(audit.__file__).read_text("utf-8"))
    imports = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not any(solver in line for line in imports for solver in ("networkx", "scipy", "matching", "trios"))


def test_goals_are_no_secret_to_the_audit():
    """A pair that claims more than its goals are worth, with every other figure in step."""
    pool = honest_pool(ed=make_candidate("ed", windows=hours("Tue 18:00-20:00"), goals=frozenset({Goal("chess")})))
    assert "di and ed have 40 points, not 70." in findings(pool)
