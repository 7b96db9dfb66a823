"""Why the night had nobody for a member, from its row: in words for a coordinator, and in those for the member."""

from typing import Any

from matcher.models import LeftAlone
from matcher.pairing import Alone, Cause
from matcher.pairing.advice import told
from matcher.runs import SET_FREE
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


def told_to_member(row: LeftAlone) -> list[Any]:
    """What the member reads of it: that it is about hours and numbers, and the one thing that could have helped.

    Never a count of others. That one thing is as the row holds it, also where it cannot be read.
    """
    return [NOBODY_FOR_YOU, *([row.could_help] if row.could_help else [])]
