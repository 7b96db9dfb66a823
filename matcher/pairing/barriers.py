"""May they? The named reasons why two candidates may not be paired. Never a number, never weighed against points."""

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.facing import Facing
from matcher.vocabulary import Barrier

Flags = NDArray[np.uint16]


def barriers(facing: Facing) -> Flags:
    """Every barrier between rows and columns, as flags of :class:`~matcher.vocabulary.Barrier`: uint16[r, c].

    All but BELOW_FLOOR, which needs points and is added by :func:`matcher.pairing.shortlist.weigh`. What stands
    between members and themselves means nothing; whoever builds pairs looks at two different rows.
    """
    return untimed_barriers(facing) | _flagged(Barrier.TOO_LITTLE_COMMON_TIME, _too_little_common_time(facing))


def untimed_barriers(facing: Facing) -> Flags:
    """Every barrier that does not depend on hours, uint16[r, c]; advice uses it to look at changes of hours alone."""
    return (
        facing.between(facing.candidates.standing).astype(np.uint16)
        | _flagged(Barrier.HELD, _promised_to_another(facing))
        | _flagged(Barrier.NO_COMMON_LANGUAGE, facing.shared(facing.candidates.languages) == 0)
        | _flagged(Barrier.OUTSIDE_WISHES, _outside_wishes(facing))
    )


def first_barrier(flags: Flags) -> Flags:
    """The first barrier of each pair in the order of the vocabulary, 0 where there is none: the lowest set bit."""
    return flags & (~flags + np.uint16(1))


def _flagged(barrier: Barrier, found: NDArray[np.bool_]) -> Flags:
    return found * np.uint16(barrier)


def _too_little_common_time(facing: Facing) -> NDArray[np.bool_]:
    writing = facing.candidates.writing
    both_write = writing[facing.rows][:, None] & writing[facing.columns][None]
    few: NDArray[np.bool_] = (facing.blocks < facing.policy.least_blocks) & ~both_write
    return few


def _promised_to_another(facing: Facing) -> NDArray[np.bool_]:
    """Whoever a coordinator keeps together with one person is held apart from all others."""
    kept_with = np.full(len(facing.candidates), -1, dtype=np.int64)
    first, second = facing.candidates.together.T
    kept_with[first], kept_with[second] = second, first
    row, column = kept_with[facing.rows][:, None], kept_with[facing.columns][None]
    to_another: NDArray[np.bool_] = ((row >= 0) | (column >= 0)) & (row != facing.columns[None])
    return to_another


def _outside_wishes(facing: Facing) -> NDArray[np.bool_]:
    outside = np.zeros((len(facing.rows), len(facing.columns)), dtype=np.bool_)
    for trait in facing.candidates.traits:
        outside |= ~trait.accepts[facing.rows][:, trait.value[facing.columns]]
        outside |= ~trait.accepts[facing.columns][:, trait.value[facing.rows]].T
    return outside
