"""A small invented night, as rows, for the page that shows it."""

from itertools import islice

from sqlalchemy.orm import Session

from matcher.models import Answer, Group, LeftAlone, Member, PairingRun, Proposal
from matcher.states import RunState
from tests.invented_pairing import NAMES, REASONS
from tests.rows import NOW, make_group, make_member, make_partnership, make_proposal, make_run

CAUSES = (
    ("no possible partner", 0, {"NO_COMMON_LANGUAGE": 9, "BLOCKED": 1, "HELD": 1, "TOO_LITTLE_COMMON_TIME": 12}),
    ("competition", 2, {"TOO_LITTLE_COMMON_TIME": 21}),
    ("set free", 0, {}),
)
TOLD = {
    "mode": "fewest_left_out",
    "waiting": 99,
    "total_points": 9999,
    "possible_pairs": 120,
    "weighed_pairs": 120,
    "proof": "exact solver, not certified",
    "engine": "alongside 1 with networkx 3.6.1",
}


def invented_night(session: Session, pairs: int = 9) -> tuple[Group, PairingRun]:
    """Pairs, a trio of newcomers, a third for an open pair, and three who wait."""
    group = make_group(session, name="Side by Side")
    run = make_run(session, group, NOW.date(), state=RunState.PUBLISHED, told=TOLD, fingerprint="5eed" * 16)
    people = (make_member(session, group, name=name) for name in NAMES)
    for place in range(pairs):
        proposal = make_proposal(session, run, list(islice(people, 2)), points=40 + 20 * place)
        proposal.reasons = list(REASONS[: place % 5])
        proposal.points_by_term = {"common_time": 40, "goal_area": 20 * place}
    _third(make_proposal(session, run, list(islice(people, 3))))
    hosts = list(islice(people, 2))
    with_third = make_proposal(session, run, [next(people)], partnership=make_partnership(session, hosts))
    with_third.answers[0].joins = True
    session.flush()
    for host in hosts:
        _ask_without_place(with_third, host)
    for cause, possible, barriers in CAUSES:
        _leave_alone(run, next(people), cause, possible, barriers)
    session.flush()
    return group, run


def _third(proposal: Proposal) -> None:
    proposal.answers[-1].joins = True


def _ask_without_place(proposal: Proposal, host: Member) -> None:
    proposal.answers.append(Answer(run_id=proposal.run_id, member=host))


def _leave_alone(run: PairingRun, member: Member, cause: str, possible: int, barriers: dict[str, int]) -> None:
    could_help = "One more free stretch, Sat evening, could have helped."
    run.alone.append(
        LeftAlone(member=member, cause=cause, possible_partners=possible, barriers=barriers, could_help=could_help)
    )
