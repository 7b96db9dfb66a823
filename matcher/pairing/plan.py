"""The whole night: look at everybody, solve, seat who is left over, explain, doubt."""

from collections.abc import Iterable, Sequence

import numpy as np

from matcher.errors import PoolError
from matcher.pairing.advice import Night, advise
from matcher.pairing.assignment import Alone, Assignment, Partnership
from matcher.pairing.audit import audit
from matcher.pairing.barriers import barriers
from matcher.pairing.candidates import Candidates
from matcher.pairing.explanation import explain
from matcher.pairing.facing import Facing
from matcher.pairing.fingerprint import fingerprint
from matcher.pairing.matching import ENGINE, PROOF, max_weight_matching
from matcher.pairing.policy import Policy
from matcher.pairing.promise import promise_weights
from matcher.pairing.shortlist import CandidateGraph, candidate_graph
from matcher.pairing.trios import join_pairs
from matcher.pairing.watch import Unwatched, Watch
from matcher.vocabulary import Barrier, Mode


def plan(candidates: Candidates, policy: Policy, watch: Watch | None = None) -> Assignment:
    """Pair a pool under a policy: the same people and policy give the same assignment, in whatever order they came.

    ``watch`` hears the phases; the caller owns the clock. Raises PoolError where a pair that a coordinator keeps
    together has a barrier, and AssertionError if the audit finds a fault, so that no wrong answer is ever stored.
    """
    watch = watch or Unwatched()
    _refuse_barred(candidates, policy)
    graph = candidate_graph(candidates, policy, watch)
    pairs = _solve(candidates, policy, graph, watch)
    assignment = _assignment(candidates, policy, graph, pairs, watch)
    watch.hear("audit", 0, 1)
    findings = audit(candidates, policy, assignment, graph.adjacency)
    if findings:
        raise AssertionError(f"The audit refuses this assignment: {' '.join(findings)}")
    watch.hear("audit", 1, 1)
    return assignment


def _refuse_barred(candidates: Candidates, policy: Policy) -> None:
    """A coordinator may keep two people together, but not across a barrier."""
    for first, second in candidates.together.tolist():
        flags = int(barriers(Facing.pair(candidates, policy, first, second))[0, 0])
        if flags:
            words = sorted({barrier.words for barrier in Barrier if barrier & flags})
            names = f"{candidates.ids[first]} and {candidates.ids[second]}"
            raise PoolError(f"{names} cannot be kept together: {', '.join(words)}.")


def _solve(candidates: Candidates, policy: Policy, graph: CandidateGraph, watch: Watch) -> list[tuple[int, int]]:
    """The best pairs, as rows, smaller first, sorted."""
    watch.hear("solve", 0, 1)
    weights = promise_weights(candidates, policy, graph)
    most_pairs_first = policy.mode is Mode.FEWEST_LEFT_OUT
    mate = max_weight_matching(graph.n, graph.u, graph.v, weights, max_cardinality=most_pairs_first).mate
    watch.hear("solve", 1, 1)
    return [(row, other) for row, other in enumerate(mate.tolist()) if row < other]


def _assignment(
    candidates: Candidates, policy: Policy, graph: CandidateGraph, pairs: list[tuple[int, int]], watch: Watch
) -> Assignment:
    mate = np.full(graph.n, -1, dtype=np.int64)
    for first, second in pairs:
        mate[first], mate[second] = second, first
    left_over = np.flatnonzero(candidates.waiting & (mate < 0)).tolist()
    hosts = pairs + [(a, b) for a, b in candidates.open_pairs.tolist()]
    watch.hear("trios", 0, 1)
    seats = join_pairs(candidates, policy, hosts, left_over)
    watch.hear("trios", 1, 1)
    trios = [_explain_three(candidates, policy, guest, hosts[seat]) for guest, seat in seats]
    joined = {hosts[seat] for _, seat in seats}
    seated = {guest for guest, _ in seats}
    explained = [explain(candidates, policy, pair) for pair in pairs if pair not in joined]
    night = Night(candidates, policy, graph.adjacency, mate.tolist())
    alone = _advise(night, [row for row in left_over if row not in seated], watch)
    return Assignment(
        on=candidates.on,
        mode=policy.mode,
        policy_version=policy.version,
        pairs=tuple(explained),
        trios=_sorted(trios),
        alone=alone,
        waiting=int(candidates.waiting.sum()),
        total_points=sum(found.points for found in explained + trios),
        possible_pairs=graph.possible_pairs,
        weighed_pairs=len(graph.u),
        proof=PROOF,
        engine=ENGINE,
        fingerprint=fingerprint(candidates, policy, ENGINE),
    )


def _explain_three(candidates: Candidates, policy: Policy, guest: int, pair: tuple[int, int]) -> Partnership:
    return explain(candidates, policy, (*pair, guest), joined_by=candidates.ids[guest])


def _sorted(partnerships: Iterable[Partnership]) -> tuple[Partnership, ...]:
    return tuple(sorted(partnerships, key=lambda found: found.ids))


def _advise(night: Night, rows: Sequence[int], watch: Watch) -> tuple[Alone, ...]:
    found = []
    for done, row in enumerate(rows):
        watch.hear("advice", done, len(rows))
        found.append(advise(night, row))
    watch.hear("advice", len(rows), len(rows))
    return tuple(found)
