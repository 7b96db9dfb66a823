"""The whole night: look at everybody, solve, seat who is left over, explain, doubt."""

from collections.abc import Sequence

from matcher.errors import PoolError
from matcher.pairing.advice import Solved, advise
from matcher.pairing.assignment import Alone, Assignment, Partnership
from matcher.pairing.audit import audit
from matcher.pairing.candidates import Candidates
from matcher.pairing.explanation import explain
from matcher.pairing.facing import Facing
from matcher.pairing.fingerprint import fingerprint
from matcher.pairing.forest import ALONE, Mates
from matcher.pairing.matching import ENGINE, PROOF, max_weight_matching
from matcher.pairing.policy import Policy
from matcher.pairing.promise import promise_weights
from matcher.pairing.shortlist import CandidateGraph, candidate_graph, weigh
from matcher.pairing.trios import join_pairs
from matcher.pairing.watch import Unwatched, Watch
from matcher.vocabulary import Barrier, Mode


def plan(candidates: Candidates, policy: Policy, watch: Watch | None = None) -> Assignment:
    """Pair a pool under a policy: the same people and policy give the same assignment, in whatever order they came.

    ``watch`` hears the phases; the caller owns the clock. Raises PoolError where a pair that a coordinator keeps
    together has a barrier, and AssertionError if the audit finds a fault, so that no wrong answer is ever stored.
    Cost: O(n**2) comparisons, and what the solver takes (see max_weight_matching).
    """
    watch = watch or Unwatched()
    _refuse_barred(candidates, policy)
    graph = candidate_graph(candidates, policy, watch)
    mate = _solve(candidates, policy, graph, watch)
    pairs, trios, left_over = _seat(candidates, policy, mate, watch)
    alone = _advise(Solved(candidates, policy, graph.adjacency, mate), left_over, watch)
    assignment = _assignment(candidates, policy, graph, pairs, trios, alone)
    _doubt(candidates, policy, graph, assignment, watch)
    return assignment


def _refuse_barred(candidates: Candidates, policy: Policy) -> None:
    """A coordinator may keep two people together, but not across a barrier."""
    for first, second in candidates.together.tolist():
        flags = int(weigh(Facing.pair(candidates, policy, first, second))[0][0, 0])
        if flags:
            words = sorted({barrier.words for barrier in Barrier if barrier & flags})
            names = f"{candidates.ids[first]} and {candidates.ids[second]}"
            raise PoolError(f"{names} cannot be kept together: {', '.join(words)} (another list may hold them apart).")


def _solve(candidates: Candidates, policy: Policy, graph: CandidateGraph, watch: Watch) -> Mates:
    watch.hear("solve", 0, 1)
    weights = promise_weights(candidates, policy, graph)
    most_pairs_first = policy.mode is Mode.FEWEST_LEFT_OUT
    matching = max_weight_matching(graph.n, graph.u, graph.v, weights, max_cardinality=most_pairs_first)
    watch.hear("solve", 1, 1)
    mate: Mates = matching.mate.tolist()
    return mate


def _seat(
    candidates: Candidates, policy: Policy, mate: Mates, watch: Watch
) -> tuple[list[Partnership], list[Partnership], list[int]]:
    """The night's pairs; the trios, made of one of them or of an open pair and somebody left over; and who still is."""
    watch.hear("trios", 0, 1)
    pairs = [(row, other) for row, other in enumerate(mate) if row < other]
    hosts = pairs + [(first, second) for first, second in candidates.open_pairs.tolist()]
    left_over = [row for row, waits in enumerate(candidates.waiting.tolist()) if waits and mate[row] == ALONE]
    joined = {hosts[seat]: guest for guest, seat in join_pairs(candidates, policy, hosts, left_over)}
    trios = [explain(candidates, policy, (*pair, guest), joined_by=guest) for pair, guest in joined.items()]
    explained = [explain(candidates, policy, pair) for pair in pairs if pair not in joined]
    watch.hear("trios", 1, 1)
    still_alone = [row for row in left_over if row not in joined.values()]
    return explained, sorted(trios, key=lambda trio: trio.ids), still_alone


def _advise(solved: Solved, left_over: Sequence[int], watch: Watch) -> list[Alone]:
    alone = []
    for done, row in enumerate(left_over):
        watch.hear("advice", done, len(left_over))
        alone.append(advise(solved, row))
    watch.hear("advice", len(left_over), len(left_over))
    return alone


def _assignment(
    candidates: Candidates,
    policy: Policy,
    graph: CandidateGraph,
    pairs: Sequence[Partnership],
    trios: Sequence[Partnership],
    alone: Sequence[Alone],
) -> Assignment:
    return Assignment(
        on=candidates.on,
        mode=policy.mode,
        policy_version=policy.version,
        pairs=tuple(pairs),
        trios=tuple(trios),
        alone=tuple(alone),
        waiting=int(candidates.waiting.sum()),
        total_points=sum(found.points for found in (*pairs, *trios)),
        possible_pairs=graph.possible_pairs,
        weighed_pairs=len(graph.u),
        proof=PROOF,
        engine=ENGINE,
        fingerprint=fingerprint(candidates, policy, ENGINE),
    )


def _doubt(candidates: Candidates, policy: Policy, graph: CandidateGraph, assignment: Assignment, watch: Watch) -> None:
    watch.hear("audit", 0, 1)
    findings = audit(candidates, policy, assignment, graph.adjacency)
    if findings:
        raise AssertionError(f"The audit refuses this assignment: {' '.join(findings)}")
    watch.hear("audit", 1, 1)
