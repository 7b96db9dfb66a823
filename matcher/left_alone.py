"""Why the night had nobody for a member, from its row, in the words a coordinator reads."""

from matcher.models import LeftAlone
from matcher.pairing import Alone, Cause
from matcher.pairing.advice import told
from matcher.runs import SET_FREE
from matcher.vocabulary import Barrier


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
