"""The last night of a group, from its rows, as the page shows it: what coordinators may read and nothing more.

No wish, no raw time, no answer and no address is read here, nor the one change that could help, which is the member's.
"""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, selectinload

from matcher.left_alone import why
from matcher.models import Account, Answer, Group, LeftAlone, Member, PairingRun, Proposal
from matcher.states import RunState
from web.night import Alone, Pairing, Partnership, clean

STANDING = {
    RunState.DRAFTED: "Drafts, of which nobody was told yet; they go out at noon unless a coordinator holds them.",
    RunState.HELD: "Drafts, of which nobody was told yet; a coordinator holds them.",
    RunState.PUBLISHED: "Each of them was asked. Nobody sees an answer before all have said yes.",
}

_WHOLE = (
    defer(PairingRun.snapshot),
    selectinload(PairingRun.proposals).selectinload(Proposal.answers).joinedload(Answer.member),
    selectinload(PairingRun.alone).joinedload(LeftAlone.member),
)
"""What the page shows, in a few questions however many people there are."""


def last_night(session: Session, group: Group, reader: Account) -> Pairing | None:
    """The newest night that has drafts or went out; None before the first.

    Of a pair of their own its reader sees that there is one: another coordinator looks at it.
    """
    newest = select(PairingRun).where(PairingRun.group_id == group.id, PairingRun.state.in_(STANDING))
    run = session.scalar(newest.order_by(PairingRun.night.desc()).limit(1).options(*_WHOLE))
    return pairing_of(session, run, reader) if run else None


def pairing_of(session: Session, run: PairingRun, reader: Account) -> Pairing:
    """One night. Its figures are those of the rows, so that what was dropped since counts nowhere."""
    there = [each for each in run.proposals if not any(answer.dropped for answer in each.answers)]
    names = Names([answer.member for each in there for answer in each.answers] + [each.member for each in run.alone])
    partnerships = [partnership(each, names, reader) for each in there]
    nights = nights_alone_before(session, run)
    return Pairing(
        on=run.night,
        pairs=tuple(each for each in partnerships if len(each.names) == 2),
        trios=tuple(each for each in partnerships if len(each.names) == 3),
        alone=tuple(alone(each, names, nights) for each in run.alone),
        set_aside=(),
        waiting=sum(map(newcomers, there)) + len(run.alone),
        total_points=sum(each.points or 0 for each in partnerships),
        mode=run.told["mode"],
        policy_version=run.policy_version,
        possible_pairs=run.told["possible_pairs"],
        weighed_pairs=run.told["weighed_pairs"],
        proof=run.told["proof"],
        engine=run.told["engine"],
        fingerprint=run.fingerprint,
        seconds={},
        standing=STANDING[run.state],
    )


OWN = ("This is a pair of your own, so another coordinator looks at it.",)


class Names:
    """What to call people: by their name, and by the beginning of their id too where two have the same name."""

    def __init__(self, members: Iterable[Member]) -> None:
        """Take everybody who stands on the page."""
        self.how_often = Counter(name for _, name in {(each.id, clean(each.name).casefold()) for each in members})

    def call(self, member: Member) -> str:
        """Never an empty word."""
        name = clean(member.name) or "somebody without a name"
        return f"{name} ({member.public_id[:4]})" if self.how_often[name.casefold()] > 1 else name


def partnership(proposal: Proposal, names: Names, reader: Account) -> Partnership:
    """Two or three people and why; not what they answered."""
    if any(each.member.account_id == reader.id for each in proposal.answers):
        others = ["one other", "another one"][: len(proposal.answers) - 1]
        return Partnership(("You", *others), None, {}, proposal.overlap_minutes, OWN, "")
    called = sorted((names.call(each.member) for each in proposal.answers), key=str.casefold)
    return Partnership(
        names=tuple(called),
        points=proposal.points,
        terms=proposal.points_told,
        overlap_minutes=proposal.overlap_minutes,
        reasons=tuple(map(clean, proposal.reasons)),
        joined_by=next((names.call(each.member) for each in proposal.answers if each.joins), ""),
    )


def alone(row: LeftAlone, names: Names, nights: dict[int, int]) -> Alone:
    """Somebody who waits, and why."""
    return Alone(
        name=names.call(row.member),
        reasons=why(row),
        possible_partners=row.possible_partners,
        could_help="",
        nights_waited=nights.get(row.member_id, 0),
    )


def newcomers(proposal: Proposal) -> int:
    """How many of it waited: partners who are asked about a third have each other."""
    return sum(answer.joins or proposal.partnership_id is None for answer in proposal.answers)


def nights_alone_before(session: Session, run: PairingRun) -> dict[int, int]:
    """Through how many earlier pairings each member has waited since they wait, by the member's number."""
    earlier = (
        select(LeftAlone.member_id, func.count())
        .join(PairingRun, PairingRun.id == LeftAlone.run_id)
        .join(Member, Member.id == LeftAlone.member_id)
        .where(PairingRun.group_id == run.group_id, PairingRun.night < run.night, PairingRun.published_at.is_not(None))
        .where(PairingRun.night >= Member.waiting_since)
        .group_by(LeftAlone.member_id)
    )
    return {row[0]: row[1] for row in session.execute(earlier)}
