import numpy as np

from matcher.pairing import Policy
from matcher.pairing.facing import Facing
from tests.builders import hours, make_candidate, make_pool

POOL = make_pool(
    [
        make_candidate("ada", languages=frozenset({"English", "Arabic"}), rhythm="weekly"),
        make_candidate("bo", languages=frozenset({"Arabic"}), rhythm="daily", requests=frozenset({"cy"})),
        make_candidate("cy", languages=frozenset({"English", "Arabic", "Urdu"}), windows=hours("Mon 19:00-22:00")),
    ]
)


def facing(rows, columns, policy=Policy()):  # noqa: B008  # frozen
    return Facing(POOL, policy, np.array(rows), np.array(columns))


def test_what_two_share_is_counted_exactly():
    shared = facing([0, 1], [0, 1, 2]).shared(POOL.languages)
    assert shared.tolist() == [[2, 1, 2], [1, 1, 1]]
    assert shared.dtype == np.int32


def test_how_many_things_each_has():
    row, column = facing([0, 1], [2]).how_many(POOL.languages)
    assert (row.tolist(), column.tolist()) == ([[2], [1]], [[3]])


def test_alike_are_two_who_both_said_the_same():
    both, same = facing([0, 1, 2], [0, 1, 2]).alike(POOL.rhythm)
    assert both.tolist() == [[True, True, False], [True, True, False], [False, False, False]]
    assert same.tolist() == [[True, False, False], [False, True, False], [False, False, False]]


def test_pair_counts_become_a_block():
    assert facing([1, 0], [2, 0]).between(POOL.requests).tolist() == [[1, 0], [0, 0]]


def test_blocks_follow_the_length_of_a_meeting():
    assert facing([0], [1, 2]).blocks.tolist() == [[4, 2]]
    assert facing([0], [1, 2], Policy(block_minutes=60)).blocks.tolist() == [[2, 1]]


def test_one_member_facing_another_is_the_block_of_one():
    pair = Facing.pair(POOL, Policy(), 0, 2)
    assert (pair.rows.tolist(), pair.columns.tolist(), pair.blocks.tolist()) == ([0], [2], [[2]])
