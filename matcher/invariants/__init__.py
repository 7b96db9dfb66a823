"""What must be true of the rows at any time, asked by queries of their own.

They distrust the domain: nothing in here imports what writes these rows, so that both cannot be wrong alike. The
numbers are those of the promises; each invariant is a function that yields a sentence for each row that breaks it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.errors import KeyFileError
from matcher.invariants.dates import dates_within
from matcher.invariants.erasure import erased_for_good
from matcher.invariants.mail import messages_in_order, notices_once
from matcher.invariants.pairs import pairs_allowed, pairs_apart
from matcher.invariants.past import pairs_new
from matcher.invariants.places import one_place_each
from matcher.invariants.runs import runs_add_up
from matcher.invariants.storage import storage_sound
from matcher.invariants.trail import acts_once, one_event_each

Look = Callable[[Session, datetime], Iterator[str]]

INVARIANTS: dict[str, Look] = {
    "I1": one_place_each,
    "I2": pairs_apart,
    "I3": pairs_new,
    "I4": pairs_allowed,
    "I5": acts_once,
    "I6": one_event_each,
    "I7": messages_in_order,
    "I8": runs_add_up,
    "I9": dates_within,
    "I10": notices_once,
    "I11": erased_for_good,
    "I12": storage_sound,
}


def broken(session: Session, now: datetime) -> list[str]:
    """Everything that is not as it must be, a sentence each, naming rows by their public ids; empty when all is well.

    It reads the rows of one database a few times over. Give it a session in which they stand still (``reading``).
    """
    return [f"{name}: {each}" for name, look in INVARIANTS.items() for each in _sentences(look, session, now)]


def _sentences(look: Look, session: Session, now: datetime) -> Iterator[str]:
    try:
        yield from look(session, now)
    except KeyFileError as problem:  # what cannot be opened cannot be looked at, which is worth a sentence itself
        yield str(problem)
