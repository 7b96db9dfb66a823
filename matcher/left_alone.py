"""Why the night had nobody for a member, from its row: in words for a coordinator, and in those for the member."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.models import LeftAlone, Member, PairingRun
from matcher.pairing import Alone, Cause
from matcher.pairing.advice import told
from matcher.runs import SET_FREE
from matcher.states import RunState
from matcher.vocabulary import Barrier

NOBODY_FOR_YOU = "There was nobody for you in this pairing. That is about hours and numbers, not about you."


def why(row: LeftAlone) -> tuple[str, ...]:
    """The cause, and what stood between this member and how many others; what is nobody's business is one word."""
    if row.cause == SET_FREE:
        return ("What was meant for this member could not go out, and nobody else was free by then.",)
    return told(
        Alone(
            id=row.member.public_id,
            nights_waited=0,
            barriers={Barrier[name]: count for name, count in row.barriers.items()},
            possible_partners=row.possible_partners,
            cause=Cause(row.cause),
            sides=0,
            sought=0,
            could_help="",
        )
    )


def of_last_night(session: Session, member: Member) -> LeftAlone | None:
    """What the newest night of their group that went out had for a member who stayed alone in it; None for others."""
    out = PairingRun.group_id == member.group_id, PairingRun.state == RunState.PUBLISHED
    newest = select(func.max(PairingRun.night)).where(*out).scalar_subquery()
    mine = select(LeftAlone).join(PairingRun, LeftAlone.run_id == PairingRun.id)
    return session.scalar(mine.where(LeftAlone.member_id == member.id, *out, PairingRun.night == newest))


def told_to_member(row: LeftAlone) -> list[Any]:
    """What the member reads of it: that it is about hours and numbers, and the one thing that could have helped.

    Never a count of others. That one thing is as the row holds it, also where it cannot be read.
    """
    return [NOBODY_FOR_YOU, *([row.could_help] if row.could_help else [])]
