"""Why somebody is alone, and the one change that could have helped: told kindly, counted exactly."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.assignment import Alone, Cause
from matcher.pairing.barriers import first_barrier
from matcher.pairing.candidates import Candidates
from matcher.pairing.facing import Facing
from matcher.pairing.forest import Adjacency, Mates, bits_of, cover, members_of, tree_from
from matcher.pairing.policy import Policy
from matcher.pairing.relaxation import changes
from matcher.pairing.shortlist import weigh
from matcher.vocabulary import Barrier, Mode
from matcher.wording import counted


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """What advice looks at: the pool, all its possible pairs, and the pairs that were made (trios not counted)."""

    candidates: Candidates
    policy: Policy
    adjacency: Adjacency
    mate: Mates


def advise(solved: Solved, row: int) -> Alone:
    """Say why one member is alone. Cost: one row of comparisons, one tree, and one of each for every change tried."""
    candidates = solved.candidates
    barriers = _barrier_counts(solved, row)
    others = int(candidates.waiting.sum()) - 1
    possible = others - sum(barriers.values())
    cause, sides, sought = _cause(solved, row, possible)
    return Alone(
        id=candidates.ids[row],
        nights_waited=candidates.people[row].nights_waited,
        barriers=barriers,
        possible_partners=possible,
        cause=cause,
        sides=sides,
        sought=sought,
        could_help=could_help(solved, row),
    )


def _others(candidates: Candidates, row: int) -> NDArray[np.int64]:
    others: NDArray[np.int64] = np.flatnonzero(candidates.waiting & (np.arange(len(candidates)) != row))
    return others


def _barrier_counts(solved: Solved, row: int) -> Mapping[Barrier, int]:
    """How many others each barrier stops, each other counted once, by the first barrier that stands."""
    facing = Facing(solved.candidates, solved.policy, np.array([row]), _others(solved.candidates, row))
    found, times = np.unique(first_barrier(weigh(facing)[0]), return_counts=True)
    return {Barrier(int(flag)): int(count) for flag, count in zip(found, times, strict=True) if flag}


def _cause(solved: Solved, row: int, possible: int) -> tuple[Cause, int, int]:
    """The person or the structure: the alternating tree of a member names who competes for whom."""
    if not possible:
        return Cause.NO_POSSIBLE_PARTNER, 0, 0
    tree = tree_from(solved.adjacency, solved.mate, row)
    if tree is None:
        return Cause.OTHERS_FIT_BETTER, 0, 0
    if not tree.odd:
        return Cause.ODD_CIRCLE, 0, 0
    return Cause.COMPETITION, tree.circles, tree.odd.bit_count()


def could_help(solved: Solved, row: int) -> str:
    """Relax one thing: the first single change that could have given this member a partner, or "".

    Exact in the mode ``fewest_left_out``: with that change all members who come before in the order of waiting, plus
    this one, can be covered; one alternating search from the member tells. In ``best_fit`` a change counts if with it
    nobody who has a partner need be without one; whether points would have it so is not asked: therefore "could".
    """
    not_before = _not_before(solved.candidates, row) if solved.policy.mode is Mode.FEWEST_LEFT_OUT else 0
    adjacency = list(solved.adjacency)
    for partner in members_of(adjacency[row]):
        adjacency[partner] &= ~(1 << row)
    for change in changes(solved.candidates, solved.policy, row, _others(solved.candidates, row)):
        adjacency[row] = change.partners  # new ones only: what the search finds is the change's doing
        if cover(adjacency, solved.mate, row, not_before) is not None:
            return change.sentence
    return ""


def _not_before(candidates: Candidates, row: int) -> int:
    """The members who come after one in the order of waiting, or beside; among those any could have been left over."""
    return bits_of(np.flatnonzero(candidates.rank <= candidates.rank[row]).tolist())


def told(alone: Alone) -> tuple[str, ...]:
    """What a coordinator reads about somebody who is alone; what is nobody's business is one word, "not together"."""
    stopped = [f"{_capital(words)} with {counted(count, 'other')}." for words, count in barrier_words(alone).items()]
    counts_are_gone = alone.cause is Cause.COMPETITION and not alone.sides  # a row keeps the cause alone
    cause = _COMPETITION_UNCOUNTED if counts_are_gone else _CAUSE_SENTENCES[alone.cause].format(alone=alone)
    return (cause, *stopped)


def barrier_words(alone: Alone) -> dict[str, int]:
    """How many others each barrier stops, by the words a coordinator reads, the most frequent first."""
    counts: Counter[str] = Counter()
    for barrier, count in alone.barriers.items():
        counts[barrier.words] += count
    return dict(counts.most_common())


_CAUSE_SENTENCES = {
    Cause.NO_POSSIBLE_PARTNER: "Nobody here was a possible partner this time.",
    Cause.ODD_CIRCLE: "The people who fit each other here are an odd number, so one of them stays over.",
    Cause.COMPETITION: "{alone.sides} people or circles of people had the same {alone.sought} as possible partners.",
    Cause.OTHERS_FIT_BETTER: "There were possible partners; in what was best for everybody, they are with others.",
}
_COMPETITION_UNCOUNTED = "More people had the same few possible partners than there were of these."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
