"""A snapshot comes back as it was, through JSON and through a sealed column, and names the same night."""

import json
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from matcher.models import PairingRun
from matcher.pairing import Policy
from matcher.pairing.candidate import Relation
from matcher.pairing.fingerprint import fingerprint
from matcher.pairing.matching import ENGINE
from matcher.snapshots import Snapshot
from matcher.states import RunState
from matcher.vocabulary import Barrier, Mode
from tests.builders import MONDAY, make_candidate
from tests.pools import Pool, invented_pool
from tests.rows import make_group, make_run

seeds = st.integers(0, 5_000)


def snapshot_of(pool: Pool) -> Snapshot:
    ids = [person.id for person in pool.people]
    together = [(ids[0], ids[-1])] if len(ids) > 6 else []
    return Snapshot(
        on=pool.on,
        people=tuple(pool.people),
        relations=tuple(pool.relations),
        together=tuple(together),
        open_pairs=tuple(pool.open_pairs),
    )


def by_id(snapshot: Snapshot) -> dict:
    return {person.id: person for person in snapshot.people}


@given(seeds)
def test_a_snapshot_comes_back_exactly_as_it_was(seed):
    snapshot = snapshot_of(invented_pool(seed, Mode.FEWEST_LEFT_OUT))
    back = Snapshot.from_json(json.loads(json.dumps(snapshot.to_json())))
    assert by_id(back) == by_id(snapshot)
    assert (back.on, set(back.relations)) == (snapshot.on, set(snapshot.relations))
    assert (set(back.together), set(back.open_pairs)) == (set(snapshot.together), set(snapshot.open_pairs))


@given(seeds, st.integers(0, 9))
def test_the_order_in_which_people_came_leaves_no_trace(seed, shuffle):
    snapshot = snapshot_of(invented_pool(seed, Mode.FEWEST_LEFT_OUT))
    people, relations = list(snapshot.people), list(snapshot.relations)
    Random(shuffle).shuffle(people)
    Random(shuffle).shuffle(relations)
    other = Snapshot(
        on=snapshot.on,
        people=tuple(people),
        relations=tuple(relations),
        together=snapshot.together[::-1],
        open_pairs=snapshot.open_pairs,
    )
    assert json.dumps(other.to_json()) == json.dumps(snapshot.to_json())


@pytest.mark.parametrize("seed", range(12))
def test_the_plan_from_a_sealed_snapshot_has_the_same_fingerprint(sessions, seed):
    pool = invented_pool(seed, Mode.FEWEST_LEFT_OUT)
    snapshot = snapshot_of(pool)
    with sessions.begin() as session:
        run = make_run(session, make_group(session), date(2026, 1, 14), state=RunState.GATHERED)
        run.snapshot = snapshot.to_json()
    with sessions() as session:
        back = Snapshot.from_json(session.scalars(select(PairingRun)).one().snapshot)
    before, after = snapshot.candidates(pool.policy), back.candidates(pool.policy)
    assert fingerprint(after, pool.policy, ENGINE) == fingerprint(before, pool.policy, ENGINE)


def test_the_part_about_some_people_holds_nothing_of_the_others():
    ada, bob, cyd = (make_candidate(each) for each in ("ada", "bob", "cyd"))
    whole = Snapshot(
        on=MONDAY,
        people=(ada, bob, cyd),
        relations=(Relation("ada", "bob", Barrier.HELD), Relation("bob", "cyd", Barrier.BLOCKED)),
        together=(("ada", "cyd"),),
        open_pairs=(("bob", "cyd"),),
    )
    assert whole.of(["ada", "bob"]) == Snapshot(on=MONDAY, people=(ada, bob), relations=whole.relations[:1])
    assert whole.of(["bob", "cyd"]).open_pairs == (("bob", "cyd"),)
    assert whole.of(["cyd", "ada"]).together == (("ada", "cyd"),)
    assert len(whole.of(["ada", "bob"]).candidates(Policy())) == 2


@pytest.mark.parametrize(
    ("together", "open_pairs", "stand"),
    [
        ([("ada", "bob")], [], [("ada", "bob")]),
        ([("ada", "bob"), ("bob", "cyd")], [], [("ada", "bob")]),
        ([("ada", "bob")], [("bob", "cyd")], []),
        ([("ada", "nobody")], [], []),
        ([("ada", "dee")], [], []),
    ],
)
def test_two_who_cannot_be_kept_together_are_two_like_all_others(together, open_pairs, stand):
    """One is kept with somebody else, or is in an open pair, or not here; or a barrier stands between the two."""
    people = [make_candidate(each) for each in ("ada", "bob", "cyd")]
    people.append(make_candidate("dee", languages=frozenset({"zz"})))
    night = Snapshot(on=MONDAY, people=tuple(people), together=tuple(together), open_pairs=tuple(open_pairs))
    pool = night.candidates(Policy())
    assert [(pool.ids[one], pool.ids[other]) for one, other in pool.together.tolist()] == stand
